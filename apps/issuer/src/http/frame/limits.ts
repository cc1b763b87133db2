import type { RateLimitOptions } from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { actorOf } from "./access.ts";

const MINUTE = 60_000;
/** Requests a minute: pages of a list, single changes, and changes of up to 500 things. */
const A_MINUTE = { list: 600, change: 3000, bulk: 300 } as const;

/**
 * For a route's `config`: so many requests a minute for each API key, far above what a back office needs, so that a
 * client that runs wild leaves something for the others. Counted in this process alone, since it is this process's time
 * that is shared out.
 */
export function perKey(kind: keyof typeof A_MINUTE): { readonly rateLimit: RateLimitOptions } {
  const keyGenerator: RateLimitOptions["keyGenerator"] = (request) => actorOf(request).id;
  return { rateLimit: { max: A_MINUTE[kind], timeWindow: MINUTE, keyGenerator } };
}

/** Says of every route that is limited and registered on `app` from here on how much it takes, in its description. */
export function describeLimits(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    const { schema, config } = route;
    const { max, timeWindow, keyGenerator } = config?.rateLimit || {};
    if (schema?.operationId === undefined || typeof max !== "number" || timeWindow !== MINUTE) return;
    const whose = keyGenerator ? "API key" : "address";
    route.schema = {
      ...schema,
      description: `${schema.description} At most ${max} requests a minute for each ${whose}.`,
    };
  });
}
