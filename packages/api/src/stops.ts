import Type, { type Static } from "typebox";
import { ASKS, TAKERS } from "./lists.ts";
import { named, nullable } from "./named.ts";

const CLOSED = { additionalProperties: false };

const NewLabelParts = Type.Object(
  {
    name: Type.Optional(Type.String({ description: "Whose door it is" })),
    address: Type.Optional(Type.String()),
    hint: Type.Optional(Type.String({ description: "How to get to the door" })),
  },
  CLOSED,
);

/** A text, which is the address, or what the driver reads in three texts. */
// Both types in one schema: of a choice of two, each branch would tell a fault of its own.
export const NewLabel = named(
  "NewLabel",
  Type.Unsafe<string | Static<typeof NewLabelParts>>({
    ...NewLabelParts,
    type: ["string", "object"],
    description:
      "Names the stop to the driver: a text is the address. At most 400 bytes in all; the customer's page does not show it",
    examples: ["12 High Street", { name: "Y. Tan", address: "12 High Street", hint: "ring twice" }],
  }),
);
export type NewLabel = Static<typeof NewLabel>;

/** What the driver reads at a stop. */
export const StopLabel = named(
  "StopLabel",
  Type.Object(
    { name: nullable(Type.String()), address: nullable(Type.String()), hint: nullable(Type.String()) },
    { examples: [{ name: null, address: "12 High Street", hint: null }] },
  ),
);
export type StopLabel = Static<typeof StopLabel>;

/** Counted before they are read, at most 32 of 64 characters. */
export const Parcels = Type.Array(Type.String(), {
  maxItems: 32,
  description: "What the labels of its parcels say, each 1 to 64 visible ASCII characters",
  examples: [["JD014600006281230001"]],
});

export const Call = Type.String({
  description: "Whom the driver calls: a relay's or the dispatcher's number, never the delivery's own",
  examples: ["tel:+442079460000"],
});

export const Asks = Type.Array(Type.Enum(ASKS), {
  maxItems: ASKS.length,
  uniqueItems: true,
  description: "What is asked of the driver",
  examples: [["signature"]],
});

export const Takers = Type.Array(Type.Enum(TAKERS), {
  minItems: 1,
  maxItems: TAKERS.length,
  uniqueItems: true,
  description: "Who may take it: anybody of these unless said",
  examples: [["recipient", "reception"]],
});
