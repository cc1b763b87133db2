import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifySchemaValidationError } from "fastify";
import Type, { type Static } from "typebox";
import type { Fault } from "../domain/errors.ts";
import type { Parts } from "../domain/ports.ts";
import { type RedemptionAnswer, type RedemptionRecord, redeem } from "../domain/redeem.ts";
import { listRedemptions, type RedemptionView } from "../domain/redemptions.ts";
import { REDEMPTION_STATUSES } from "../domain/store.ts";
import { actorOf } from "./access.ts";
import { schemaFaults } from "./faults.ts";
import { pageQuery, readLimit } from "./paging.ts";
import { HttpProblem, problems } from "./problem.ts";
import { readTime, Time, writeTime } from "./time.ts";

const MAX_RECORDS = 500;
const MAX_BODY = 256 * 1024;

const uint32 = { minimum: 0, maximum: 2 ** 32 - 1 };

/** docs/format.md section 7. */
const DoorRecord = Type.Object(
  {
    id: Type.String({
      format: "uuid",
      description: "Drawn by the device; a retry keeps it and gets the stored answer",
    }),
    seq: Type.Optional(Type.Integer(uint32)),
    voucher: Type.String({ maxLength: 1000, description: "The voucher's text, as scanned or opened" }),
    via: Type.Enum(["scan", "code"]),
    at: Time,
    floor: Type.Optional(Time),
    route: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    version: Type.Optional(Type.Integer(uint32)),
    takenBy: Type.Enum(["recipient", "neighbour", "safe-place", "reception"]),
    name: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);

const Records = Type.Object(
  { records: Type.Array(DoorRecord, { maxItems: MAX_RECORDS }) },
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
        ],
      },
    ],
  },
);

const By = Type.Object({ id: Type.String(), at: Time }, { description: "The record that stands" });

