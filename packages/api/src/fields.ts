import Type from "typebox";
import { DURATION } from "./time.ts";

// Values that stand in more than one shape. Here is only what a request must look like. What a value may be is judged
// by the domain, which tells a client every fault in one answer.

export const Time = Type.String({
  format: "date-time",
  description: "ISO 8601 with a zone",
  examples: ["2026-12-01T18:00:00Z"],
});

export const Duration = Type.String({
  pattern: DURATION,
  description: "Minutes, hours or days from now",
  examples: ["48h"],
});

export const DeliveryId = Type.String({
  description: "Your own ID of the delivery: 1 to 64 visible ASCII characters; none that holds :// is issued",
  examples: ["RR123456785DE"],
});

/** A delivery ID that is looked up or reported: a faulty one is simply not found, so no fault is told. */
export const KnownDeliveryId = Type.String({ pattern: "^[!-~]{1,64}$", examples: ["RR123456785DE"] });

export const VoucherId = Type.String({
  description: "kid and cti: 24 hex digits",
  examples: ["1f6b77d00a0b0c0d01020304"],
});

export const RouteName = Type.String({ description: "1 to 64 printable ASCII characters", examples: ["north-1"] });

export const CourierName = Type.String({
  description: "1 to 64 printable ASCII characters, not *",
  examples: ["Courier North"],
});

export const Country = Type.String({ description: "ISO 3166, for a number without +", examples: ["GB"] });

export const Phone = Type.String({ description: "With +, or as dialled in the country", examples: ["+447700900123"] });

/** Seconds; a clock may be wrong by as much as there are times. */
export const ClockDifference = Type.Integer({
  minimum: -(2 ** 32),
  maximum: 2 ** 32,
  description: "Issuer's clock minus the device's, in seconds, as the device measured it at its last sync",
});

/** A manifest's version and a device's own numbers. */
export const Uint32 = { minimum: 0, maximum: 2 ** 32 - 1 };
