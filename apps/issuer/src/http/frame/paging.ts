import type { FastifyRequest } from "fastify";
import Type, { type TProperties } from "typebox";
import { HttpProblem } from "./problem.ts";

const DEFAULT_LIMIT = 20;

/**
 * The query of a list route: its filters, `limit` and `after`. A body is never coerced, since `"1"` for 1 hides a client's mistake; a query
 * has nothing but text, so its one number is read by {@link readLimit} before the schema looks.
 */
export function pageQuery<Filters extends TProperties>(filters: Filters) {
  return Type.Object(
    {
      ...filters,
      limit: Type.Integer({ minimum: 1, maximum: 100, default: DEFAULT_LIMIT, description: "At most so many" }),
      after: Type.Optional(
        Type.String({ maxLength: 64, description: "What follows this entry: the last one's cursor" }),
      ),
    },
    { additionalProperties: false },
  );
}

/** `preValidation` of list routes. Anything but plain digits stays text, and the schema refuses it. */
export async function readLimit(request: FastifyRequest): Promise<void> {
  const { query } = request;
  if (typeof query !== "object" || query === null || !("limit" in query)) return;
  if (typeof query.limit === "string" && /^[0-9]{1,6}$/.test(query.limit)) query.limit = Number(query.limit);
}

/** The cursor of lists that are numbered. */
export function readCursor(after: string | undefined): { after?: number } {
  if (after === undefined) return {};
  if (!/^[0-9]{1,15}$/.test(after)) {
    throw new HttpProblem("invalid-request", "after is the cursor of an entry", [
      { pointer: "/after", code: "wrong-format", detail: "is the cursor of an entry" },
    ]);
  }
  return { after: Number(after) };
}
