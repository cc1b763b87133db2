import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { checkApiKey, type Scope } from "../domain/api-keys.ts";
import type { Actor, Parts } from "../domain/ports.ts";
import { HttpProblem } from "./problem.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by {@link requireScope}; read by {@link actorOf}. */
    actor: Actor | null;
  }
}

/** Wrong keys an address may show in a minute. 256 bits are not guessed: this is against load, so a right key passes all the same. */
const WRONG_KEYS_A_MINUTE = 20;

/**
 * Closes a scope: every route registered in it, now and later, answers nobody without an API key of that scope. Nothing compares URLs,
 * so no spelling of a URL gets around it. It runs before the body is read.
 */
export function requireScope(app: FastifyInstance, { parts, scope }: { parts: Parts; scope: Scope }): void {
  const countWrongKeys = app.createRateLimit({ max: WRONG_KEYS_A_MINUTE, timeWindow: 60_000 });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const token = readBearer(request);
    const key = token === null ? null : await checkApiKey(parts, token);
    if (key === null) {
      const wrong = token === null ? null : await countWrongKeys(request);
      if (wrong?.isAllowed === false && wrong.isExceeded) {
        reply.header("retry-after", wrong.ttlInSeconds);
        throw new HttpProblem("rate-limited", "too many wrong API keys from this address");
      }
      refuse(reply, token);
    }
    if (!key.scopes.includes(scope)) throw new HttpProblem("insufficient-scope", `this needs the scope ${scope}`);
    request.actor = { kind: "api-key", id: key.id };
  });
}

/** Who asks. @throws {Error} on a route outside every closed scope: a mistake of ours, answered with 500 and no effect */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Error("a route that needs an actor stands outside every closed scope");
  return request.actor;
}

// RFC 6750: the scheme in any case, one space, b64token.
function readBearer({ headers }: FastifyRequest): string | null {
  return /^Bearer ([A-Za-z0-9._~+/-]{1,200}=*)$/i.exec(headers.authorization ?? "")?.[1] ?? null;
}

function refuse(reply: FastifyReply, token: string | null): never {
  reply.header(
    "www-authenticate",
    token === null ? 'Bearer realm="doorproof"' : 'Bearer realm="doorproof", error="invalid_token"',
  );
  throw new HttpProblem(
    "unauthorized",
    "send Authorization: Bearer KEY; make one with: doorproof api-key create --scope vouchers,redeem",
  );
}
