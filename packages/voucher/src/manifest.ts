import { ascii, concat } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import { ARRAY, BYTES, TEXT, UINT, writeHead } from "./cbor-head.ts";
import { encodeCbor } from "./cbor-write.ts";
import { writeDeliveryId } from "./delivery-id.ts";
import { readItems, readList, readString, readUint } from "./items.ts";
import { NAME } from "./keys.ts";
import { malformed } from "./refusal.ts";
import { CTI_LENGTH, readAscending } from "./revocations.ts";
import { readStop, type Stop, writeStop } from "./stop.ts";

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
  /** In driving order, each delivery once: at most 500, with at most 2,000 parcels. */
  readonly stops: readonly Stop[];
  /** The ctis of earlier vouchers of these stops, 8 bytes each, sorted and packed: at most 2,000. */
  readonly revoked: Uint8Array;
}

/** A manifest with more is refused: no driver's shift has them. */
export const MAX_STOPS = 500;

/** Of all stops together. With this many, and as many revoked vouchers, 500 stops at their largest fit into the cap. */
export const MAX_PARCELS = 2_000;

/** Entries of `revoked`. */
export const MAX_REVOKED = 2_000;

/** The costs of scrypt that a manifest may name: 2^15 takes 32 MiB, 2^17 takes 128. */
export const LOG_N = { min: 15, max: 17 } as const;

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
 * @throws {Refusal} `malformed`, step `payload`: another shape or encoding, too many stops, parcels or revoked
 * vouchers, a delivery twice, a cost out of bounds
 */
export function readManifest(payload: Uint8Array): Manifest {
  return readManifestOf(payload, readStop);
}

/**
 * A manifest whose stops are read by this: those of before have fewer items.
 * @throws {Refusal} as {@link readManifest}
 */
export function readManifestOf(payload: Uint8Array, readStopItem: (value: unknown) => Stop): Manifest {
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
    stops: readList(stops, MAX_STOPS).map(readStopItem),
    revoked: readAscending(revoked, CTI_LENGTH),
  };
  // A weaker KDF would make the search cheap, a stronger one would take more memory than a phone has.
  if (manifest.logN < LOG_N.min) malformed("payload");
  if (manifest.revoked.length > MAX_REVOKED * CTI_LENGTH) malformed("payload");
  if (manifest.stops.reduce((parcels, stop) => parcels + stop.parcels.length, 0) > MAX_PARCELS) malformed("payload");
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
