import { hexToBytes } from "@noble/hashes/utils.js";
import { toHex } from "./bytes.ts";
import { malformed } from "./refusal.ts";

const DELIVERY_ID = /^[!-~]{1,64}$/;

/**
 * The one spelling of a UUID that travels as 16 bytes: lower case with hyphens. Any other spelling is an ID of its own.
 */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** 1 to 64 printable ASCII characters without spaces, compared byte by byte: no case, no Unicode form to fold. */
export function isDeliveryId(value: unknown): value is string {
  return typeof value === "string" && DELIVERY_ID.test(value);
}

/**
 * A delivery ID as it stands in a payload (`sub`): a UUID is 16 bytes, all else is text. Each ID has exactly one form.
 * @throws {RangeError} not a delivery ID
 */
export function writeDeliveryId(deliveryId: string): string | Uint8Array {
  if (!isDeliveryId(deliveryId)) throw new RangeError("a delivery ID is 1 to 64 printable ASCII characters, no spaces");
  return UUID.test(deliveryId) ? hexToBytes(deliveryId.replaceAll("-", "")) : deliveryId;
}

/** @throws {Refusal} `malformed`, step `payload`: neither form, or a UUID as text */
export function readDeliveryId(sub: unknown): string {
  if (sub instanceof Uint8Array && sub.length === 16) {
    return toHex(sub).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  if (!isDeliveryId(sub)) malformed("payload");
  if (UUID.test(sub)) malformed("payload");
  return sub;
}
