import Type, { type Static } from "typebox";
import { ClockDifference, Time } from "./fields.ts";
import { REDEMPTION_STATUSES, TAKERS, VIAS } from "./lists.ts";
import { named, nullable, ref } from "./named.ts";
import { page, pageQuery } from "./paging.ts";
import { DECISION_CODES } from "./uploads.ts";

const TOLD = {
  id: Type.String({ description: "Drawn by whoever reported it" }),
  reporter: Type.String({ description: "Whose token carried it, as device:9f86d081884c7d65" }),
  via: Type.Enum(VIAS),
  at: Time,
  receivedAt: Time,
  route: nullable(Type.String()),
  takenBy: Type.Enum(TAKERS),
  name: nullable(Type.String()),
};

export const StandingRedemption = named(
  "StandingRedemption",
  Type.Object({ ...TOLD, voucherId: Type.String() }, { description: "The other side: the redemption that stands" }),
);
export type StandingRedemption = Static<typeof StandingRedemption>;

/** What one redemption said and what it was answered. */
export const Redemption = named(
  "Redemption",
  Type.Object(
    {
      cursor: Type.String(),
      ...TOLD,
      voucherId: nullable(Type.String()),
      deliveryId: nullable(Type.String()),
      status: Type.Enum(REDEMPTION_STATUSES),
      code: nullable(Type.Enum(DECISION_CODES), "Why, as in the answer to the upload"),
      by: nullable(ref(StandingRedemption)),
      writtenAt: nullable(Time, "What the device's clock said; `at` is never before the signed floor. Null: not told"),
      clockDifference: nullable(ClockDifference),
    },
    {
      examples: [
        {
          cursor: "41",
          id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1",
          reporter: "device:9f86d081884c7d65",
          via: "scan",
          at: "2026-12-01T16:20:05Z",
          receivedAt: "2026-12-01T17:02:11Z",
          route: "north-1",
          takenBy: "neighbour",
          name: "Jo",
          voucherId: "1f6b77d00a0b0c0d01020304",
          deliveryId: "RR123456785DE",
          status: "accepted",
          code: null,
          by: null,
          writtenAt: "2026-12-01T16:20:05Z",
          clockDifference: 2,
        },
      ],
    },
  ),
);
export type Redemption = Static<typeof Redemption>;

export const RedemptionPage = page("RedemptionPage", Redemption);
export type RedemptionPage = Static<typeof RedemptionPage>;

export const RedemptionQuery = pageQuery({ status: Type.Optional(Type.Enum(REDEMPTION_STATUSES)) });
export type RedemptionQuery = Static<typeof RedemptionQuery>;
