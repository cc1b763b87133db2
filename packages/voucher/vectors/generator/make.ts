import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  scryptSync,
  sign,
} from "node:crypto";
import type { Stages } from "../schema.ts";
import { array, type Bytes, base45, bstr, fromHex, hex, join, NULL, tstr, uint, utf8 } from "./bytes.ts";

/** A key whose seed stands in given.json: for tests, and on the deny-list of signers. */
export interface TestKey {
  seed: Bytes;
  publicKey: Bytes;
  kid: Bytes;
}

export function testKey(seed: Bytes): TestKey {
  const spki = createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" });
  const publicKey = new Uint8Array(spki.subarray(12));
  return { seed, publicKey, kid: kidOf(publicKey) };
}

export function kidOf(publicKey: Bytes): Bytes {
  const thumbprint = createHash("sha256").update(fromHex("a301012006215820")).update(publicKey).digest();
  return new Uint8Array(thumbprint.subarray(0, 4));
}

export function signature(key: TestKey, message: Bytes): Bytes {
  return new Uint8Array(sign(null, message, privateKey(key.seed)));
}

export type Kind = "voucher" | "manifest" | "keys" | "revocations" | (typeof RESERVED)[number];
/** Of what comes later: a reader of today takes none of them for a document that it knows. */
export const RESERVED = ["receipt", "record", "device", "shift", "handover"] as const;

export function protectedHeader(kind: Kind, kid: Bytes): Bytes {
  const typ = `application/vnd.doorproof.${kind}+cbor`;
  return join(fromHex("a3012704"), bstr(kid), fromHex("10"), tstr(typ));
}

export function bytesToSign(kind: Kind, kid: Bytes, payload: Bytes): Bytes {
  return array(tstr("Signature1"), bstr(protectedHeader(kind, kid)), fromHex("40"), bstr(payload));
}

export function coseSign1(kind: Kind, { kid, payload, signed }: { kid: Bytes; payload: Bytes; signed: Bytes }): Bytes {
  return join(fromHex("d2"), array(bstr(protectedHeader(kind, kid)), fromHex("a0"), bstr(payload), bstr(signed)));
}

/** A signed document on the wire. */
export function document(kind: Kind, payload: Bytes, key: TestKey): Bytes {
  return coseSign1(kind, { kid: key.kid, payload, signed: signature(key, bytesToSign(kind, key.kid, payload)) });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function sub(deliveryId: string): Bytes {
  return UUID.test(deliveryId) ? bstr(fromHex(deliveryId.replaceAll("-", ""))) : tstr(deliveryId);
}

export function textOf(voucher: Bytes): string {
  return `DP1:${base45(voucher)}`;
}

/** kid || signature || payload, over whatever payload. */
export function voucherOf(payload: Bytes, key: TestKey): Bytes {
  return join(key.kid, signature(key, bytesToSign("voucher", key.kid, payload)), payload);
}

export interface Made extends Stages {
  text: string;
}

export function makeVoucher(
  claims: Stages["claims"],
  { key, secret, phone }: { key: TestKey; secret: Bytes; phone?: string },
): Made {
  const { deliveryId, expiresAt, phoneHash } = claims;
  const cti = fromHex(claims.cti);
  const payload = array(sub(deliveryId), uint(expiresAt), bstr(cti), phoneHash === null ? NULL : uint(phoneHash));
  const toSign = bytesToSign("voucher", key.kid, payload);
  const signed = signature(key, toSign);
  const voucher = join(key.kid, signed, payload);
  return {
    claims,
    ...(phone === undefined ? {} : { phone }),
    payload: hex(payload),
    kid: hex(key.kid),
    bytesToSign: hex(toSign),
    signature: hex(signed),
    voucher: hex(voucher),
    text: textOf(voucher),
    coseSign1: hex(coseSign1("voucher", { kid: key.kid, payload, signed })),
    shortCode: shortCode(secret, key.kid, cti),
  };
}

export function phoneHash(number: string): number {
  return createHmac("sha256", "doorproof-phone-v1").update(number).digest().readUInt16BE() >> 4;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function shortCode(secret: Bytes, kid: Bytes, cti: Bytes): string {
  const mac = createHmac("sha256", secret).update("doorproof-code-v1").update(kid).update(cti).digest();
  let bits = BigInt(`0x${mac.toString("hex")}`) >> 211n;
  const digits: number[] = [];
  for (; digits.length < 9; bits >>= 5n) digits.unshift(Number(bits & 31n));
  return withCheckDigit(digits.map((digit) => CROCKFORD[digit]).join(""));
}

export function withCheckDigit(nine: string): string {
  let check = 0;
  for (const character of nine) {
    check = (check ^ CROCKFORD.indexOf(character)) << 1;
    if (check & 32) check ^= 0x29;
  }
  return nine + CROCKFORD[check];
}

export function seal(
  voucher: Bytes,
  { deliveryId, code, salt, logN }: { deliveryId: string; code: string; salt: Bytes; logN: number },
): Bytes {
  const N = 2 ** logN;
  const key = scryptSync(code, join(utf8("doorproof-seal-v1"), salt), 32, { N, r: 8, p: 1, maxmem: 2048 * N });
  const aes = createCipheriv("aes-256-gcm", key, new Uint8Array(12));
  aes.setAAD(array(sub(deliveryId), uint(logN)));
  return join(aes.update(voucher), aes.final(), aes.getAuthTag());
}

/** A list of items of one length, packed in ascending order. */
export function packed(...entries: Bytes[]): Bytes {
  return bstr(fromHex(entries.map(hex).sort().join("")));
}

function privateKey(seed: Bytes) {
  const pkcs8 = Buffer.concat([fromHex("302e020100300506032b657004220420"), seed]);
  return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
}
