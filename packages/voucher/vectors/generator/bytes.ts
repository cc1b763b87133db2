// The format written once more, by hand and from docs/format.md: nothing here comes from ../../src, so that the two can
// disagree.

export type Bytes = Uint8Array;

export const hex = (bytes: Bytes): string => Buffer.from(bytes).toString("hex");
export const fromHex = (text: string): Bytes => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
export const join = (...parts: Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts));

/** CBOR (RFC 8949 section 3): `width` 1, 2, 4 or 8 forces a head longer than needed. */
export function head(major: number, argument: number, width?: 1 | 2 | 4 | 8): Bytes {
  const shortest = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
  const bytes = width ?? shortest;
  if (bytes === 0) return Uint8Array.of((major << 5) | argument);
  const info = { 1: 24, 2: 25, 4: 26, 8: 27 }[bytes];
  return join(Uint8Array.of((major << 5) | info), fromHex(argument.toString(16).padStart(bytes * 2, "0")));
}

export const uint = (value: number): Bytes => head(0, value);
export const bstr = (bytes: Bytes): Bytes => join(head(2, bytes.length), bytes);
export const tstr = (text: string): Bytes => join(head(3, utf8(text).length), utf8(text));
export const array = (...items: Bytes[]): Bytes => join(head(4, items.length), ...items);
export const NULL: Bytes = Uint8Array.of(0xf6);

/** The items of an array whose head has one byte and whose items are as plain as ours. */
export function itemsOf(bytes: Bytes): Bytes[] {
  const items: Bytes[] = [];
  for (let at = 1; at < bytes.length; ) {
    const end = endOf(bytes, at);
    items.push(bytes.subarray(at, end));
    at = end;
  }
  return items;
}

function endOf(bytes: Bytes, at: number): number {
  const [major, info] = [(bytes[at] ?? 0) >> 5, (bytes[at] ?? 0) & 31];
  const width = { 24: 1, 25: 2, 26: 4 }[info] ?? 0;
  const argument = width === 0 ? info : Number(`0x${hex(bytes.subarray(at + 1, at + 1 + width))}`);
  const after = at + 1 + width;
  if (major === 2 || major === 3) return after + argument;
  let end = after;
  for (let i = 0; major === 4 && i < argument; i++) end = endOf(bytes, end);
  return end;
}

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** RFC 9285 section 4. */
export function base45(bytes: Bytes): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let value = pair ? ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0) : (bytes[i] ?? 0);
    for (let digits = pair ? 3 : 2; digits > 0; digits--) {
      text += BASE45[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}
