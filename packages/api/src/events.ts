import Type, { type Static } from "typebox";
import { KnownDeliveryId, Time } from "./fields.ts";
import { ACTOR_KINDS, EVENT_TYPES } from "./lists.ts";
import { named, nullable, ref } from "./named.ts";
import { page, pageQuery } from "./paging.ts";

export const Actor = named("Actor", Type.Object({ kind: Type.Enum(ACTOR_KINDS), id: Type.String() }));
export type Actor = Static<typeof Actor>;

/** A line of the audit trail. */
export const AuditEvent = named(
  "AuditEvent",
  Type.Object(
    {
      cursor: Type.String(),
      at: Time,
      kind: Type.Enum(EVENT_TYPES),
      deliveryId: nullable(Type.String()),
      voucherId: nullable(Type.String()),
      actor: ref(Actor),
      reason: nullable(Type.String()),
    },
    {
      examples: [
        {
          cursor: "1",
          at: "2026-12-01T06:02:00Z",
          kind: "voucher-issued",
          deliveryId: "RR123456785DE",
          voucherId: "1f6b77d00a0b0c0d01020304",
          actor: { kind: "api-key", id: "4f1c0e5b9a7d2c33" },
          reason: null,
        },
      ],
    },
  ),
);
export type AuditEvent = Static<typeof AuditEvent>;

export const EventPage = page("EventPage", AuditEvent);
export type EventPage = Static<typeof EventPage>;

export const EventQuery = pageQuery({ delivery: Type.Optional(KnownDeliveryId) });
export type EventQuery = Static<typeof EventQuery>;
