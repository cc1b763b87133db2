import {
  Assigned,
  Assignment,
  type Risk as RiskShape,
  Route,
  type RouteDevice,
  RouteName,
  ref,
  type Stop,
  writeTime,
} from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Device, DispatchDeps, StopState } from "../../domain/dispatch/index.ts";
import { putStops, type Risk, showRoute } from "../../domain/dispatch/index.ts";
import { actorOf, needs } from "../frame/access.ts";
import { json } from "../frame/answers.ts";
import { present } from "../frame/body.ts";
import { perKey } from "../frame/limits.ts";
import { problems } from "../frame/problem.ts";

const tags = ["Routes"];
const params = Type.Object({ route: RouteName });

/** For the back office: which stops are on which route, and whose phone drives it. */
export const routeRoutes: FastifyPluginAsyncTypebox<{ deps: DispatchDeps }> = async (app, { deps }) => {
  const put = {
    operationId: "putStops",
    summary: "Put stops on a route, or move them there from another",
    description:
      "The customer's QR stays as it is. A stop leaves before it arrives: this route's manifest carries it once the other route's device has said that it has a manifest without it, or that one is over, or it is forced.",
    tags,
    security: [needs("routes")],
    params,
    body: ref(Assignment),
    response: {
      200: json(Assigned, "Put"),
      ...problems(400, 401, 403, 413, 415, 422, 429, 500, 503, 507),
    },
  };
  // 500 delivery IDs of 64 characters.
  app.put("/v1/routes/:route/stops", { schema: put, config: perKey("bulk"), bodyLimit: 64 * 1024 }, async (request) => {
    const { stops, country, force = false } = request.body;
    const assignment = { stops, force, ...present({ country }) };
    const done = await putStops(deps, request.params.route, assignment, actorOf(request));
    return { ...done, stops: done.stops.map(writeStop), risks: done.risks.map(writeRisk) } satisfies Assigned;
  });

  const show = {
    operationId: "showRoute",
    summary: "Show a route: stops, device, manifest",
    description: "Why a stop is not on the manifest stands in its `state`.",
    tags,
    security: [needs("read")],
    params,
    response: {
      200: json(Route, "As it is now"),
      ...problems(400, 401, 403, 404, 429, 500),
    },
  };
  app.get("/v1/routes/:route", { schema: show, config: perKey("list") }, async ({ params }) => {
    const { route, stops, device, manifest } = await showRoute(deps, params.route);
    return {
      route,
      stops: stops.map(writeStop),
      device: device && writeDevice(device),
      manifest: manifest && { version: manifest.version, expiresAt: writeTime(manifest.expiresAt) },
    } satisfies Route;
  });
};

function writeStop({ until, ...stop }: StopState): Stop {
  return { ...stop, ...(until === undefined ? {} : { until: writeTime(until) }) };
}

function writeRisk({ deliveryId, route, until }: Risk): RiskShape {
  const end = writeTime(until);
  const detail = `until ${end} the device of ${route} may accept it too; the first report stands, the other becomes a conflict`;
  return { deliveryId, route, until: end, detail };
}

function writeDevice({ id, enrolledAt, lastSeenAt, fetchedVersion, heldVersion, gaps }: Device): RouteDevice {
  const times = { enrolledAt: writeTime(enrolledAt), lastSeenAt: writeTime(lastSeenAt) };
  return { id, ...times, fetchedVersion, heldVersion, gaps: gaps.map((gap) => ({ ...gap })) };
}
