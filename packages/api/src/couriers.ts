import Type, { type Static } from "typebox";
import { DeliveryId } from "./fields.ts";
import { named } from "./named.ts";

const MOST = 500;

/** The body of `PUT /v1/couriers/{courier}/deliveries`. */
export const Handover = named(
  "Handover",
  Type.Object(
    {
      deliveries: Type.Array(DeliveryId, {
        maxItems: MOST,
        description: "Handed to this courier from now on, and to no other; what was handed before stays",
      }),
      takeBack: Type.Optional(
        Type.Array(DeliveryId, {
          maxItems: MOST,
          description: "Of this courier's deliveries, those that are nobody's from now on",
        }),
      ),
    },
    { additionalProperties: false, examples: [{ deliveries: ["RR123456785DE", "RR123456799DE"] }] },
  ),
);
export type Handover = Static<typeof Handover>;

/** What became of a {@link Handover}. */
export const HandedOver = named(
  "HandedOver",
  Type.Object(
    {
      courier: Type.String(),
      handed: Type.Integer({ description: "Deliveries that were not this courier's before" }),
      takenBack: Type.Integer({ description: "Deliveries that were this courier's before" }),
    },
    { examples: [{ courier: "Courier North", handed: 2, takenBack: 0 }] },
  ),
);
export type HandedOver = Static<typeof HandedOver>;
