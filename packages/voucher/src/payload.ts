import { ARRAY, BYTES, type Cursor, readHead, SIMPLE, TEXT, takeBytes, UINT } from "./cbor-head.ts";
import { encodeCbor } from "./cbor-write.ts";
import { readDeliveryId, writeDeliveryId } from "./delivery-id.ts";
import { malformed } from "./refusal.ts";

/** What a voucher claims (docs/format.md section 1). */
export interface Claims {
  /** The shipper's own: 1 to 64 printable ASCII characters, no spaces. */
  readonly deliveryId: string;
  /** Seconds since 1970; refused from this second on. */
  readonly expiresAt: number;
  /** The nonce, 8 random bytes. */
  readonly cti: Uint8Array;
  /** 0 to 4095, or null where policy leaves it out. */
  readonly phoneHash: number | null;
}

/**
 * Claims to payload: [sub, exp, cti, phone] (docs/format.md section 1).
 * @throws {RangeError} a claim that the format cannot carry: the caller's fault, so no refusal
 */
export function writePayload({ deliveryId, expiresAt, cti, phoneHash }: Claims): Uint8Array {
  if (!isUint(expiresAt, 0xffffffff)) throw new RangeError("expiry is whole seconds since 1970, at most 2^32-1");
  if (cti.length !== CTI_LENGTH) throw new RangeError("cti is 8 bytes");
  if (phoneHash !== null && !isUint(phoneHash, MAX_PHONE_HASH))
    throw new RangeError("phone hash is 0 to 4095, or null");
  return encodeCbor([writeDeliveryId(deliveryId), expiresAt, cti, phoneHash]);
}

/**
 * Payload to claims; step 5 of reading, after the signature. By heads and not by decodeCbor, which reads whatever
 * documents hold and would make the smallest verifier larger.
 * @throws {Refusal} `malformed`, step `payload`
 */
export function readPayload(payload: Uint8Array): Claims {
  const cursor = { bytes: payload, at: 0 };
  if (readArgument(cursor, ARRAY) !== 4) malformed("payload");
  const deliveryId = readSub(cursor);
  const expiresAt = readArgument(cursor, UINT);
  if (readArgument(cursor, BYTES) !== CTI_LENGTH) malformed("payload");
  const cti = takeBytes(cursor, CTI_LENGTH);
  const phoneHash = readPhone(cursor);
  if (cursor.at !== payload.length) malformed("payload");
  return { deliveryId, expiresAt, cti, phoneHash };
}

const CTI_LENGTH = 8;
const MAX_PHONE_HASH = 0xfff;
const NULL = 22;

function readArgument(cursor: Cursor, expected: number): number {
  const [major, argument] = readHead(cursor);
  return major === expected ? argument : malformed("payload");
}

function readSub(cursor: Cursor): string {
  const [major, argument] = readHead(cursor);
  const content = takeBytes(cursor, argument);
  if (major === BYTES) return readDeliveryId(content);
  return major === TEXT ? readDeliveryId(String.fromCharCode(...content)) : malformed("payload");
}

function readPhone(cursor: Cursor): number | null {
  const [major, argument] = readHead(cursor);
  if (major === SIMPLE && argument === NULL) return null;
  if (major !== UINT || argument > MAX_PHONE_HASH) malformed("payload");
  return argument;
}

function isUint(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}
