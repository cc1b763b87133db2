import { pipeline, Readable } from "node:stream";
import { type CsvError, type CsvErrorCode, parse } from "csv-parse";

/** A row of a CSV file: the line of the file on which it begins, and its cells as text. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** From this line on the file cannot be read as CSV. */
export class CsvFault extends Error {
  override readonly name = "CsvFault";
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Rows as spreadsheets write them: UTF-8 with or without BOM, commas, semicolons or tabs, quotes doubled inside quotes,
 * line breaks inside quotes, any line ending, `="0012"` for a number that must stay text. Empty lines are passed over,
 * blanks around a cell dropped.
 *
 * @throws {CsvFault} a quote that is never closed, or a row of over 64 KiB
 */
export async function* readCsv(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<CsvRow> {
  const { delimiter, all } = await sniff(chunks);
  const parser = parse({
    bom: true,
    delimiter,
    raw: true,
    info: true,
    // Rows of the wrong length and stray quotes are faults of that row, reported by whoever reads it; the file goes on.
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: MAX_ROW,
    // Thrown, an error would lose good rows that were parsed and not read yet.
    skip_records_with_error: true,
  });
  let fault: { readonly after: number; readonly code: CsvErrorCode } | undefined;
  parser.on("skip", ({ code }: CsvError) => {
    fault ??= { after: parser.info.records, code };
  });
  // An error of the source destroys the parser, and so is thrown by the loop below.
  pipeline(Readable.from(all), parser, () => undefined);
  let line = 1;
  let read = 0;
  for await (const { record, raw } of parser as AsyncIterable<{ record: string[]; raw: string }>) {
    if (fault && read >= fault.after) break;
    const cells = record.map(tidy);
    if (cells.some((cell) => cell !== "")) yield { line, cells };
    // Counted here: the parser's own count runs ahead where a line break inside quotes is CR LF.
    line += raw.match(/\r\n|\n|\r/g)?.length ?? 0;
    read += 1;
  }
  if (fault) throw new CsvFault(line, FAULTS[fault.code] ?? "this is not CSV from here on");
}

const MAX_ROW = 64 * 1024;

const FAULTS: Partial<Record<CsvErrorCode, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote that opens here or later is never closed: nothing from here on was read",
  CSV_MAX_RECORD_SIZE: "a row of over 64 KiB: nothing from here on was read",
};

/** Takes the delimiter that occurs most often in the first line, the header. */
async function sniff(
  chunks: AsyncIterable<string | Uint8Array>,
): Promise<{ delimiter: string; all: AsyncIterable<Uint8Array> }> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (;;) {
    const { done, value } = await rest.next();
    if (done) break;
    head = Buffer.concat([head, Buffer.from(value)]);
    if (head.includes("\n") || head.includes("\r") || head.length > MAX_ROW) break;
  }
  const header =
    head
      .toString("utf8")
      .split(/[\r\n]/, 1)[0]
      ?.replace(/"[^"]*"/g, "") ?? "";
  const count = (delimiter: string) => header.split(delimiter).length;
  const [delimiter = ","] = [",", ";", "\t"].toSorted((a, b) => count(b) - count(a));
  return { delimiter, all: prepend(head, rest) };
}

async function* prepend(head: Uint8Array, rest: AsyncIterator<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield Buffer.from(next.value);
}

function tidy(cell: string): string {
  const text = cell.trim();
  return /^="[^"]*"$/.test(text) ? text.slice(2, -1) : text;
}
