import { readDuration, readTime } from "@doorproof/api/time";
import Type, { type Static } from "typebox";
import type { PlacementRequest } from "../../domain/dispatch/index.ts";
import type { DeliveryRequest, Expires } from "../../domain/vouchers/index.ts";
import { Country, DeliveryId } from "../frame/fields.ts";
import { Duration, Time } from "../frame/time.ts";

// Shapes only. What a value may say is judged by the domain, for all fields at once, so that a client hears of every fault in one answer.
const Phone = Type.String({ description: "With +, or as dialled in the country", examples: ["+447700900123"] });

const ONE_EXPIRY = { oneOf: [{ required: ["expiresAt"] }, { required: ["expiresIn"] }] };

export const NewVoucher = Type.Object(
  {
    deliveryId: DeliveryId,
    phone: Phone,
    expiresAt: Type.Optional(Time),
    expiresIn: Type.Optional(Duration),
    country: Type.Optional(Country),
    sendAt: Type.Optional(Time),
    sms: Type.Optional(Type.Boolean({ description: "false: no message is sent; the link is yours to pass on" })),
    locale: Type.Optional(
      Type.String({
        description: "BCP 47: of the message, and of the page unless the reader's own is known",
        examples: ["de"],
      }),
    ),
    label: Type.Optional(
      Type.String({
        description: "Names the stop to the driver, at most 200 bytes; the customer's page does not show it",
      }),
    ),
    route: Type.Optional(
      Type.String({
        description: "Puts the delivery at the end of this route; made if there is none",
        examples: ["north-1"],
      }),
    ),
    window: Type.Optional(
      Type.Object(
        { from: Time, to: Time },
        { additionalProperties: false, description: "When it is expected at the door: shown to the driver" },
      ),
    ),
  },
  {
    additionalProperties: false,
    ...ONE_EXPIRY,
    description: "Give expiresAt or expiresIn, one of them",
    examples: [
      { deliveryId: "RR123456785DE", phone: "+447700900123", expiresIn: "48h", locale: "en" },
      {
        deliveryId: "RR123456785DE",
        phone: "07700 900123",
        country: "GB",
        expiresIn: "48h",
        label: "Flat 3, 12 High Street",
        route: "north-1",
        window: { from: "2026-12-01T09:00:00Z", to: "2026-12-01T11:00:00Z" },
      },
    ],
  },
);

export const Change = Type.Object(
  {
    expiresAt: Type.Optional(Time),
    expiresIn: Type.Optional(Duration),
    phone: Type.Optional(Phone),
    country: Type.Optional(Country),
    sms: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, ...ONE_EXPIRY, examples: [{ expiresIn: "24h" }] },
);

export function readDelivery({
  expiresAt,
  expiresIn,
  sendAt,
  window,
  ...rest
}: Static<typeof NewVoucher>): DeliveryRequest & PlacementRequest {
  return {
    ...rest,
    expires: readExpires({ expiresAt, expiresIn }),
    ...(sendAt === undefined ? {} : { sendAt: readTime(sendAt) }),
    ...(window === undefined ? {} : { window: { from: readTime(window.from), to: readTime(window.to) } }),
  };
}

/** The schema has seen to it that one of them is there. */
export function readExpires(times: { expiresAt?: string | undefined; expiresIn?: string | undefined }): Expires {
  return times.expiresAt === undefined
    ? { in: readDuration(times.expiresIn ?? "") }
    : { at: readTime(times.expiresAt) };
}
