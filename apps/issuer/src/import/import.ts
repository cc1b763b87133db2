import { isDuration, isTime, readDuration, readTime } from "@doorproof/api/time";
import { type Fault, IssueError } from "../domain/errors.ts";
import type { Actor } from "../domain/ports.ts";
import type { VoucherDeps } from "../domain/vouchers/index.ts";
import {
  type DeliveryRequest,
  type Expires,
  issueVoucher,
  planIssue,
  showWithSecrets,
  type VoucherView,
} from "../domain/vouchers/index.ts";
import { CsvFault, type CsvRow, readCsv } from "./csv.ts";
import { readStopCells } from "./stop-cells.ts";

/** What a column can hold. */
export const IMPORT_FIELDS = [
  "deliveryId",
  "phone",
  "expiresAt",
  "expiresIn",
  "country",
  "locale",
  "label",
  "name",
  "address",
  "hint",
  "parcels",
  "call",
  "asks",
  "takers",
  "sendAt",
  "courier",
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

export interface ImportOptions {
  /** Which column holds what; a field that is not named here stands in the column of its own name, if there is one. */
  readonly map: Readonly<Partial<Record<ImportField, string>>>;
  /** For rows that say nothing of their expiry. */
  readonly expires?: Expires;
  /** ISO 3166, for numbers without + in rows that name no country. */
  readonly country?: string;
  /** Judges every row and writes none. */
  readonly dryRun: boolean;
}

export interface ImportedRow {
  /** Of the file; the header is line 1. */
  readonly line: number;
  readonly deliveryId?: string;
  /** `would-create` in a dry run alone. */
  readonly status: "created" | "would-create" | "existing" | "faulty";
  readonly voucher?: string;
  readonly shortCode?: string;
  readonly errors?: readonly Fault[];
}

/**
 * Issues a voucher for every good row of a CSV file and says of every row what became of it, in order. Each row is a
 * transaction of its own and durable when it is yielded, so an import that was killed is run again: what is stored
 * already is `existing`, and nobody gets a second message.
 *
 * @throws {IssueError} `invalid-delivery` before any row is read: the file has no such columns
 */
export async function* importDeliveries(
  deps: VoucherDeps,
  chunks: AsyncIterable<string | Uint8Array>,
  options: ImportOptions,
  actor: Actor,
): AsyncGenerator<ImportedRow> {
  const rows = readCsv(chunks);
  const seen = new Map<string, number>();
  let columns: Columns | undefined;
  try {
    for await (const row of rows) {
      if (columns) yield await importRow(deps, row, { columns, seen, options, actor });
      else columns = readHeader(row, options);
    }
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    yield faulty(error.line, undefined, [{ pointer: "", code: "csv", detail: error.message }]);
  }
  if (!columns) throw new IssueError("invalid-delivery", "the file is empty: it has not even a header");
}

interface Columns {
  readonly count: number;
  readonly at: ReadonlyMap<ImportField, number>;
}

function readHeader({ cells }: CsvRow, { map, expires }: ImportOptions): Columns {
  const faults: Fault[] = [];
  const at = new Map<ImportField, number>();
  for (const field of IMPORT_FIELDS) {
    const name = map[field] ?? field;
    const index = cells.indexOf(name);
    if (index >= 0) at.set(field, index);
    else if (map[field] !== undefined || REQUIRED.has(field))
      faults.push({ pointer: `/${field}`, code: "column", detail: `the file has no column ${name}` });
    if (index >= 0 && cells.indexOf(name, index + 1) >= 0)
      faults.push({ pointer: `/${field}`, code: "column", detail: `the file has two columns ${name}` });
  }
  if (!expires && !at.has("expiresAt") && !at.has("expiresIn")) {
    faults.push({
      pointer: "/expiresAt",
      code: "column",
      detail: "neither the file nor the command says when vouchers expire",
    });
  }
  if (faults.length > 0)
    throw new IssueError("invalid-delivery", faults.map(({ detail }) => detail).join("; "), faults);
  return { count: cells.length, at };
}

const REQUIRED: ReadonlySet<ImportField> = new Set(["deliveryId", "phone"]);

interface Import {
  readonly columns: Columns;
  /** Delivery IDs of this file, and the lines where they stood first. */
  readonly seen: Map<string, number>;
  readonly options: ImportOptions;
  readonly actor: Actor;
}

async function importRow(
  deps: VoucherDeps,
  row: CsvRow,
  { columns, seen, options, actor }: Import,
): Promise<ImportedRow> {
  const { line, cells } = row;
  const { request, faults } = readDelivery(cells, columns, options);
  const { deliveryId } = request;
  const first = seen.get(deliveryId);
  if (first !== undefined) {
    faults.push({
      pointer: "/deliveryId",
      code: "duplicate",
      detail: `the same delivery stands on line ${first} already`,
    });
  } else if (deliveryId !== "") seen.set(deliveryId, line);
  if (faults.length > 0) return faulty(line, deliveryId, faults);
  try {
    if (options.dryRun) return await rehearse(deps, request, line);
    const { view, created } = await issueVoucher(deps, request, actor);
    return imported(line, created ? "created" : "existing", view);
  } catch (error) {
    if (!(error instanceof IssueError)) throw error;
    const { code, message } = error;
    return faulty(line, deliveryId, error.faults.length > 0 ? error.faults : [{ pointer: "", code, detail: message }]);
  }
}

async function rehearse(deps: VoucherDeps, request: DeliveryRequest, line: number): Promise<ImportedRow> {
  const plan = await planIssue(deps, request, deps.now());
  if ("existing" in plan) return imported(line, "existing", await showWithSecrets(deps, plan.existing));
  return { line, deliveryId: request.deliveryId, status: "would-create" };
}

function imported(
  line: number,
  status: "created" | "existing",
  { deliveryId, voucher, shortCode }: VoucherView,
): ImportedRow {
  return {
    line,
    deliveryId,
    status,
    ...(voucher === null ? {} : { voucher }),
    ...(shortCode === null ? {} : { shortCode }),
  };
}

function faulty(line: number, deliveryId: string | undefined, errors: readonly Fault[]): ImportedRow {
  return { line, ...(deliveryId ? { deliveryId } : {}), status: "faulty", errors };
}

function readDelivery(
  cells: readonly string[],
  { count, at }: Columns,
  options: ImportOptions,
): { request: DeliveryRequest; faults: Fault[] } {
  const faults: Fault[] = [];
  if (cells.length !== count) {
    faults.push({ pointer: "", code: "columns", detail: `the row has ${cells.length} cells and the header ${count}` });
  }
  // U+FFFD stands where the bytes were no UTF-8: the row is refused, rather than stored with a wrong name or number.
  if (cells.some((cell) => cell.includes("\ufffd")))
    faults.push({ pointer: "", code: "utf-8", detail: "the row is not in UTF-8" });
  const cell = (field: ImportField) => cells[at.get(field) ?? -1] || undefined;
  const read = <T>(field: ImportField, parse: (text: string) => T | null, detail: string): T | undefined => {
    const text = cell(field);
    const value = text === undefined ? undefined : parse(text);
    if (value === null) faults.push({ pointer: `/${field}`, code: "time", detail });
    return value ?? undefined;
  };

  const expiresAt = read("expiresAt", parseTime, "a time is ISO 8601 with a zone, as 2026-12-01T18:00:00Z");
  const expiresIn = read("expiresIn", parseDuration, "a duration is as 90m, 48h or 7d");
  const sendAt = read("sendAt", parseTime, "a time is ISO 8601 with a zone, as 2026-12-01T18:00:00Z");
  const expires =
    expiresAt !== undefined ? { at: expiresAt } : expiresIn !== undefined ? { in: expiresIn } : options.expires;
  if (!expires && faults.length === 0)
    faults.push({ pointer: "/expiresAt", code: "missing", detail: "the row does not say when the voucher expires" });
  const country = cell("country") ?? options.country;
  const locale = cell("locale");
  const courier = cell("courier");
  const stop = readStopCells(cell);
  faults.push(...stop.faults);
  const request: DeliveryRequest = {
    deliveryId: cell("deliveryId") ?? "",
    phone: cell("phone") ?? "",
    expires: expires ?? { in: 0 },
    ...(country === undefined ? {} : { country }),
    ...(locale === undefined ? {} : { locale }),
    ...stop.request,
    ...(courier === undefined ? {} : { courier }),
    ...(sendAt === undefined ? {} : { sendAt }),
  };
  return { request, faults };
}

function parseTime(text: string): number | null {
  return isTime(text) ? readTime(text) : null;
}

function parseDuration(text: string): number | null {
  return isDuration(text) ? readDuration(text) : null;
}
