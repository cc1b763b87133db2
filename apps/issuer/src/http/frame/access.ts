import { PERMISSIONS, type Permission } from "@doorproof/api";
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from "fastify";
import type { AccessDeps } from "../../domain/access/index.ts";
import { checkApiKey, checkDevice, checkReportingDevice, noteKeyUse } from "../../domain/access/index.ts";
import type { Actor } from "../../domain/ports.ts";
import { CACHE_CONTROL, describeHeaders } from "./answers.ts";
import { HttpProblem } from "./problem.ts";
import { logRefusedAccess } from "./refused-access.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by {@link requirePermission} or {@link requireDevice}; read by {@link actorOf}. */
    actor: Actor | null;
  }
}

/**
 * Wrong tokens an address may show in a minute. Against load, since 256 bits cannot be guessed; a right token is let in
 * all the same.
 */
const WRONG_TOKENS_A_MINUTE = 20;

/** For a route's `security`, where an API key of this permission may. */
export function needs(permission: Permission): { readonly apiKey: readonly [Permission] } {
  return { apiKey: [permission] };
}

/**
 * Closes a room of routes: each one that is registered in it, now and later, answers nobody but API keys of the permission
 * that its own `security` states, and drivers' devices where it states those, for seven days after their token has ended
 * too. So what openapi.json tells is what is asked for, and a route that states nothing does not start. Nothing compares
 * URLs, so no spelling of a URL gets around it. It runs before the body is read.
 */
export function requirePermission(app: FastifyInstance, { deps }: { deps: AccessDeps }): void {
  app.addHook("onRoute", ({ schema, url }) => {
    if (permissionsOf(schema).length === 0) throw new Error(`${url} states no permission`);
  });
  close(app, {
    advice:
      "send Authorization: Bearer KEY, of a key that is neither expired nor revoked; make one with: doorproof api-key create",
    async identify(token, request) {
      const { log, routeOptions } = request;
      const { schema } = routeOptions;
      const device = stated(schema).some((one) => "deviceToken" in one)
        ? await checkReportingDevice(deps, token)
        : null;
      if (device) return { kind: "device", id: device.id };
      const key = await checkApiKey(deps, token);
      if (key === null) return null;
      const actor = { kind: "api-key", id: key.id, courier: key.courier } as const;
      const missing = permissionsOf(schema).filter((permission) => !key.permissions.includes(permission));
      if (missing.length > 0) {
        // Known, if not allowed: the log says whose key it was.
        request.actor = actor;
        throw new HttpProblem("insufficient-scope", `this needs the permission ${missing.join(" and ")}`);
      }
      // A disk that is full is no reason to refuse what only reads.
      await noteKeyUse(deps, key).catch((err: unknown) => log.warn({ err }, "an API key's use was not noted"));
      return actor;
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
  readonly identify: (token: string, request: FastifyRequest) => Promise<Actor | null>;
  readonly advice: string;
}

function close(app: FastifyInstance, { identify, advice }: Lock): void {
  const countWrongTokens = app.createRateLimit({ max: WRONG_TOKENS_A_MINUTE, timeWindow: 60_000 });
  describeHeaders(app, () => CACHE_CONTROL);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const token = readBearer(request);
    const actor = token === null ? null : await identify(token, request);
    if (actor === null) {
      const wrong = token === null ? null : await countWrongTokens(request);
      if (wrong?.isAllowed === false && wrong.isExceeded) {
        reply.header("retry-after", wrong.ttlInSeconds);
        logRefusedAccess(request, "unauthorized");
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

function permissionsOf(schema: FastifySchema | undefined): readonly Permission[] {
  const named = stated(schema).flatMap(({ apiKey = [] }) => apiKey);
  return PERMISSIONS.filter((permission) => named.includes(permission));
}

function stated(schema: FastifySchema | undefined): readonly Readonly<Record<string, readonly string[]>>[] {
  return schema?.security ?? [];
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
