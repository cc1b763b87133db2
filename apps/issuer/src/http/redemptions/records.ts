import {
  RECORD_KINDS,
  RECORDS,
  type RecordAnswer,
  readTime,
  type Upload,
  type UploadRecord,
  writeTime,
} from "@doorproof/api";
import type { FastifySchemaValidationError } from "fastify";
import type { Fault } from "../../domain/errors.ts";
import type { Entry, EntryAnswer } from "../../domain/redemptions/index.ts";
import { schemaFaults } from "../frame/faults.ts";

// What devices and couriers upload, and what they are answered (docs/format.md section 7).

type Read = { entry: Entry; refusal?: never } | { entry?: never; refusal: RecordAnswer };

/**
 * @param validation what the schema found: faults around the records are the request's, all others are their record's
 * @throws {Error} with `validation`: the body is not a list of records
 */
export function readRecords(body: Upload, validation: readonly FastifySchemaValidationError[]): readonly Read[] {
  const errorsOf = sortErrors(validation);
  return body.records.map((record, index) => {
    const errors = errorsOf.get(index);
    return errors ? { refusal: refuse(record, faultsIn(record, errors)) } : { entry: readRecord(record) };
  });
}

export function writeAnswer(answer: EntryAnswer | undefined): RecordAnswer {
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

// The schema tried all kinds and has errors of each. Only those of the record's own kind are told.
function faultsIn(record: unknown, errors: readonly FastifySchemaValidationError[]): readonly Fault[] {
  const kind = typeof record === "object" && record !== null && "kind" in record ? record.kind : "redemption";
  const shape = RECORDS.find(({ properties }) => properties.kind.const === kind);
  if (!shape) return [{ pointer: "/kind", code: "not-accepted", detail: `is none of ${RECORD_KINDS.join(", ")}` }];
  return schemaFaults(errors.filter(({ schemaPath }) => schemaPath.startsWith(shape.$id)));
}

function readRecord(record: UploadRecord): Entry {
  const at = readTime(record.at);
  if (!("voucher" in record)) return { ...record, at };
  const { floor, ...rest } = record;
  return { ...rest, at, ...(floor === undefined ? {} : { floor: readTime(floor) }) };
}

// `record` may be anything here, also null or a number.
function refuse(record: unknown, faults: readonly Fault[]): RecordAnswer {
  const id =
    typeof record === "object" && record !== null && "id" in record && typeof record.id === "string" ? record.id : null;
  return { id, status: "refused", code: "invalid-record", errors: [...faults] };
}
