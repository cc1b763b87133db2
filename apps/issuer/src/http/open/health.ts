import { Liveness, Readiness } from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type AuditRows, listEvents } from "../../domain/audit/index.ts";
import type { Deps } from "../../domain/ports.ts";
import { CACHE_CONTROL, json, OPEN } from "../frame/answers.ts";
import { problems } from "../frame/problem.ts";

/** State of the process, kept by whoever starts and stops it. */
export interface Vitals {
  /** The process is shutting down and takes nothing new. */
  closing: boolean;
}

const tags = ["Operation"];

export const healthRoutes: FastifyPluginAsyncTypebox<{ deps: Deps<AuditRows>; vitals: Vitals }> = async (
  app,
  { deps, vitals },
) => {
  // Checks nothing on purpose: restarting does not bring a database back, and restarting all processes at once makes it
  // worse.
  const live = {
    operationId: "livez",
    summary: "Is the process alive? If not: restart it",
    description: "Checks nothing else: a database that is away is no reason to be restarted.",
    tags,
    security: OPEN,
    response: {
      200: json(Liveness, "Alive"),
      ...problems(500),
    },
  };
  app.get("/livez", { schema: live }, async () => ({ status: "live" }) satisfies Liveness);

  const ready = {
    operationId: "readyz",
    summary: "Can it serve? If not: send requests elsewhere",
    description: "The database answers, a key signs today, and the process is not being shut down.",
    tags,
    security: OPEN,
    response: {
      200: json(Readiness, "Ready", CACHE_CONTROL),
      503: json(Readiness, "Not ready, and why", CACHE_CONTROL),
      ...problems(500),
    },
  };
  app.get("/readyz", { schema: ready }, async (_request, reply) => {
    const now = deps.now();
    const checks = {
      database: await holds(() => listEvents(deps, { limit: 1 })),
      signingKey: await holds(async () => deps.keyring.voucherKey({ now, expiresAt: now })),
      open: !vitals.closing,
    };
    const isReady = Object.values(checks).every(Boolean);
    return reply
      .code(isReady ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ status: isReady ? ("ready" as const) : ("not-ready" as const), checks });
  });
};

async function holds(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
}
