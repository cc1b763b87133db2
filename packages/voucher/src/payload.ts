import { encodeCbor } from "./cbor.ts";
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
 * Payload to claims; step 5 of reading, after the signature. A reader of this one shape: it takes each item in its
 * shortest form and nothing else, so that what it accepts is canonical by construction. A general decoder would cost 7
 * kB of the verifier's 10.
 *
 * @throws {Refusal} `malformed`, step `payload`
 */
export function readPayload(payload: Uint8Array): Claims {
  if (payload[0] !== ARRAY_OF_FOUR) malformed("payload");
  const sub = readSub(payload.subarray(1));
  const exp = readHead(sub.rest, UINT);
  const cti = readString(exp.rest, BYTES);
  if (cti.value.length !== CTI_LENGTH) malformed("payload");
  const phone = readPhone(cti.rest);
  if (phone.rest.length !== 0) malformed("payload");
  return { deliveryId: sub.value, expiresAt: exp.value, cti: cti.value, phoneHash: phone.value };
}

const CTI_LENGTH = 8;
const MAX_PHONE_HASH = 0xfff;

// Major types (RFC 8949 section 3.1), in place in the top three bits of a head.
const UINT = 0x00;
const BYTES = 0x40;
const TEXT = 0x60;

const ARRAY_OF_FOUR = 0x84;
const NULL = 0xf6;

/** An item and the bytes after it, so that no reader has to keep a position. */
interface Read<T> {
  readonly value: T;
  readonly rest: Uint8Array;
}

function readSub(bytes: Uint8Array): Read<string> {
  const isBytes = ((bytes[0] ?? 0) & 0xe0) === BYTES;
  const { value, rest } = readString(bytes, isBytes ? BYTES : TEXT);
  return { value: readDeliveryId(isBytes ? value : String.fromCharCode(...value)), rest };
}

function readPhone(bytes: Uint8Array): Read<number | null> {
  if (bytes[0] === NULL) return { value: null, rest: bytes.subarray(1) };
  const phone = readHead(bytes, UINT);
  if (phone.value > MAX_PHONE_HASH) malformed("payload");
  return phone;
}

function readString(bytes: Uint8Array, major: number): Read<Uint8Array> {
  const { value: length, rest } = readHead(bytes, major);
  if (rest.length < length) malformed("payload");
  return { value: rest.subarray(0, length), rest: rest.subarray(length) };
}

/** The argument of a head of this major type, in its shortest form (RFC 8949 section 4.2.1), up to 32 bits. */
function readHead(bytes: Uint8Array, major: number): Read<number> {
  const info = (bytes[0] ?? malformed("payload")) ^ major;
  if (info < 24) return { value: info, rest: bytes.subarray(1) };
  if (info > 26) malformed("payload");
  const width = 1 << (info - 24);
  if (bytes.length <= width) malformed("payload");
  const value = bytes.subarray(1, 1 + width).reduce((sum, byte) => sum * 256 + byte, 0);
  if (value <= (LONGEST_SHORTER[info - 24] ?? 0)) malformed("payload");
  return { value, rest: bytes.subarray(1 + width) };
}

/** The largest argument that the next shorter head still carries, for heads of 1, 2 and 4 bytes more. */
const LONGEST_SHORTER = [23, 0xff, 0xffff];

function isUint(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}
