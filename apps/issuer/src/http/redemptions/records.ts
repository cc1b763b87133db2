import { ATTEMPT_REASONS, RECORD_KINDS, REDEMPTION_STATUSES, TAKERS, VIAS } from "@doorproof/api/lists";
import { readTime, writeTime } from "@doorproof/api/time";
import { REFUSAL_CODES } from "@doorproof/voucher";
import type { FastifySchemaValidationError } from "fastify";
import Type, { type Static } from "typebox";
import type { Fault } from "../../domain/errors.ts";
import type { Entry, EntryAnswer } from "../../domain/redemptions/index.ts";
import { schemaFaults } from "../frame/faults.ts";
import { Time } from "../frame/time.ts";

// What devices and couriers upload, and what they are answered (docs/format.md section 7).

const MAX_RECORDS = 500;

const Id = Type.String({
  format: "uuid",
  description: "Drawn by the device; a retry keeps it and gets the stored answer",
});
const Seq = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1, description: "The device's own number of its entries" });
const Delivery = Type.String({ pattern: "^[!-~]{1,64}$" });
const CLOSED = { additionalProperties: false };

/** By kind, in the order in which `Records` lists them. */
const KINDS: readonly unknown[] = RECORD_KINDS;

const Redemption = Type.Object(
  {
    kind: Type.Optional(Type.Literal("redemption")),
    id: Id,
    seq: Type.Optional(Seq),
    voucher: Type.String({ maxLength: 1000, description: "The voucher's text, as scanned or opened" }),
    via: Type.Enum(VIAS),
    at: Time,
    floor: Type.Optional(Time),
    route: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    version: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
    takenBy: Type.Enum(TAKERS),
    name: Type.Optional(Type.String({ maxLength: 200 })),
  },
  CLOSED,
);

const Refused = Type.Object(
  {
    kind: Type.Literal("refusal"),
    id: Id,
    seq: Seq,
    at: Time,
    code: Type.Enum(REFUSAL_CODES),
    kid: Type.Optional(Type.String({ pattern: "^[0-9a-f]{8}$" })),
    cti: Type.Optional(Type.String({ pattern: "^[0-9a-f]{16}$" })),
    deliveryId: Type.Optional(Delivery),
  },
  { ...CLOSED, description: "A voucher that the device refused; never the voucher itself" },
);

const Attempt = Type.Object(
  {
    kind: Type.Literal("attempt"),
    id: Id,
    seq: Seq,
    at: Time,
    deliveryId: Delivery,
    reason: Type.Enum(ATTEMPT_REASONS),
    note: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { ...CLOSED, description: "Nobody took the parcel" },
);

const Undo = Type.Object(
  { kind: Type.Literal("undo"), id: Id, seq: Seq, at: Time, of: Id },
  { ...CLOSED, description: "A slip that was taken back before it was uploaded" },
);

export const Records = Type.Object(
  { records: Type.Array(Type.Union([Redemption, Refused, Attempt, Undo]), { maxItems: MAX_RECORDS }) },
  {
    additionalProperties: false,
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
);

export const Answers = Type.Object(
  {
    now: Time,
    results: Type.Array(
      Type.Object({
        id: Type.Union([Type.String(), Type.Null()], {
          description: "null: the record's own ID cannot be read; go by the order",
        }),
        status: Type.Enum([...REDEMPTION_STATUSES, "noted"]),
        code: Type.Optional(Type.String({ description: "Why" })),
        by: Type.Optional(
          Type.Object(
            { id: Type.String(), at: Time, reporter: Type.Optional(Type.String()) },
            { description: "The record that stands; reporter is its device, if it came from one" },
          ),
        ),
        errors: Type.Optional(
          Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), detail: Type.String() })),
        ),
      }),
      { description: "One for each record, in order" },
    ),
  },
  {
    examples: [
      { now: "2026-12-01T17:02:11Z", results: [{ id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1", status: "accepted" }] },
    ],
  },
);

type Result = Static<typeof Answers>["results"][number];
type Read = { entry: Entry; refusal?: never } | { entry?: never; refusal: Result };

/**
 * @param validation what the schema found: faults of the frame are the request's, all others are their record's
 * @throws {Error} with `validation`: the body is not a list of records
 */
export function readRecords(
  body: Static<typeof Records>,
  validation: readonly FastifySchemaValidationError[],
): readonly Read[] {
  const errorsOf = sortErrors(validation);
  return body.records.map((record, index) => {
    const errors = errorsOf.get(index);
    return errors ? { refusal: refuse(record, faultsIn(record, errors)) } : { entry: readRecord(record) };
  });
}

export function writeAnswer(answer: EntryAnswer | undefined): Result {
  if (answer === undefined) throw new Error("fewer answers than records");
  if (answer.status === "noted") return { ...answer };
  const { by, ...rest } = answer;
  return { ...rest, ...(by === undefined ? {} : { by: { ...by, at: writeTime(by.at) } }) };
}

function sortErrors(
  errors: readonly FastifySchemaValidationError[],
): ReadonlyMap<number, readonly FastifySchemaValidationError[]> {
  const ofTheFrame: FastifySchemaValidationError[] = [];
  const byRecord = new Map<number, FastifySchemaValidationError[]>();
  for (const error of errors) {
    const [, index, rest = ""] = /^\/records\/([0-9]+)(.*)$/.exec(error.instancePath) ?? [];
    if (index === undefined) ofTheFrame.push(error);
    else byRecord.set(Number(index), [...(byRecord.get(Number(index)) ?? []), { ...error, instancePath: rest }]);
  }
  if (ofTheFrame.length > 0)
    throw Object.assign(new Error("the body is not a list of records"), { validation: ofTheFrame });
  return byRecord;
}

// The schema tried all kinds and complains of each. What the record wanted to be is said by its kind: the other complaints are noise.
function faultsIn(record: unknown, errors: readonly FastifySchemaValidationError[]): readonly Fault[] {
  const kind = typeof record === "object" && record !== null && "kind" in record ? record.kind : "redemption";
  const branch = KINDS.indexOf(kind);
  if (branch === -1) return [{ pointer: "/kind", code: "not-accepted", detail: `is none of ${KINDS.join(", ")}` }];
  return schemaFaults(errors.filter(({ schemaPath }) => schemaPath.includes(`/anyOf/${branch}/`)));
}

function readRecord(record: Static<typeof Records>["records"][number]): Entry {
  const at = readTime(record.at);
  if (!("voucher" in record)) return { ...record, at };
  const { floor, ...rest } = record;
  return { ...rest, at, ...(floor === undefined ? {} : { floor: readTime(floor) }) };
}

// `record` is of no known shape here: it may be null, or a number.
function refuse(record: unknown, faults: readonly Fault[]): Result {
  const id =
    typeof record === "object" && record !== null && "id" in record && typeof record.id === "string" ? record.id : null;
  return { id, status: "refused", code: "invalid-record", errors: [...faults] };
}
