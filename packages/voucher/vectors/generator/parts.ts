import type { Octets, Part } from "../schema.ts";
import { type Bytes, fromHex, hex, join, utf8 } from "./bytes.ts";
import { document, type Kind, type TestKey } from "./make.ts";

/** A signed document whose payload is told in parts; the signature is over what they stand for. */
export function inParts(kind: Kind, payload: readonly Part[], key: TestKey): readonly Part[] {
  const said = bytesOf(payload);
  const whole = document(kind, said, key);
  const signatureAt = whole.length - 66;
  const before = { hex: hex(whole.subarray(0, signatureAt - said.length)) };
  return [before, ...payload, { hex: hex(whole.subarray(signatureAt)) }];
}

export function bytesOf(octets: Octets): Bytes {
  return typeof octets === "string" ? fromHex(octets) : join(...octets.map(partBytes));
}

function partBytes({ hex, times = 1, countAt, digitsAt }: Part): Bytes {
  const once = fromHex(hex);
  const all = new Uint8Array(once.length * times);
  const view = new DataView(all.buffer);
  for (let i = 0; i < times; i++) {
    all.set(once, i * once.length);
    if (countAt !== undefined) view.setUint32(i * once.length + countAt, i);
    if (digitsAt !== undefined) all.set(utf8(`${i}`.padStart(4, "0")), i * once.length + digitsAt);
  }
  return all;
}
