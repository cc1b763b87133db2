import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { AuditRows } from "../../domain/audit/index.ts";
import { listEvents } from "../../domain/audit/index.ts";
import type { Deps } from "../../domain/ports.ts";
import { problems } from "../frame/problem.ts";

/** What the process knows of itself; kept by main. */
export interface Vitals {
  /** Being shut down: finish what is in hand, take nothing new. */
  closing: boolean;
}

const Readiness = Type.Object(
  {
    status: Type.Enum(["ready", "not-ready"]),
    checks: Type.Object({ database: Type.Boolean(), signingKey: Type.Boolean(), open: Type.Boolean() }),
  },
  { examples: [{ status: "ready", checks: { database: true, signingKey: true, open: true } }] },
);

const Liveness = Type.Object({ status: Type.Enum(["live"]) }, { examples: [{ status: "live" }] });

const tags = ["Operation"];

export const healthRoutes: FastifyPluginAsyncTypebox<{ deps: Deps<AuditRows>; vitals: Vitals }> = async (
  app,
  { deps, vitals },
) => {
  // Checks nothing on purpose: a database that is away is no reason to be restarted, and restarting all at once makes it worse.
  const live = {
    operationId: "livez",
    summary: "Is the process alive? If not: restart it",
    tags,
    response: {
      200: { description: "Alive", content: { "application/json": { schema: Liveness } } },
      ...problems(500),
    },
  };
  app.get("/livez", { schema: live }, async () => ({ status: "live" as const }));

  const ready = {
    operationId: "readyz",
    summary: "Can it serve? If not: send requests elsewhere",
    tags,
    response: {
      200: { description: "Ready", content: { "application/json": { schema: Readiness } } },
      503: { description: "Not ready, and why", content: { "application/json": { schema: Readiness } } },
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
