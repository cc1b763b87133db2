import type { Scope } from "@doorproof/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AccessDeps } from "../../domain/access/index.ts";
import { checkApiKey, checkDevice } from "../../domain/access/index.ts";
import type { Actor } from "../../domain/ports.ts";
import { CACHE_CONTROL, describeHeaders } from "./answers.ts";
import { HttpProblem } from "./problem.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by {@link requireScope} or {@link requireDevice}; read by {@link actorOf}. */
    actor: Actor | null;
  }
}

/**
 * Wrong tokens an address may show in a minute. Against load, since 256 bits cannot be guessed; a right token is let in
 * all the same.
 */
const WRONG_TOKENS_A_MINUTE = 20;

/**
 * Closes a scope: every route registered in it, now and later, answers nobody without an API key of that scope. Nothing
 * compares URLs, so no spelling of a URL gets around it. It runs before the body is read.
 *
 * @param orDevice a driver's device may as well, with its token
 */
export function requireScope(
  app: FastifyInstance,
  { deps, scope, orDevice = false }: { deps: AccessDeps; scope: Scope; orDevice?: boolean },
): void {
  close(app, {
    advice: "send Authorization: Bearer KEY; make one with: doorproof api-key create --scope vouchers,redeem",
    async identify(token) {
      const device = orDevice ? await checkDevice(deps, token) : null;
      if (device) return { kind: "device", id: device.id };
      const key = await checkApiKey(deps, token);
      if (key && !key.scopes.includes(scope))
        throw new HttpProblem("insufficient-scope", `this needs the scope ${scope}`);
      return key && { kind: "api-key", id: key.id };
    },
  });
}

/** Closes a scope to all but drivers' devices. */
export function requireDevice(app: FastifyInstance, { deps }: { deps: AccessDeps }): void {
  close(app, {
    advice: "send Authorization: Bearer TOKEN of an enrolled device; enrol one with: doorproof device enrol ROUTE",
    async identify(token) {
      const device = await checkDevice(deps, token);
      return device && { kind: "device", id: device.id };
    },
  });
}

interface Lock {
  /** @returns null: no token of ours */
  readonly identify: (token: string) => Promise<Actor | null>;
  readonly advice: string;
}

function close(app: FastifyInstance, { identify, advice }: Lock): void {
  const countWrongTokens = app.createRateLimit({ max: WRONG_TOKENS_A_MINUTE, timeWindow: 60_000 });
  describeHeaders(app, () => CACHE_CONTROL);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const token = readBearer(request);
    const actor = token === null ? null : await identify(token);
    if (actor === null) {
      const wrong = token === null ? null : await countWrongTokens(request);
      if (wrong?.isAllowed === false && wrong.isExceeded) {
        reply.header("retry-after", wrong.ttlInSeconds);
        throw new HttpProblem("rate-limited", "too many wrong tokens from this address");
      }
      refuse(reply, { token, advice });
    }
    request.actor = actor;
  });
}

/** Who asks. @throws {Error} the route is in no closed scope: a bug, answered with 500 before anything was done */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Error("a route that needs an actor stands outside every closed scope");
  return request.actor;
}

// RFC 6750: the scheme in any case, one space, b64token.
function readBearer({ headers }: FastifyRequest): string | null {
  return /^Bearer ([A-Za-z0-9._~+/-]{1,200}=*)$/i.exec(headers.authorization ?? "")?.[1] ?? null;
}

function refuse(reply: FastifyReply, { token, advice }: { token: string | null; advice: string }): never {
  reply.header(
    "www-authenticate",
    token === null ? 'Bearer realm="doorproof"' : 'Bearer realm="doorproof", error="invalid_token"',
  );
  throw new HttpProblem("unauthorized", advice);
}
