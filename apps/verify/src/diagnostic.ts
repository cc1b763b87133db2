import { toHex } from "@doorproof/voucher/codec";
import { escapeText } from "./terminal.ts";

/** One item of CBOR: where it lies and what it says, in diagnostic notation (RFC 8949 section 8). */
export interface Item {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly notation: string;
}

/**
 * Takes CBOR apart item by item, as far as it can be read, for showing it. It builds no values, so it may be given
 * bytes whose signature was not checked. The head of an array, map or tag is an item of its own. Ends after the first
 * that cannot be read.
 */
export function* readItems(bytes: Uint8Array): Generator<Item> {
  for (let offset = 0; offset < bytes.length; ) {
    const { notation, length } = readItem(bytes.subarray(offset));
    yield { offset, bytes: bytes.subarray(offset, offset + length), notation };
    offset += length;
  }
}

interface Read {
  readonly notation: string;
  readonly length: number;
}

function readItem(bytes: Uint8Array): Read {
  const [head = 0] = bytes;
  const major = head >> 5;
  const info = head & 31;
  const width = info < 24 ? 0 : 2 ** (info - 24);
  const unread = (why: string): Read => ({ notation: `not read: ${why}`, length: bytes.length });
  if (info > 27) return unread(info === 31 ? "of indefinite length" : "a head that RFC 8949 does not define");
  if (bytes.length < 1 + width) return unread("ends early");
  const argument = width === 0 ? BigInt(info) : BigInt(`0x${toHex(bytes.subarray(1, 1 + width))}`);
  const isShortest = width === 0 || argument >= (SHORTEST[info - 24] ?? 0n);
  const remark = isShortest || major === 7 ? "" : ", not in its shortest form";
  const content = Number(argument);
  const length = 1 + width + (major === 2 || major === 3 ? content : 0);
  if (length > bytes.length) return unread(`ends early, ${content} bytes were announced`);
  return { notation: notate(major, argument, bytes.subarray(1 + width, length), head) + remark, length };
}

/** The smallest argument that needs a head of 1, 2, 4 and 8 bytes more. */
const SHORTEST: readonly bigint[] = [24n, 0x100n, 0x10000n, 0x100000000n];

function notate(major: number, argument: bigint, content: Uint8Array, head: number): string {
  switch (major) {
    case 0:
      return `${argument}`;
    case 1:
      return `${-1n - argument}`;
    case 2:
      return `h'${toHex(content)}'`;
    case 3:
      return `"${escapeText(new TextDecoder().decode(content))}"`;
    case 4:
      return `array(${argument})`;
    case 5:
      return `map(${argument})`;
    case 6:
      return `tag(${argument})`;
    default:
      return SIMPLE[head] ?? "simple value or float";
  }
}

const SIMPLE: Readonly<Record<number, string>> = { 0xf4: "false", 0xf5: "true", 0xf6: "null", 0xf7: "undefined" };
