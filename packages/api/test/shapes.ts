import type { TSchema } from "typebox";
import Format from "typebox/format";
import { Check } from "typebox/value";
import * as api from "../src/index.ts";
import { isTime } from "../src/time.ts";

Format.Set("date-time", isTime);

/** Every schema that has a name and is exported, by its name. */
export const shapes: Readonly<Record<string, TSchema>> = Object.fromEntries(
  Object.values(api).flatMap((value) => (isNamed(value) ? [[value.$id, value]] : [])),
);

/** As the issuer's own validator judges, references followed. */
export function accepts(schema: TSchema, value: unknown): boolean {
  return Check({ ...shapes }, schema, value);
}

function isNamed(value: unknown): value is TSchema & { $id: string } {
  return typeof value === "object" && value !== null && "$id" in value && typeof value.$id === "string";
}
