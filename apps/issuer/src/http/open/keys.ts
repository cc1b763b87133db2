import { createHash } from "node:crypto";
import { Jwks } from "@doorproof/api";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { answer, CACHE_CONTROL, ETAG, OPEN } from "../frame/answers.ts";
import { problems } from "../frame/problem.ts";

/** What the issuer publishes, as bytes; read anew for each request, so that a rotation needs no restart. */
export interface Published {
  jwks(): Promise<Uint8Array>;
  coseKeys(): Promise<Uint8Array>;
  keyList(): Promise<Uint8Array>;
  revocations(): Promise<Uint8Array>;
}

interface Kind {
  readonly type: string;
  readonly cache: string;
  readonly read: () => Promise<Uint8Array>;
}

const HOUR = 3600;
const WEEK = 7 * 24 * HOUR;

/**
 * Keys may be cached for an hour, and for a week if the issuer cannot be reached: an old key set is better than none.
 */
const KEYS_CACHE = `public, max-age=${HOUR}, stale-if-error=${WEEK}`;
/** Asked for each time, so that no revocation is missed; mostly answered with 304. */
const REVOCATIONS_CACHE = "public, no-cache";

const DESCRIPTION = "Public, from any origin. Ask with If-None-Match: mostly the answer is 304.";

const PUBLISHED = {
  ...CACHE_CONTROL,
  ...ETAG,
  "access-control-allow-origin": Type.Literal("*", { description: "A browser of any origin may read it" }),
  "access-control-expose-headers": Type.String({ description: "Headers that a browser of another origin may read" }),
  "cross-origin-resource-policy": Type.Literal("cross-origin", { description: "A page of any origin may load it" }),
};

const LIMIT = { max: 600, timeWindow: 60_000 };

/** Public keys and revocations, for anyone: none of this is secret, and a browser of another origin may read it. */
export const keyRoutes: FastifyPluginAsync<{ published: Published }> = async (app, { published }) => {
  const jwks = { type: "application/jwk-set+json", cache: KEYS_CACHE, read: () => published.jwks() };
  const coseKeys = { type: "application/cose-key-set", cache: KEYS_CACHE, read: () => published.coseKeys() };
  const keyList = { type: "application/cose", cache: KEYS_CACHE, read: () => published.keyList() };
  const revocations = { type: "application/cose", cache: REVOCATIONS_CACHE, read: () => published.revocations() };

  app.get("/.well-known/jwks.json", route("getJwks", "The vouchers' public keys as JWKS (RFC 7517)", jwks), (...call) =>
    send(jwks, ...call),
  );
  app.get("/v1/keys.cbor", route("getCoseKeys", "The same as COSE_KeySet (RFC 9052)", coseKeys), (...call) =>
    send(coseKeys, ...call),
  );
  app.get("/v1/keys", route("getKeyList", "The key list, signed by the root", keyList), (...call) =>
    send(keyList, ...call),
  );
  app.get("/v1/revocations", route("getRevocations", "The revocation list, signed", revocations, 503), (...call) =>
    send(revocations, ...call),
  );
};

function route(operationId: string, summary: string, { type }: Kind, ...more: readonly number[]) {
  const shape = type.endsWith("json") ? Type.Ref(Jwks.$id) : Type.String({ format: "binary" });
  const response = {
    200: answer(type, shape, { description: "The document", headers: PUBLISHED }),
    304: { description: "You have it: If-None-Match named it", headers: PUBLISHED, type: "null" },
    ...problems(400, 429, 500, ...more),
  };
  return {
    schema: { operationId, summary, description: DESCRIPTION, tags: ["Keys"], security: OPEN, response },
    config: { rateLimit: LIMIT },
  };
}

async function send({ type, cache, read }: Kind, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const bytes = await read();
  const etag = `"${createHash("sha256").update(bytes).digest("base64url")}"`;
  reply
    .header("access-control-allow-origin", "*")
    .header("access-control-expose-headers", "ETag")
    .header("cross-origin-resource-policy", "cross-origin")
    .header("cache-control", cache)
    .header("etag", etag);
  if (names(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.type(type).send(Buffer.from(bytes));
}

// RFC 9110 section 13.1.2: a list or a star; weak tags count too.
function names(header: string | undefined, etag: string): boolean {
  return header?.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag) ?? false;
}
