import { writeTime } from "@doorproof/api/time";
import { renderLinkQr } from "@doorproof/customer-page";
import { toHex } from "@doorproof/voucher/codec";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { type AccessDeps, enrolDevice, makeEnrolment } from "../../domain/access/index.ts";
import { actorOf } from "../frame/access.ts";
import { bodyMayBeAbsent, present } from "../frame/body.ts";
import { Country, RouteName } from "../frame/fields.ts";
import { problems } from "../frame/problem.ts";
import { Time } from "../frame/time.ts";

const NewDevice = Type.Object({ country: Type.Optional(Country) }, { additionalProperties: false });

const Link = Type.Object(
  {
    link: Type.String({
      format: "uri",
      description: "Enrols one device, once: it goes to the driver's phone and nowhere else",
    }),
    qr: Type.String({ description: "The link as an SVG, for the dispatcher's screen" }),
    expiresAt: Time,
    replaces: Type.Union([Type.String(), Type.Null()], { description: "The device that the new one will replace" }),
  },
  {
    examples: [
      {
        link: "http://localhost:8080/driver/#gk3Tt0m1mDkq7b9vWn2xQA",
        qr: '<svg xmlns="http://www.w3.org/2000/svg" …',
        expiresAt: "2026-12-01T06:15:00Z",
        replaces: null,
      },
    ],
  },
);

/** For the back office. */
export const enrolmentLinkRoutes: FastifyPluginAsyncTypebox<{ deps: AccessDeps }> = async (app, { deps }) => {
  const enrol = {
    operationId: "makeEnrolment",
    summary: "Make the link that enrols a driver's phone for a route",
    description:
      "It works once, for 15 minutes, and replaces the route's earlier link. A route has one device: the next one revokes the former.",
    tags: ["Routes"],
    security: [{ apiKey: [] }],
    params: RouteName,
    body: NewDevice,
    response: {
      201: { description: "Made", content: { "application/json": { schema: Link } } },
      ...problems(400, 401, 403, 413, 415, 422, 429, 500),
    },
  };
  app.post("/v1/routes/:route/devices", { schema: enrol, preValidation: bodyMayBeAbsent }, async (request, reply) => {
    const route = { name: request.params.route, ...present({ country: request.body.country }) };
    const { link, expiresAt, replaces } = await makeEnrolment(deps, route, actorOf(request));
    reply.code(201);
    return { link, qr: renderLinkQr(link), expiresAt: writeTime(expiresAt), replaces };
  });
};

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
export const enrolmentRoutes: FastifyPluginAsyncTypebox<{ deps: AccessDeps }> = async (app, { deps }) => {
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
    return { ...rest, roots: roots.map(toHex), now: writeTime(now) };
  });
};
