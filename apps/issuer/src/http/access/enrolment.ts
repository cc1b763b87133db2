import { Enrolment, EnrolmentLink, EnrolmentToken, NewDevice, RouteName, ref, writeTime } from "@doorproof/api";
import { renderLinkQr } from "@doorproof/customer-page";
import { toHex } from "@doorproof/voucher/codec";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { type AccessDeps, enrolDevice, makeEnrolment } from "../../domain/access/index.ts";
import { actorOf, needs } from "../frame/access.ts";
import { CACHE_CONTROL, json, OPEN } from "../frame/answers.ts";
import { bodyMayBeAbsent, present } from "../frame/body.ts";
import { problems } from "../frame/problem.ts";

/** For the back office. */
export const enrolmentLinkRoutes: FastifyPluginAsyncTypebox<{ deps: AccessDeps }> = async (app, { deps }) => {
  const enrol = {
    operationId: "makeEnrolment",
    summary: "Make the link that enrols a driver's phone for a route",
    description:
      "It works once, for 15 minutes, and replaces the route's earlier link. A route has one device: the next one replaces the former, which may upload for seven days what it recorded until then.",
    tags: ["Routes"],
    security: [needs("devices")],
    params: Type.Object({ route: RouteName }),
    "x-body": "optional",
    body: ref(NewDevice),
    response: {
      201: json(EnrolmentLink, "Made"),
      ...problems(400, 401, 403, 413, 415, 422, 429, 500, 503, 507),
    },
  };
  app.post("/v1/routes/:route/devices", { schema: enrol, preValidation: bodyMayBeAbsent }, async (request, reply) => {
    const route = { name: request.params.route, ...present({ country: request.body.country }) };
    const { link, expiresAt, replaces } = await makeEnrolment(deps, route, actorOf(request));
    reply.code(201);
    return { link, qr: renderLinkQr(link), expiresAt: writeTime(expiresAt), replaces } satisfies EnrolmentLink;
  });
};

/**
 * Against load: a token of 128 bits cannot be guessed. A depot may enrol its whole fleet from one address in a morning.
 */
const LIMIT = { max: 120, timeWindow: 60_000 };

const tags = ["Devices"];

/** Open to whoever holds a link. Only this POST uses its token up; opening the link does not. */
export const enrolmentRoutes: FastifyPluginAsyncTypebox<{ deps: AccessDeps }> = async (app, { deps }) => {
  const enrol = {
    operationId: "enrol",
    summary: "Exchange an enrolment link's token for a device token, once",
    description:
      "A GET of the link spends nothing. The former device of the route is replaced at that instant: for seven days it may still upload what it recorded before, and do nothing else.",
    tags,
    security: OPEN,
    body: ref(EnrolmentToken),
    response: {
      201: json(Enrolment, "Enrolled", CACHE_CONTROL),
      ...problems(400, 410, 413, 415, 429, 500, 503, 507),
    },
  };
  app.post("/v1/enrolments", { schema: enrol, config: { rateLimit: LIMIT } }, async ({ body }, reply) => {
    const { roots, now, ...rest } = await enrolDevice(deps, body.token);
    reply.code(201).header("cache-control", "no-store");
    return { ...rest, roots: roots.map(toHex), now: writeTime(now) } satisfies Enrolment;
  });
};
