import Type, { type Static } from "typebox";
import { Country, DeliveryId, Time } from "./fields.ts";
import { STOP_STATES } from "./lists.ts";
import { named, nullable, ref } from "./named.ts";

/** The body of `PUT /v1/routes/{route}/stops`. */
export const Assignment = named(
  "Assignment",
  Type.Object(
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
  ),
);
export type Assignment = Static<typeof Assignment>;

export const Stop = named(
  "Stop",
  Type.Object({
    deliveryId: Type.String(),
    state: Type.Enum(STOP_STATES, {
      description:
        "on the manifest; waiting for another route's device; sealing, for a second or two; no-voucher that lives: reissue it; delivered and cancelled ones are left out",
    }),
    waitsFor: Type.Optional(
      Type.String({ description: "The route whose device may still hold it, at the latest `until`" }),
    ),
    until: Type.Optional(Time),
  }),
);
export type Stop = Static<typeof Stop>;

export const Risk = named(
  "Risk",
  Type.Object({ deliveryId: Type.String(), route: Type.String(), until: Time, detail: Type.String() }),
);
export type Risk = Static<typeof Risk>;

/** What became of an {@link Assignment}. */
export const Assigned = named(
  "Assigned",
  Type.Object(
    {
      route: Type.String(),
      version: Type.Integer({ description: "Of the manifest that a device would fetch now" }),
      stops: Type.Array(ref(Stop)),
      risks: Type.Array(ref(Risk), { description: "What was forced, and what may come of it" }),
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
  ),
);
export type Assigned = Static<typeof Assigned>;

export const Gap = named("Gap", Type.Object({ from: Type.Integer(), to: Type.Integer() }));
export type Gap = Static<typeof Gap>;

/** The phone that drives a route. */
export const RouteDevice = named(
  "RouteDevice",
  Type.Object({
    id: Type.String(),
    enrolledAt: Time,
    lastSeenAt: Time,
    fetchedVersion: nullable(Type.Integer(), "The manifest that went out to it last"),
    heldVersion: nullable(Type.Integer(), "The latest manifest that it said it has"),
    gaps: Type.Array(ref(Gap), { description: "Numbers of records that it made and that never came" }),
  }),
);
export type RouteDevice = Static<typeof RouteDevice>;

export const RouteManifest = named("RouteManifest", Type.Object({ version: Type.Integer(), expiresAt: Time }));
export type RouteManifest = Static<typeof RouteManifest>;

export const Route = named(
  "Route",
  Type.Object(
    {
      route: Type.String(),
      stops: Type.Array(ref(Stop)),
      device: nullable(ref(RouteDevice), "The one that is enrolled now"),
      manifest: nullable(ref(RouteManifest), "As signed last"),
    },
    {
      examples: [
        {
          route: "north-1",
          stops: [{ deliveryId: "RR123456785DE", state: "on" }],
          device: {
            id: "9f86d081884c7d65",
            enrolledAt: "2026-12-01T06:02:00Z",
            lastSeenAt: "2026-12-01T16:31:40Z",
            fetchedVersion: 1_796_134_800,
            heldVersion: 1_796_134_800,
            gaps: [{ from: 7, to: 8 }],
          },
          manifest: { version: 1_796_134_800, expiresAt: "2026-12-02T06:00:00Z" },
        },
      ],
    },
  ),
);
export type Route = Static<typeof Route>;
