import type { RefusedCase } from "../schema.ts";
import { NOW } from "./given.ts";
import { judged } from "./refused-judged.ts";
import { keys } from "./refused-keys.ts";
import { payloads } from "./refused-payloads.ts";
import type { Row } from "./refused-row.ts";
import { signatures } from "./refused-signatures.ts";
import { texts } from "./refused-texts.ts";

export function refusedCases(): RefusedCase[] {
  const { text, length } = texts();
  const steps: readonly (readonly Row[])[] = [text, length, keys(), signatures(), payloads(), judged()];
  return steps.flatMap((rows, i) =>
    rows.map(({ name, text, expect, question }) => {
      const [code = "", step] = expect.split(": ");
      return {
        name,
        text,
        question: { now: NOW, delivery: "RR123456785DE", keys: "jwks", ...question },
        reading: i + 1,
        expect: step === undefined ? { code } : { code, step },
      };
    }),
  );
}
