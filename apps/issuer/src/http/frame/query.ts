import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { unknownField } from "./faults.ts";
import { HttpProblem } from "./problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Why a route takes whatever stands behind the `?` of its address; others take only what they describe. */
    readonly anyQuery?: "opened-by-people";
  }
}

/** Told of one request, at most: an address may hold thousands. */
const MAX_TOLD = 20;
const UNKNOWN = "is not a parameter of this route";

/**
 * Refuses what a route does not describe in its query, on every route of the API that is registered on `app` from here
 * on: who mistypes `?dryRun=true` must not issue a voucher. By a hook and not by each route's schema, since one whose
 * body is judged first would never come to its query.
 */
export function refuseUnknownQuery(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    if (route.schema?.operationId === undefined || route.config?.anyQuery !== undefined) return;
    const known = namesIn(route);
    const refuse = async ({ query }: FastifyRequest) => {
      const unknown = Object.keys(query ?? {}).filter((name) => !known.has(name));
      if (unknown.length === 0) return;
      const faults = unknown.slice(0, MAX_TOLD).map((name) => unknownField("", name, UNKNOWN));
      throw new HttpProblem("unknown-field", `${faults[0]?.pointer} ${UNKNOWN}`, faults);
    };
    route.preValidation = [refuse, ...[route.preValidation ?? []].flat()];
  });
}

function namesIn({ schema }: RouteOptions): ReadonlySet<string> {
  const query = schema?.querystring;
  if (typeof query !== "object" || query === null || !("properties" in query)) return new Set();
  return new Set(Object.keys(query.properties ?? {}));
}
