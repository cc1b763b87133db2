import { REFUSAL_CODES } from "@doorproof/voucher";
import Type, { type Static } from "typebox";
import { ClockDifference, KnownDeliveryId, Time, Uint32 } from "./fields.ts";
import { ANSWER_STATUSES, ATTEMPT_REASONS, CONFLICT_CODES, MAX_RECORDS, TAKERS, VIAS } from "./lists.ts";
import { named, ref } from "./named.ts";
import { Fault } from "./problems.ts";

// What devices and couriers upload, and what they are answered (docs/format.md section 7).

const Id = Type.String({
  format: "uuid",
  description: "Drawn by the device; a retry keeps it and gets the stored answer",
});
const Seq = Type.Integer({ ...Uint32, description: "The device's own number of its records" });
const CLOSED = { additionalProperties: false };

export const RedemptionRecord = named(
  "RedemptionRecord",
  Type.Object(
    {
      kind: Type.Optional(Type.Literal("redemption")),
      id: Id,
      seq: Type.Optional(Seq),
      voucher: Type.String({ maxLength: 1000, description: "The voucher's text, as scanned or opened" }),
      via: Type.Enum(VIAS),
      at: Time,
      floor: Type.Optional(Time),
      route: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      version: Type.Optional(Type.Integer(Uint32)),
      takenBy: Type.Enum(TAKERS),
      name: Type.Optional(Type.String({ maxLength: 200 })),
      writtenAt: Type.Optional(Time),
      clockDifference: Type.Optional(ClockDifference),
    },
    { ...CLOSED, description: "A voucher was presented and somebody took the delivery" },
  ),
);
export type RedemptionRecord = Static<typeof RedemptionRecord>;

export const RefusalRecord = named(
  "RefusalRecord",
  Type.Object(
    {
      kind: Type.Literal("refusal"),
      id: Id,
      seq: Seq,
      at: Time,
      code: Type.Enum(REFUSAL_CODES),
      kid: Type.Optional(Type.String({ pattern: "^[0-9a-f]{8}$" })),
      cti: Type.Optional(Type.String({ pattern: "^[0-9a-f]{16}$" })),
      deliveryId: Type.Optional(KnownDeliveryId),
    },
    { ...CLOSED, description: "A voucher that the device refused; never the voucher itself" },
  ),
);
export type RefusalRecord = Static<typeof RefusalRecord>;

export const AttemptRecord = named(
  "AttemptRecord",
  Type.Object(
    {
      kind: Type.Literal("attempt"),
      id: Id,
      seq: Seq,
      at: Time,
      deliveryId: KnownDeliveryId,
      reason: Type.Enum(ATTEMPT_REASONS),
      note: Type.Optional(Type.String({ maxLength: 1000 })),
    },
    { ...CLOSED, description: "Nobody took the delivery" },
  ),
);
export type AttemptRecord = Static<typeof AttemptRecord>;

export const UndoRecord = named(
  "UndoRecord",
  Type.Object(
    { kind: Type.Literal("undo"), id: Id, seq: Seq, at: Time, of: Id },
    { ...CLOSED, description: "A slip that was taken back before it was uploaded" },
  ),
);
export type UndoRecord = Static<typeof UndoRecord>;

/** In the order of `RECORD_KINDS`. */
export const RECORDS = [RedemptionRecord, RefusalRecord, AttemptRecord, UndoRecord] as const;

export const UploadRecord = named(
  "UploadRecord",
  Type.Union([ref(RedemptionRecord), ref(RefusalRecord), ref(AttemptRecord), ref(UndoRecord)]),
);
export type UploadRecord = Static<typeof UploadRecord>;

/** The body of `POST /v1/redemptions`. */
export const Upload = named(
  "Upload",
  Type.Object(
    { records: Type.Array(ref(UploadRecord), { maxItems: MAX_RECORDS }) },
    {
      ...CLOSED,
      examples: [
        {
          records: [
            {
              id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1",
              voucher: "DP1:KB49M$O9H.N14PO-PI1$KF1S…",
              via: "scan",
              at: "2026-12-01T16:20:05Z",
              takenBy: "recipient",
            },
            {
              kind: "attempt",
              id: "5b1f3f0c-4a0e-4f35-9a52-3f7d9c1f6a10",
              seq: 12,
              at: "2026-12-01T16:31:40Z",
              deliveryId: "RR123456799DE",
              reason: "no-answer",
            },
          ],
        },
      ],
    },
  ),
);
export type Upload = Static<typeof Upload>;

export const StandingRecord = named(
  "StandingRecord",
  Type.Object(
    { id: Type.String(), at: Time, reporter: Type.Optional(Type.String()) },
    { description: "The record that stands; reporter is its device, if it came from one" },
  ),
);
export type StandingRecord = Static<typeof StandingRecord>;

/** Why a redemption is refused, a duplicate or a conflict. Some words say the same of a device and of the issuer. */
export const DECISION_CODES = [...new Set([...REFUSAL_CODES, ...CONFLICT_CODES])] as const;

export const RecordAnswer = named(
  "RecordAnswer",
  Type.Object({
    id: Type.Union([Type.String(), Type.Null()], {
      description: "null: the record's own ID cannot be read, or is no UUID's length; go by the order",
    }),
    status: Type.Enum(ANSWER_STATUSES),
    code: Type.Optional(Type.Enum([...DECISION_CODES, "invalid-record"], { description: "Why" })),
    by: Type.Optional(ref(StandingRecord)),
    errors: Type.Optional(
      Type.Array(ref(Fault), {
        description: "Of a record that cannot be read: every fault, while there are at most 100 in the answer",
      }),
    ),
  }),
);
export type RecordAnswer = Static<typeof RecordAnswer>;

/** What an {@link Upload} is answered. */
export const UploadAnswer = named(
  "UploadAnswer",
  Type.Object(
    { now: Time, results: Type.Array(ref(RecordAnswer), { description: "One for each record, in order" }) },
    {
      examples: [
        { now: "2026-12-01T17:02:11Z", results: [{ id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1", status: "accepted" }] },
      ],
    },
  ),
);
export type UploadAnswer = Static<typeof UploadAnswer>;
