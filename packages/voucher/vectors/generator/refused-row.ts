import type { QuestionData } from "../schema.ts";

/** `expect` is a code, or `malformed` and its step. */
export interface Row {
  name: string;
  text: string;
  expect: string;
  question?: Partial<QuestionData>;
}
