import { createHash } from "node:crypto";
import { array, type Bytes, bstr, fromHex, hex, join, tstr, utf8 } from "./bytes.ts";
import { add, BASE, craft, encode, IDENTITY, L, littleEndian, multiply, number, T8 } from "./curve.ts";
import { DAY, GRACE, HOUR, KEYS, NOW } from "./given.ts";
import { bytesToSign, protectedHeader, signature, textOf } from "./make.ts";
import type { Row } from "./refused-row.ts";
import { issued } from "./valid.ts";

// Step 4. What follows the signature is good in every case: were it taken, the voucher would be valid.

const { kid, seed } = KEYS.voucher;
const STALE = { delivery: null, keys: "ageing", revocations: "ageing", now: NOW + HOUR + GRACE };

export function signatures(): readonly Row[] {
  const made = issued("signatures");
  const [payload, signed, toSign] = [made.payload, made.signature, made.bytesToSign].map(fromHex) as [
    Bytes,
    Bytes,
    Bytes,
  ];
  const refused = (name: string, voucher: Bytes): Row => ({
    name,
    text: textOf(voucher),
    expect: "bad-signature",
    question: { delivery: null },
  });
  const withSignature = (name: string, other: Bytes): Row => refused(name, join(kid, other, payload));
  const signedOver = (name: string, bytes: Bytes): Row => withSignature(name, signature(KEYS.voucher, bytes));
  const flipped = (name: string, at: number, bit = 1): Row => {
    const voucher = fromHex(made.voucher);
    voucher[at] = (voucher[at] ?? 0) ^ bit;
    return refused(name, voucher);
  };
  const header = (bytes: Bytes): Bytes => array(tstr("Signature1"), bstr(bytes), fromHex("40"), bstr(payload));
  const [r, s] = [signed.subarray(0, 32), number(signed.subarray(32))];
  const nonce = number(new Uint8Array(createHash("sha256").update("nonce of the crafted signatures").digest())) % L;

  return [
    flipped("one bit of R", 4),
    flipped("the sign bit of R", 35, 0x80),
    flipped("one bit of S", 36),
    flipped("the top bit of S", 67, 0x80),
    flipped("one bit of the delivery ID", 72),
    flipped("one bit of the expiry", 86),
    flipped("one bit of the cti", 90),
    { ...flipped("one bit of R, and this device's clock is behind", 5), question: { delivery: null, seen: NOW + 301 } },
    {
      ...flipped("one bit of R, before the key's window, by a clock that is behind", 7),
      question: { delivery: null, keys: "listed", now: NOW - 11 * DAY },
    },
    { ...flipped("one bit of R, and the lists are stale", 6), question: STALE },
    flipped("the last bit of the phone hash", made.voucher.length / 2 - 1),
    refused("the last byte cut off", fromHex(made.voucher).slice(0, -1)),
    refused("a byte added", join(fromHex(made.voucher), Uint8Array.of(0))),
    withSignature("no signature: zeros", new Uint8Array(64)),
    withSignature("R and S exchanged", join(signed.subarray(32), r)),
    withSignature("another voucher's signature", fromHex(issued("another").signature)),
    withSignature("a signature by another key", signature(KEYS.brief, toSign)),
    withSignature(
      "a signature by another key, which names itself",
      signature(KEYS.brief, bytesToSign("voucher", KEYS.brief.kid, payload)),
    ),

    withSignature("S + L: another signature from a good one", join(r, littleEndian(s + L))),
    withSignature(
      "R = identity, S = k a: Go, Python and old Node accept it",
      craft(seed, toSign, { r: 0n, encodedR: encode(IDENTITY) }),
    ),
    withSignature(
      "R = identity in another encoding",
      craft(seed, toSign, { r: 0n, encodedR: fromHex(`ee${"ff".repeat(30)}7f`) }),
    ),
    withSignature("R of order 8", craft(seed, toSign, { r: 0n, encodedR: encode(T8) })),
    withSignature(
      "R of mixed order: the cofactored equation holds",
      craft(seed, toSign, { r: nonce, encodedR: encode(add(multiply(BASE, nonce), T8)) }),
    ),

    signedOver("signed over the payload alone", payload),
    signedOver("signed over a hash", new Uint8Array(createHash("sha512").update(toSign).digest())),
    signedOver("signed as a manifest", bytesToSign("manifest", kid, payload)),
    signedOver("signed as a key list", bytesToSign("keys", kid, payload)),
    signedOver("signed as a revocation list", bytesToSign("revocations", kid, payload)),
    signedOver("signed as a receipt", bytesToSign("receipt", kid, payload)),
    signedOver("signed with another kid in the header", bytesToSign("voucher", KEYS.brief.kid, payload)),
    signedOver("signed without a typ", header(join(fromHex("a2012704"), bstr(kid)))),
    signedOver(
      "signed with another algorithm in the header",
      header(fromHex(hex(protectedHeader("voucher", kid)).replace("a30127", "a30126"))),
    ),
    signedOver(
      "signed with external data",
      array(tstr("Signature1"), bstr(protectedHeader("voucher", kid)), bstr(utf8("doorproof")), bstr(payload)),
    ),
    signedOver(
      "signed as a COSE_Sign, not a COSE_Sign1",
      array(tstr("Signature"), bstr(protectedHeader("voucher", kid)), fromHex("40"), bstr(payload)),
    ),
  ];
}
