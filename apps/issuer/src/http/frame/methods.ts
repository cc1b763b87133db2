import type { FastifyInstance, HTTPMethods } from "fastify";
import { HttpProblem } from "./problem.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/**
 * A wrong method at a right address is 405 with what is allowed (RFC 9110 section 15.5.6); the router alone would say
 * 404. To be called before the routes; the returned function after them.
 */
export function answerOtherMethods(app: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method, schema }) => {
    // Only routes of the API: plugins that serve files answer other methods themselves.
    if (schema?.operationId === undefined) return;
    const methods = taken.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    taken.set(url, methods);
  });
  return () => {
    for (const [url, methods] of taken) {
      const method = METHODS.filter((name) => !methods.has(name));
      const allow = [...methods].join(", ");
      app.route({
        method,
        url,
        schema: { hide: true },
        handler: async (_request, reply) => {
          reply.header("allow", allow);
          throw new HttpProblem("method-not-allowed", `this address takes ${allow}`);
        },
      });
    }
  };
}
