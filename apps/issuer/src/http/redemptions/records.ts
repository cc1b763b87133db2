import { setImmediate } from "node:timers/promises";
import { RECORD_KINDS, RECORDS, type RecordAnswer, readTime, type UploadRecord, writeTime } from "@doorproof/api";
import type { FastifyRequest, preValidationAsyncHookHandler } from "fastify";
import type { Fault } from "../../domain/errors.ts";
import type { Entry, EntryAnswer } from "../../domain/redemptions/index.ts";
import { countFaults } from "../frame/bounds.ts";
import { MAX_FAULTS, schemaFaults } from "../frame/faults.ts";
import { HttpProblem } from "../frame/problem.ts";

// What devices and couriers upload, and what they are answered (docs/format.md section 7).

declare module "fastify" {
  interface FastifyRequest {
    /** Set by {@link takeRecords}, read by {@link readRecords}. */
    records: readonly unknown[];
  }
}

type Read = { entry: Entry; refusal?: never } | { entry?: never; refusal: RecordAnswer };

/**
 * `preValidation`, once the frame was counted: takes the records out of the body. The route's schema would try each
 * kind on each record and keep the errors of all; a record is read by its own kind's schema.
 */
export const takeRecords: preValidationAsyncHookHandler = async (request) => {
  const body: unknown = request.body;
  if (typeof body !== "object" || body === null || !("records" in body) || !Array.isArray(body.records)) return;
  request.records = body.records;
  request.body = { ...body, records: [] };
};

/**
 * A record that cannot be read is refused in its place, with its faults while {@link MAX_FAULTS} are not told yet.
 * @throws {HttpProblem} `invalid-request`: more records without a name than an answer has room for, which no device
 * sends
 */
export async function readRecords(request: FastifyRequest): Promise<readonly Read[]> {
  const read: Read[] = [];
  let room = MAX_FAULTS;
  let nameless = 0;
  for (const [index, record] of request.records.entries()) {
    // 500 of them take longer than others should wait.
    if (index > 0) await setImmediate();
    const faults = faultsIn(record, request);
    if (faults.length === 0) {
      read.push({ entry: readRecord(record as UploadRecord) });
      continue;
    }
    const id = nameOf(record);
    if (id === null && ++nameless > MAX_NAMELESS) {
      const fault = { pointer: `/records/${index}`, code: "not-accepted", detail: "is no record, as others before it" };
      throw new HttpProblem("invalid-request", `more than ${MAX_NAMELESS} of these are no records`, [fault]);
    }
    const told = faults.slice(0, room);
    room -= told.length;
    read.push({
      refusal: { id, status: "refused", code: "invalid-record", ...(told.length > 0 && { errors: [...told] }) },
    });
  }
  return read;
}

const MAX_NAMELESS = 40;

export function writeAnswer(answer: EntryAnswer | undefined): RecordAnswer {
  if (answer === undefined) throw new Error("fewer answers than records");
  if (answer.status === "noted") return { ...answer };
  const { by, ...rest } = answer;
  return { ...rest, ...(by === undefined ? {} : { by: { ...by, at: writeTime(by.at) } }) };
}

function faultsIn(record: unknown, request: FastifyRequest): readonly Fault[] {
  const kind = typeof record === "object" && record !== null && "kind" in record ? record.kind : "redemption";
  const shape = RECORDS.find(({ properties }) => properties.kind.const === kind);
  if (!shape) return [{ pointer: "/kind", code: "not-accepted", detail: `is none of ${RECORD_KINDS.join(", ")}` }];
  const counted = countFaults(shape, record);
  if (counted.length > 0) return counted;
  const validate = request.compileValidationSchema(shape, "body");
  return validate(record) ? [] : schemaFaults(validate.errors ?? []);
}

function readRecord(record: UploadRecord): Entry {
  const at = readTime(record.at);
  if (!("voucher" in record)) return { ...record, at };
  const { floor, writtenAt, ...rest } = record;
  return {
    ...rest,
    at,
    ...(floor === undefined ? {} : { floor: readTime(floor) }),
    ...(writtenAt === undefined ? {} : { writtenAt: readTime(writtenAt) }),
  };
}

// By which a device finds its record; one that is longer than any of ours is no name.
function nameOf(record: unknown): string | null {
  const id = typeof record === "object" && record !== null && "id" in record ? record.id : null;
  return typeof id === "string" && id.length <= 64 ? id : null;
}
