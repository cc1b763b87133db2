import { explainRefusal, Refusal, readText } from "@doorproof/voucher";
import { decodeBase45, MAX_TEXT_LENGTH, readPayload, splitVoucher, TEXT_PREFIX, toHex } from "@doorproof/voucher/codec";
import type { Declare } from "../command.ts";
import type { CliContext } from "../context.ts";
import { readItems } from "../diagnostic.ts";
import { EXIT } from "../exit.ts";
import { escapeText } from "../terminal.ts";
import { formatTime } from "../when.ts";

export const declare: Declare = (command, context) => {
  command
    .argument("<text>", "the voucher, in single quotes")
    .option("--json", "one object: {ok, code, step, detail, fields: [{name, offset, hex, value}]}")
    .addHelpText("after", examples(context.program))
    .action((text: string, options: { readonly json?: boolean }) => inspect(text, options, context));
};

const examples = (program: string) => `
Example:
  ${program} inspect 'DP1:…'

Shows what the bytes are, as far as they go, damaged or not. It asks no key, so all that it shows may be a forgery:
whether it is true is for ${program} verify to say. Steps as in docs/format.md section 1.`;

async function inspect(text: string, options: { readonly json?: boolean }, context: CliContext): Promise<void> {
  const { terminal, exit } = context;
  const now = context.now();
  const refusal = refusalOf(text);
  const bytes = decodeAsFarAsItGoes(text);
  const fields = fieldsOf(bytes, now);
  const detail = refusal && `${explainRefusal(refusal)}${whereBroken(text, refusal)}`;
  const step = refusal?.facts.step ?? null;
  exit(refusal ? EXIT.refused : EXIT.done);
  if (options.json) {
    return terminal.print(
      JSON.stringify({ ok: !refusal, code: refusal?.code ?? null, step, detail: detail ?? null, fields }),
    );
  }
  const failed = `${terminal.paint("red", "malformed")}: ${detail}`;
  const isText = step === "text" || step === "base45";
  await terminal.print(
    `step 1  text       ${isText ? failed : `${text.length} characters, ${TEXT_PREFIX} and base45`}`,
  );
  if (step === "text") return terminal.print(`        ${escapeText(text.slice(0, MAX_TEXT_LENGTH))}`);
  const length = `${bytes.length}${isText ? ", as far as the text goes" : ""}`;
  await terminal.print(`step 2  bytes      ${step === "length" ? failed : length}`);
  for (const field of fields) await printField(field, context);
  await terminal.print("step 3  key        not asked: inspect knows no keys");
  if (bytes.length >= 68) await terminal.print(`step 4  signature  ${strictness(bytes.subarray(4, 68))}`);
  if (isText || step === "length") return;
  await terminal.print(`step 5  payload    ${step === "payload" ? failed : "four items, each in its one form"}`);
  if (step === null) await terminal.print(`step 6  claims     not judged: ${context.program} verify does`);
}

/** Steps 1, 2 and 5, as a reader with a key would take them. */
function refusalOf(text: string): Refusal<"malformed"> | undefined {
  try {
    readPayload(splitVoucher(readText(text)).payload);
    return undefined;
  } catch (error) {
    if (Refusal.is(error, "malformed")) return error;
    throw error;
  }
}

function decodeAsFarAsItGoes(text: string): Uint8Array {
  if (!text.startsWith(TEXT_PREFIX)) return new Uint8Array();
  const digits = text.slice(TEXT_PREFIX.length, MAX_TEXT_LENGTH);
  for (let length = digits.length; length > 0; length = length % 3 === 0 ? length - 3 : length - (length % 3)) {
    try {
      return decodeBase45(digits.slice(0, length));
    } catch {
      // one group shorter
    }
  }
  return new Uint8Array();
}

function whereBroken(text: string, { facts: { step } }: Refusal<"malformed">): string {
  if (step === "text" && !text.startsWith(TEXT_PREFIX)) return ` (does not begin with ${TEXT_PREFIX})`;
  if (step === "text" && text.length > MAX_TEXT_LENGTH) return ` (over ${MAX_TEXT_LENGTH} characters)`;
  if (step !== "text" && step !== "base45") return "";
  const place = text.search(/[^0-9A-Z $%*+\-./:]/u);
  if (place !== -1)
    return ` (character ${place + 1} is ${escapeText(String.fromCodePoint(text.codePointAt(place) ?? 0))})`;
  const decoded = decodeAsFarAsItGoes(text).length;
  return ` (no bytes give what follows character ${TEXT_PREFIX.length + Math.floor(decoded / 2) * 3})`;
}

/** A run of bytes and what it means; offsets count from the voucher's first byte. */
interface Field {
  readonly name: string;
  readonly offset: number;
  readonly hex: string;
  readonly value?: string;
}

const PAYLOAD_AT = 68;

function fieldsOf(voucher: Uint8Array, now: number): Field[] {
  const part = (name: string, from: number, to: number) => ({
    name,
    offset: from,
    hex: toHex(voucher.subarray(from, to)),
  });
  const parts = [part("kid", 0, 4), part("R", 4, 36), part("S", 36, PAYLOAD_AT)].filter(({ hex }) => hex !== "");
  const names = ["payload", "sub", "exp", "cti", "phone"];
  const items = [...readItems(voucher.subarray(PAYLOAD_AT))].map(({ offset, bytes, notation }, i) => {
    const name = names[i] ?? "more";
    return { name, offset: PAYLOAD_AT + offset, hex: toHex(bytes), value: explainItem(name, { bytes, notation, now }) };
  });
  return [...parts, ...items];
}

interface ItemContext {
  readonly bytes: Uint8Array;
  readonly notation: string;
  readonly now: number;
}

function explainItem(name: string, { bytes, notation, now }: ItemContext): string {
  if (name === "sub" && bytes.length === 17 && bytes[0] === 0x50) {
    return `${notation}, UUID ${toHex(bytes.subarray(1)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`;
  }
  const isTime = name === "exp" && /^\d{1,10}$/.test(notation) && Number(notation) <= 0xffffffff;
  return isTime ? `${notation}, ${formatTime(Number(notation))}${Number(notation) <= now ? ", over" : ""}` : notation;
}

async function printField({ name, offset, hex, value }: Field, { terminal }: CliContext): Promise<void> {
  const [first = "", ...more] = hex.match(/.{1,64}/g) ?? [];
  await terminal.print(`${String(offset).padStart(7)}  ${name.padEnd(9)}  ${first}`);
  for (const line of more) await terminal.print(`${" ".repeat(19)}${line}`);
  if (value !== undefined) await terminal.print(`${" ".repeat(19)}${terminal.paint("dim", "=")} ${value}`);
}

/** The order of the curve's base point (RFC 8032 section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

// What can be said of a signature without a key (step 4): two rules that must hold, and prove nothing.
function strictness(signature: Uint8Array): string {
  if (BigInt(`0x${toHex(signature.slice(32).reverse())}`) >= L) return "never valid: S is not under L";
  const isIdentity = signature[0] === 1 && signature.subarray(1, 32).every((byte) => byte === 0);
  return isIdentity ? "never valid: R is the identity" : "not checked; its form is fine";
}
