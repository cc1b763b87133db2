import type { FastifyRequest } from "fastify";
import { HttpProblem } from "./problem.ts";

/**
 * `preValidation` of list routes. A body is never coerced, since `"1"` for 1 hides a client's mistake; a query has
 * nothing but text, so its one number is read before the schema looks. Anything but plain digits stays text, and the
 * schema refuses it.
 */
export async function readLimit(request: FastifyRequest): Promise<void> {
  const { query } = request;
  if (typeof query !== "object" || query === null || !("limit" in query)) return;
  if (typeof query.limit === "string" && /^[0-9]{1,6}$/.test(query.limit)) query.limit = Number(query.limit);
}

/** The cursor of numbered lists. */
export function readCursor(after: string | undefined): { after?: number } {
  if (after === undefined) return {};
  if (!/^[0-9]{1,15}$/.test(after)) {
    throw new HttpProblem("invalid-request", "after is the cursor of an entry", [
      { pointer: "/after", code: "wrong-format", detail: "is the cursor of an entry" },
    ]);
  }
  return { after: Number(after) };
}
