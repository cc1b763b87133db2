import { writeTime } from "@doorproof/api/time";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type, { type Static } from "typebox";
import type { Device, DispatchDeps, StopState } from "../../domain/dispatch/index.ts";
import { putStops, type Risk, showRoute } from "../../domain/dispatch/index.ts";
import { actorOf } from "../frame/access.ts";
import { present } from "../frame/body.ts";
import { Country, DeliveryId, RouteName } from "../frame/fields.ts";
import { problems } from "../frame/problem.ts";
import { Time } from "../frame/time.ts";

const Assignment = Type.Object(
  {
    stops: Type.Array(DeliveryId, {
      maxItems: 500,
      description: "All of the route's stops, in driving order: what is not among them leaves the route",
    }),
    country: Type.Optional(Country),
    force: Type.Optional(
      Type.Boolean({
        description:
          "true: do not wait until other routes' devices have let go of a stop. Two drivers may then accept it",
      }),
    ),
  },
  { additionalProperties: false, examples: [{ stops: ["RR123456785DE", "RR123456799DE"] }] },
);

const Stop = Type.Object(
  {
    deliveryId: Type.String(),
    state: Type.Enum(["on", "waiting", "sealing", "no-voucher", "delivered", "cancelled"], {
      description:
        "on the manifest; waiting for another route's device; sealing, for a second or two; no-voucher that lives: reissue it; delivered and cancelled ones are left out",
    }),
    waitsFor: Type.Optional(
      Type.String({ description: "The route whose device may still hold it, at the latest `until`" }),
    ),
    until: Type.Optional(Time),
  },
  { $id: "Stop" },
);

const Dispatched = Type.Object(
  {
    route: Type.String(),
    version: Type.Integer({ description: "Of the manifest that a device would fetch now" }),
    stops: Type.Array(Type.Ref("Stop")),
    risks: Type.Array(
      Type.Object({ deliveryId: Type.String(), route: Type.String(), until: Time, detail: Type.String() }),
      {
        description: "What was forced, and what may come of it",
      },
    ),
  },
  {
    examples: [
      {
        route: "north-1",
        version: 1_796_134_800,
        stops: [
          { deliveryId: "RR123456785DE", state: "on" },
          { deliveryId: "RR123456799DE", state: "waiting", waitsFor: "south-2", until: "2026-12-02T06:00:00Z" },
        ],
        risks: [],
      },
    ],
  },
);

const version = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

const Route = Type.Object({
  route: Type.String(),
  stops: Type.Array(Type.Ref("Stop")),
  device: Type.Union([
    Type.Object({
      id: Type.String(),
      enrolledAt: Time,
      lastSeenAt: Time,
      fetchedVersion: version("The manifest that went out to it last"),
      heldVersion: version("The latest manifest that it said it has"),
      gaps: Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer() }), {
        description: "Numbers of entries that it made and that never came",
      }),
    }),
    Type.Null(),
  ]),
  manifest: Type.Union([Type.Object({ version: Type.Integer(), expiresAt: Time }), Type.Null()]),
});

const tags = ["Routes"];
const security = [{ apiKey: [] }];

/** For the back office: which stops are on which route, and whose phone drives it. */
export const routeRoutes: FastifyPluginAsyncTypebox<{ deps: DispatchDeps }> = async (app, { deps }) => {
  app.addSchema(Stop);
  const put = {
    operationId: "putStops",
    summary: "Put stops on a route, or move them there from another",
    description:
      "The customer's QR stays as it is. A stop leaves before it arrives: this route's manifest carries it once the other route's device has said that it has a manifest without it, or that one is over, or it is forced.",
    tags,
    security,
    params: RouteName,
    body: Assignment,
    response: {
      200: { description: "Put", content: { "application/json": { schema: Dispatched } } },
      ...problems(400, 401, 403, 413, 415, 422, 429, 500, 503),
    },
  };
  // 500 delivery IDs of 64 characters.
  app.put("/v1/routes/:route/stops", { schema: put, bodyLimit: 64 * 1024 }, async (request) => {
    const { stops, country, force = false } = request.body;
    const assignment = { stops, force, ...present({ country }) };
    const done = await putStops(deps, request.params.route, assignment, actorOf(request));
    return { ...done, stops: done.stops.map(writeStop), risks: done.risks.map(writeRisk) };
  });

  const show = {
    operationId: "showRoute",
    summary: "Show a route: stops, device, manifest",
    tags,
    security,
    params: RouteName,
    response: {
      200: { description: "As it is now", content: { "application/json": { schema: Route } } },
      ...problems(401, 403, 404, 429, 500),
    },
  };
  app.get("/v1/routes/:route", { schema: show }, async ({ params }) => {
    const { route, stops, device, manifest } = await showRoute(deps, params.route);
    return {
      route,
      stops: stops.map(writeStop),
      device: device && writeDevice(device),
      manifest: manifest && { version: manifest.version, expiresAt: writeTime(manifest.expiresAt) },
    };
  });
};

function writeStop({ until, ...stop }: StopState): Static<typeof Stop> {
  return { ...stop, ...(until === undefined ? {} : { until: writeTime(until) }) };
}

function writeRisk({ deliveryId, route, until }: Risk): Static<typeof Dispatched>["risks"][number] {
  const end = writeTime(until);
  const detail = `until ${end} the device of ${route} may accept it too; the first report stands, the other becomes a conflict`;
  return { deliveryId, route, until: end, detail };
}

function writeDevice({
  id,
  enrolledAt,
  lastSeenAt,
  fetchedVersion,
  heldVersion,
  gaps,
}: Device): Static<typeof Route>["device"] {
  const times = { enrolledAt: writeTime(enrolledAt), lastSeenAt: writeTime(lastSeenAt) };
  return { id, ...times, fetchedVersion, heldVersion, gaps: gaps.map((gap) => ({ ...gap })) };
}
