import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import Type from "typebox";
import type { AuditRows } from "../../domain/audit/index.ts";
import { countEvents } from "../../domain/audit/index.ts";
import { type MessageRows, queueAge } from "../../domain/messages/index.ts";
import type { Deps } from "../../domain/ports.ts";
import { needs } from "../frame/access.ts";
import { answer } from "../frame/answers.ts";
import { problems } from "../frame/problem.ts";

/**
 * Prometheus text. Events are counted in the database and not in this process, so that imports and other processes are
 * counted too.
 */
export const metricsRoutes: FastifyPluginAsyncTypebox<{
  deps: Deps<AuditRows & MessageRows>;
  registry: Registry;
}> = async (app, { deps, registry }) => {
  const events = new Counter({
    name: "doorproof_events_total",
    help: "Events in the audit trail by kind: voucher-issued, sms-sent, redemption-accepted and so on",
    labelNames: ["kind"],
    registers: [registry],
  });
  const oldest = new Gauge({
    name: "doorproof_sms_queue_age_seconds",
    help: "How long the oldest due message has waited",
    registers: [registry],
  });
  const schema = {
    operationId: "metrics",
    summary: "Metrics for Prometheus; away from localhost with an API key of this permission",
    description: "Everything that happened, from the database and not since the last start, so that imports are in it.",
    tags: ["Operation"],
    security: [needs("metrics"), {}],
    response: {
      200: answer("text/plain", Type.String(), { description: "Prometheus text" }),
      ...problems(400, 401, 403, 429, 500),
    },
  };
  app.get("/metrics", { schema }, async (_request, reply) => {
    events.reset();
    for (const { kind, count } of await countEvents(deps)) events.inc({ kind }, count);
    oldest.set(await queueAge(deps));
    return reply.type(registry.contentType).send(await registry.metrics());
  });
};

/**
 * Times every request of `app` under its route's template: addresses hold tokens, and each address would be a series of
 * its own.
 */
export function measureRequests(app: FastifyInstance): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "doorproof_http_request_seconds",
    help: "Requests by route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2],
    registers: [registry],
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    seconds.observe({ method, route: routeOptions.url ?? "none", status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  return registry;
}
