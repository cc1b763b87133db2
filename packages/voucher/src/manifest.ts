import { ascii, concat } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import { ARRAY, BYTES, TEXT, UINT, writeHead } from "./cbor-head.ts";
import { type Cbor, encodeCbor } from "./cbor-write.ts";
import { readDeliveryId, writeDeliveryId } from "./delivery-id.ts";
import { readBytes, readItems, readList, readString, readUint } from "./items.ts";
import { NAME } from "./keys.ts";
import { malformed } from "./refusal.ts";
import { CTI_LENGTH, readAscending } from "./revocations.ts";

/** A route's stops for one shift (docs/format.md section 4). Times are seconds since 1970. */
export interface Manifest {
  readonly issuer: string;
  readonly route: string;
  /** Grows with every manifest of the route. */
  readonly version: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Calling code without +, as `44`: what a driver's national number begins with. */
  readonly country: string;
  /** scrypt's cost, 2^logN, of every seal in this manifest. */
  readonly logN: number;
  /** In driving order, each delivery once. */
  readonly stops: readonly Stop[];
  /** The ctis of earlier vouchers of these stops, 8 bytes each, sorted and packed. */
  readonly revoked: Uint8Array;
}

/** One delivery of a manifest, with its voucher under seal. */
export interface Stop extends Seal {
  readonly deliveryId: string;
  /** What the driver reads, such as an address: at most 200 characters. */
  readonly label: string | null;
  /** When the customer expects it, seconds since 1970. */
  readonly window: { readonly from: number; readonly to: number } | null;
}

/** A voucher that only its short code opens. Made once and copied into later manifests. */
export interface Seal {
  /** scrypt's, 16 random bytes of this seal alone. */
  readonly salt: Uint8Array;
  /** The voucher in AES-256-GCM, its tag at the end: 98 to 168 bytes. */
  readonly sealed: Uint8Array;
}

/** A manifest with more is refused: no driver's shift has them. */
export const MAX_STOPS = 500;

/** The costs of scrypt that a manifest may name: 2^15 takes 32 MiB, 2^17 takes 128. */
export const LOG_N = { min: 15, max: 17 } as const;

/**
 * A label: up to 200 characters, no controls. No byte order mark at its beginning: a TextDecoder drops it, and a reader
 * that encodes again and compares would refuse the whole manifest.
 */
export const LABEL: RegExp = /^(?!\ufeff)\P{Cc}{0,200}$/u;

/**
 * A manifest to the payload that a document key signs. It does not check what {@link readManifest} checks: the signer
 * reads back what it is about to sign.
 * @throws {RangeError} a number or a delivery ID that the format cannot carry
 */
export function writeManifest(manifest: Manifest): Uint8Array {
  const { issuer, route, version, issuedAt, expiresAt, country, logN, stops, revoked } = manifest;
  return encodeCbor([issuer, route, version, issuedAt, expiresAt, country, logN, stops.map(writeStop), revoked]);
}

/**
 * The payload of a manifest, after its signature was checked, to the manifest.
 * @throws {Refusal} `malformed`, step `payload`: another shape or encoding, too many stops, a delivery twice, a cost
 * out of bounds
 */
export function readManifest(payload: Uint8Array): Manifest {
  const [issuer, route, version, iat, exp, country, logN, stops, revoked] = readItems(
    decodeCbor(payload, "document"),
    9,
  );
  const manifest = {
    issuer: readString(issuer, NAME),
    route: readString(route, NAME),
    version: readUint(version),
    issuedAt: readUint(iat),
    expiresAt: readUint(exp),
    country: readString(country, COUNTRY),
    logN: readUint(logN, LOG_N.max),
    stops: readList(stops).map(readStop),
    revoked: readAscending(revoked, CTI_LENGTH),
  };
  // A weaker KDF would make the search cheap, a stronger one would take more memory than a phone has.
  if (manifest.logN < LOG_N.min) malformed("payload");
  if (manifest.stops.length > MAX_STOPS) malformed("payload");
  const ids = new Set(manifest.stops.map((stop) => stop.deliveryId));
  if (ids.size !== manifest.stops.length) malformed("payload");
  return manifest;
}

/** AES-GCM's, 12 zero bytes: it may be constant because the salt, and so the key, is drawn for this one seal. */
export const SEAL_NONCE: Uint8Array<ArrayBuffer> = new Uint8Array(12);

/** scrypt's salt: no other use of scrypt with the same password gives this key. */
export function sealSalt(salt: Uint8Array): Uint8Array {
  return concat(ascii("doorproof-seal-v1"), salt);
}

/**
 * AES-GCM's associated data, the CBOR of [sub, logN]: a seal cannot be moved to another stop or be opened at another
 * cost. Put together from heads, because a verifier opens seals and would carry all of cbor-x for these few bytes.
 */
export function sealContext(deliveryId: string, logN: number): Uint8Array {
  const sub = writeDeliveryId(deliveryId);
  const [major, content] = typeof sub === "string" ? [TEXT, ascii(sub)] : [BYTES, sub];
  return concat(writeHead(ARRAY, 2), writeHead(major, content.length), content, writeHead(UINT, logN));
}

const COUNTRY = /^[1-9][0-9]{0,2}$/;
const SALT_LENGTH = 16;
/** A voucher of 82 to 152 bytes and AES-GCM's tag. */
const SEALED_LENGTH = { min: 98, max: 168 };

function writeStop({ deliveryId, label, window, salt, sealed }: Stop): Cbor {
  return [writeDeliveryId(deliveryId), label, window && [window.from, window.to], salt, sealed];
}

function readStop(value: unknown): Stop {
  const [sub, label, window, salt, sealed] = readItems(value, 5);
  const bytes = readBytes(sealed, 1, "many");
  if (bytes.length < SEALED_LENGTH.min || bytes.length > SEALED_LENGTH.max) malformed("payload");
  return {
    deliveryId: readDeliveryId(sub),
    label: label === null ? null : readString(label, LABEL),
    window: window === null ? null : readWindow(window),
    salt: readBytes(salt, SALT_LENGTH),
    sealed: bytes,
  };
}

function readWindow(value: unknown): { from: number; to: number } {
  const [from, to] = readItems(value, 2).map((time) => readUint(time));
  return { from: from as number, to: to as number };
}
