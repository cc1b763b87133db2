import { createReadStream } from "node:fs";
import type { ImportedRow, ImportField } from "@doorproof/issuer/operations";
import { EXIT, type Expiry, escapeText, Failure, readExpiry } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../context.ts";
import { requireKeyFolder } from "../settings.ts";
import { withOperations } from "../with-operations.ts";

export const declare: Declare = (command, context) => {
  command
    .argument("<file>", "CSV with a header, comma or semicolon; - reads standard input")
    .option(
      "--map <pairs>",
      "which column holds what, as deliveryId=order_id,phone=phone,expiresAt=promised_by",
      readPairs,
    )
    .option("--expires <when>", "for rows that do not say: 168h, 7d, or 2026-12-01T18:00:00Z", readExpiry)
    .option("--country <code>", "country of numbers without +, as GB (default: DEFAULT_COUNTRY)")
    .option("--dry-run", "judge every row, write none")
    .option("--json", "one object a line: {line, deliveryId, status, voucher?, shortCode?, errors?}")
    .addHelpText("after", EXAMPLES)
    .action((file: string, options: Options) => importFile(file, options, context));
};

const EXAMPLES = `
Example:
  doorproof import orders.csv --map deliveryId=order_id,phone=mobile --expires 48h --country GB

Into the issuer's own database (DATA_DIR, KEYS_DIR), also while it runs; the messages are sent by the running issuer.
Each good row goes in by itself, so a broken run is simply started again: what is there already says existing, and nobody
gets a second message. Exit 1 if any row is faulty; the good ones are in.`;

interface Options {
  readonly map?: readonly (readonly [string, string])[];
  readonly expires?: Expiry;
  readonly country?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

async function importFile(file: string, options: Options, context: OperatorContext): Promise<void> {
  const { terminal, environment, input, exit } = context;
  // Before the file is asked for: whoever has no keys yet is told that first.
  requireKeyFolder(environment);
  // Loaded here: help and completion need no database.
  const { IMPORT_FIELDS, IssueError } = await import("@doorproof/issuer/operations");
  const map = readMap(options.map ?? [], IMPORT_FIELDS);
  const { expires, country, dryRun = false } = options;
  const how = { map, dryRun, ...(expires && { expires }), ...(country !== undefined && { country }) };
  const source = file === "-" ? input : await openFile(file);
  const counts = { created: 0, "would-create": 0, existing: 0, faulty: 0 };
  try {
    await withOperations(context, async (operations) => {
      for await (const row of operations.importDeliveries(source, how)) {
        counts[row.status]++;
        await terminal.print(options.json ? JSON.stringify(row) : rowLine(row));
      }
    });
  } catch (error) {
    // The file lacks columns that the command line names.
    if (error instanceof IssueError && error.code === "invalid-delivery")
      throw new Failure("usage", `${file}: ${error.message}`, "--map names the columns");
    throw error;
  }
  const { created, existing, faulty } = counts;
  const made = dryRun ? `${counts["would-create"]} would be created` : `${created} created`;
  const aside = dryRun ? "; a dry run: nothing was written" : "";
  terminal.say(`${made}, ${existing} existing, ${faulty} faulty${aside}`);
  if (counts.faulty > 0) exit(EXIT.refused);
}

function rowLine({ line, deliveryId = "", status, errors = [] }: ImportedRow): string {
  // Not `created`, of what is not there: somebody would ship by it.
  const said = status === "would-create" ? "would create" : status.padEnd(8);
  const about = `${said}  line ${line}  ${escapeText(deliveryId)}`.trimEnd();
  return [
    about,
    ...errors.map(({ pointer, detail }) => escapeText(`${pointer.slice(1)}: ${detail}`.replace(/^: /, ""))),
  ].join("  ");
}

async function openFile(path: string): Promise<AsyncIterable<Buffer>> {
  const stream = createReadStream(path);
  // Before the database is touched: a wrong name must not leave an empty one behind.
  await new Promise((resolve, reject) => stream.once("open", resolve).once("error", reject));
  return stream;
}

function readPairs(text: string): (readonly [string, string])[] {
  return text.split(",").map((pair) => {
    const [field = "", ...column] = pair.split("=");
    return [field.trim(), column.join("=").trim()] as const;
  });
}

function readMap(
  pairs: NonNullable<Options["map"]>,
  fields: readonly ImportField[],
): Partial<Record<ImportField, string>> {
  const columns = pairs.map(([name, column]) => {
    const field = fields.find((one) => one === name);
    if (field === undefined || column === "") {
      throw new Failure("usage", `--map: ${name}=${column} is no field=column`, `fields are ${fields.join(", ")}`);
    }
    return [field, column] as const;
  });
  return Object.fromEntries(columns);
}