const Answers = Type.Object(
  {
    now: Time,
    results: Type.Array(
      Type.Object({
        id: Type.Union([Type.String(), Type.Null()], {
          description: "null: the record's own ID cannot be read; go by the order",
        }),
        status: Type.Enum(REDEMPTION_STATUSES),
        code: Type.Optional(Type.String({ description: "Why" })),
        by: Type.Optional(By),
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

const Redemption = Type.Object(
  {
    cursor: Type.String(),
    id: Type.String(),
    reporter: Type.String(),
    voucherId: Type.Union([Type.String(), Type.Null()]),
    deliveryId: Type.Union([Type.String(), Type.Null()]),
    via: Type.Enum(["scan", "code"]),
    at: Time,
    receivedAt: Time,
    route: Type.Union([Type.String(), Type.Null()]),
    takenBy: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    status: Type.Enum(REDEMPTION_STATUSES),
    code: Type.Union([Type.String(), Type.Null()]),
    by: Type.Union([By, Type.Null()]),
  },
  { $id: "Redemption" },
);

const tags = ["Redemptions"];
const security = [{ apiKey: [] }];

/** What devices and couriers report. */
export const redemptionUploadRoutes: FastifyPluginAsyncTypebox<{ parts: Parts }> = async (app, { parts }) => {
  const upload = {
    operationId: "redeem",
    summary: "Report what happened at the doors",
    description:
      "Each record is decided by itself, so one bad record holds back no other: what of the body is not a record is answered `refused`, `invalid-record` in its place.",
    tags,
    security,
    body: Records,
    response: {
      200: { description: "Decided", content: { "application/json": { schema: Answers } } },
      ...problems(400, 401, 403, 413, 415, 429, 500, 503),
    },
  };
  // attachValidation: a fault inside one record is that record's own matter; only a fault of the frame is the request's.
  app.post("/v1/redemptions", { schema: upload, attachValidation: true, bodyLimit: MAX_BODY }, async (request) => {
    const faultsOf = sortFaults(request.validationError?.validation ?? []);
    const read = request.body.records.map((record, i) => readRecord(record, faultsOf.get(i) ?? []));
    const answers = await redeem(
      parts,
      read.flatMap(({ record }) => record ?? []),
      actorOf(request),
    );
    const inOrder = answers[Symbol.iterator]();
    const results = read.map(({ record, refusal }) => (record ? writeAnswer(inOrder.next().value) : refusal));
    return { now: writeTime(parts.now()), results };
  });
};

/** For the back office. */
export const redemptionListRoutes: FastifyPluginAsyncTypebox<{ parts: Parts }> = async (app, { parts }) => {
  app.addSchema(Redemption);
  const list = {
    operationId: "listRedemptions",
    summary: "List what happened at the doors, newest first",
    tags,
    security,
    querystring: pageQuery({ status: Type.Optional(Type.Enum(REDEMPTION_STATUSES)) }),
    response: {
      200: {
        description: "A page; `after` takes the last one's cursor",
        content: {
          "application/json": {
            schema: Type.Object({ data: Type.Array(Type.Ref("Redemption")), hasMore: Type.Boolean() }),
          },
        },
      },
      ...problems(400, 401, 403, 429, 500),
    },
  };
  app.get("/v1/redemptions", { schema: list, preValidation: readLimit }, async ({ query: { after, ...query } }) => {
    const { data, hasMore } = await listRedemptions(parts, { ...query, ...readCursor(after) });
    return { data: data.map(writeRedemption), hasMore };
  });
};

/** The cursor of lists that are numbered. */
export function readCursor(after: string | undefined): { after?: number } {
  if (after === undefined) return {};
  if (!/^[0-9]{1,15}$/.test(after)) {
    throw new HttpProblem("invalid-request", "after is the cursor of an entry", [
      { pointer: "/after", code: "wrong-format", detail: "is the cursor of an entry" },
    ]);
  }
  return { after: Number(after) };
}

function sortFaults(errors: readonly FastifySchemaValidationError[]): Map<number, Fault[]> {
  const byRecord = new Map<number, Fault[]>();
  const ofTheFrame: FastifySchemaValidationError[] = [];
  for (const error of errors) {
    const [, index, rest] = /^\/records\/([0-9]+)(.*)$/.exec(error.instancePath) ?? [];
    if (index === undefined) ofTheFrame.push(error);
    else
      byRecord.set(Number(index), [
        ...(byRecord.get(Number(index)) ?? []),
        ...schemaFaults([{ ...error, instancePath: rest ?? "" }]),
      ]);
  }
  if (ofTheFrame.length > 0)
    throw Object.assign(new Error("the body is not a list of records"), { validation: ofTheFrame });
  return byRecord;
}

type Read =
  | { record: RedemptionRecord; refusal?: never }
  | { record?: never; refusal: Static<typeof Answers>["results"][number] };

function readRecord(record: Static<typeof DoorRecord>, faults: readonly Fault[]): Read {
  if (faults.length > 0) return { refusal: refuse(record, faults) };
  const { at, floor, ...rest } = record;
  return { record: { ...rest, at: readTime(at), ...(floor === undefined ? {} : { floor: readTime(floor) }) } };
}

// `record` is of no known shape here: it may be null, or a number.
function refuse(record: unknown, faults: readonly Fault[]): Static<typeof Answers>["results"][number] {
  const id =
    typeof record === "object" && record !== null && "id" in record && typeof record.id === "string" ? record.id : null;
  return { id, status: "refused", code: "invalid-record", errors: [...faults] };
}

function writeAnswer(answer: RedemptionAnswer | undefined): Static<typeof Answers>["results"][number] {
  if (answer === undefined) throw new Error("fewer answers than records");
  const { by, ...rest } = answer;
  return { ...rest, ...(by === undefined ? {} : { by: { id: by.id, at: writeTime(by.at) } }) };
}

function writeRedemption({ seq, at, receivedAt, by, ...rest }: RedemptionView): Static<typeof Redemption> {
  return {
    ...rest,
    cursor: String(seq),
    at: writeTime(at),
    receivedAt: writeTime(receivedAt),
    by: by && { id: by.id, at: writeTime(by.at) },
  };
}
