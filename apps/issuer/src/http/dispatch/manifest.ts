import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { enrolDevice } from "../../domain/access/enrol.ts";
import { fetchManifest } from "../../domain/dispatch/manifest.ts";
import type { Deps } from "../../domain/ports.ts";
import { actorOf } from "../frame/access.ts";
import { problems } from "../frame/problem.ts";
import { Time, writeTime } from "../frame/time.ts";

/** 128 bits are not guessed: this is against load. A depot enrols its whole fleet from one address, in the morning. */
const LIMIT = { max: 120, timeWindow: 60_000 };

const Exchange = Type.Object(
  { token: Type.String({ maxLength: 100, description: "What stands behind the # of the enrolment link" }) },
  { additionalProperties: false, examples: [{ token: "gk3Tt0m1mDkq7b9vWn2xQA" }] },
);

const Enrolment = Type.Object(
  {
    deviceToken: Type.String({ description: "Shown this once. It opens and signs nothing, and can be revoked" }),
    deviceId: Type.String({ description: "Names the device in reports" }),
    issuer: Type.String(),
    route: Type.String(),
    country: Type.String({ description: "Calling code of numbers without +" }),
    roots: Type.Array(Type.String({ pattern: "^[0-9a-f]{64}$" }), { description: "Root keys to pin, in hex" }),
    now: Time,
  },
  {
    examples: [
      {
        deviceToken: "dpd_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        deviceId: "9f86d081884c7d65",
        issuer: "Parcel Co",
        route: "north-1",
        country: "44",
        roots: ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"],
        now: "2026-12-01T06:02:00Z",
      },
    ],
  },
);

const tags = ["Devices"];

/** Open to whoever holds a link. A GET of the link burns nothing: its token is spent by this POST alone. */
export const enrolmentRoutes: FastifyPluginAsyncTypebox<{ deps: Deps }> = async (app, { deps }) => {
  const enrol = {
    operationId: "enrol",
    summary: "Exchange an enrolment link's token for a device token, once",
    tags,
    body: Exchange,
    response: {
      201: { description: "Enrolled", content: { "application/json": { schema: Enrolment } } },
      ...problems(400, 410, 413, 415, 429, 500),
    },
  };
  app.post("/v1/enrolments", { schema: enrol, config: { rateLimit: LIMIT } }, async ({ body }, reply) => {
    const { roots, now, ...rest } = await enrolDevice(deps, body.token);
    reply.code(201).header("cache-control", "no-store");
    return { ...rest, roots: roots.map((root) => Buffer.from(root).toString("hex")), now: writeTime(now) };
  });
};

/** For drivers' devices. */
export const manifestRoutes: FastifyPluginAsyncTypebox<{ deps: Deps }> = async (app, { deps }) => {
  const fetch = {
    operationId: "getManifest",
    summary: "The route's sealed stops, signed",
    description:
      "The ETag names the version. A device that sends it back says that it has this version: what is not in it may then go to another route.",
    tags,
    security: [{ deviceToken: [] }],
    params: Type.Object({ route: Type.String({ examples: ["north-1"] }) }),
    response: {
      200: {
        description: "The document",
        content: {
          "application/cose": { schema: Type.Unsafe<string | Uint8Array>({ type: "string", format: "binary" }) },
        },
      },
      304: { description: "You have it: If-None-Match named it", type: "null" },
      ...problems(401, 403, 429, 500, 503),
    },
  };
  app.get("/v1/manifests/:route", { schema: fetch }, async (request, reply) => {
    const has = readVersions(request.headers["if-none-match"]);
    const { version, document } = await fetchManifest(deps, {
      deviceId: actorOf(request).id,
      route: request.params.route,
      has,
    });
    reply.header("etag", `"${version}"`);
    if (document === null) return reply.code(304).send();
    return reply.type("application/cose").send(Buffer.from(document));
  });
};

// RFC 9110 section 13.1.2, but for the star: that says nothing of what a device has.
function readVersions(header: string | undefined): number[] {
  return (header ?? "").split(",").flatMap((tag) => {
    const [, version] = /^(?:W\/)?"([0-9]{1,10})"$/.exec(tag.trim()) ?? [];
    return version === undefined ? [] : [Number(version)];
  });
}
