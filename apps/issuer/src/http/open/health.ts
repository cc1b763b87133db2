import { Liveness, Readiness } from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger } from "fastify";
import type { Surroundings } from "../../domain/ports.ts";
import { CACHE_CONTROL, json, OPEN } from "../frame/answers.ts";
import { problems } from "../frame/problem.ts";

/** State of the process, kept by whoever starts and stops it. */
export interface Vitals {
  /** The process is shutting down and takes nothing new. */
  closing: boolean;
}

/** What the database is asked here. */
interface Disk {
  proveWrite(): Promise<void>;
}

const tags = ["Operation"];

export const healthRoutes: FastifyPluginAsyncTypebox<{
  deps: Pick<Surroundings, "now" | "keyring" | "clock"> & { readonly store: Disk };
  vitals: Vitals;
  messages: Readiness["messages"];
}> = async (app, { deps, vitals, messages }) => {
  const prove = onceASecond(deps);

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
      ...problems(400, 500),
    },
  };
  app.get("/livez", { schema: live }, async () => ({ status: "live" }) satisfies Liveness);

  const ready = {
    operationId: "readyz",
    summary: "Can it serve? If not: send requests elsewhere",
    description:
      "The database takes a write, a key signs today, the clock is believed, and the process is not being shut down.",
    tags,
    security: OPEN,
    response: {
      200: json(Readiness, "Ready", CACHE_CONTROL),
      503: json(Readiness, "Not ready, and why", CACHE_CONTROL),
      ...problems(400, 500),
    },
  };
  app.get("/readyz", { schema: ready }, async (request, reply) => {
    const now = deps.now();
    const checks = {
      database: await holds(prove, request.log),
      signingKey: await holds(async () => deps.keyring.voucherKey({ now, expiresAt: now }), request.log),
      clock: deps.clock.doubt() === null,
      open: !vitals.closing,
    };
    const isReady = Object.values(checks).every(Boolean);
    return reply
      .code(isReady ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ status: isReady ? ("ready" as const) : ("not-ready" as const), checks, messages });
  });
};

/**
 * Reading alone is no proof: with a full disk every read works and every write fails. Anybody may ask, so a proof holds
 * for a second: or strangers would wear out the disk.
 */
function onceASecond(deps: { readonly store: Disk; readonly now: () => number }): () => Promise<void> {
  let last: { readonly at: number; readonly proof: Promise<void> } | undefined;
  return () => {
    const at = deps.now();
    if (last?.at !== at) last = { at, proof: deps.store.proveWrite() };
    return last.proof;
  };
}

// Whoever is woken by this finds the cause in the log: the answer, which everybody sees, tells none.
async function holds(check: () => Promise<unknown>, log: FastifyBaseLogger): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    log.error({ err: error }, "not ready");
    return false;
  }
}
