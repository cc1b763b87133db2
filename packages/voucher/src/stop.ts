import { utf8Length } from "./bytes.ts";
import type { Cbor } from "./cbor-write.ts";
import { readDeliveryId, writeDeliveryId } from "./delivery-id.ts";
import { readBytes, readItems, readList, readString, readUint } from "./items.ts";
import { malformed } from "./refusal.ts";

/** One delivery of a manifest, with its voucher under seal (docs/format.md section 4). */
export interface Stop extends Seal {
  readonly deliveryId: string;
  readonly label: StopLabel;
  /** Whom the recipient named to take it: 1 to 40 bytes. */
  readonly named: string | null;
  /** When the customer expects it, seconds since 1970. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** What the labels of its parcels say: at most 32, each 1 to 64 printable ASCII characters. */
  readonly parcels: readonly string[];
  /** Whom the driver calls, `tel:` and an E.164 number: a relay's or the dispatcher's. */
  readonly call: string | null;
  /** What is asked of the driver, in bits: see {@link ASK_BITS}. */
  readonly asks: number;
  /** Who may take it, in bits, one at least: see {@link TAKER_BITS}. */
  readonly takers: number;
}

/** What the driver reads. No controls, and at most 400 bytes of UTF-8 in all three together. */
export interface StopLabel {
  readonly name: string | null;
  readonly address: string | null;
  /** How to get to the door. */
  readonly hint: string | null;
}

/** A voucher that only its short code opens. Made once and copied into later manifests. */
export interface Seal {
  /** scrypt's, 16 random bytes of this seal alone. */
  readonly salt: Uint8Array;
  /** The voucher in AES-256-GCM, its tag at the end: 98 to 168 bytes. */
  readonly sealed: Uint8Array;
}

/** Bytes of a label's three texts together. */
export const MAX_LABEL = 400;

/** Of one stop. A manifest has a bound of its own. */
export const MAX_STOP_PARCELS = 32;

/**
 * A text of a label, or a name: no controls. No byte order mark at its beginning: a TextDecoder drops it, and a reader
 * that encodes again and compares would refuse the whole manifest.
 */
export const STOP_TEXT: RegExp = /^(?!\ufeff)\P{Cc}*$/u;

/** What a parcel's label says. */
export const PARCEL: RegExp = /^[!-~]{1,64}$/;

/** Whom to call, and nothing else that an address can do. */
export const CALL: RegExp = /^tel:\+[1-9][0-9]{6,14}$/;

/** What each bit of `asks` asks of the driver. */
export const ASK_BITS = { label: 1, "safe-place-photo": 2, "attempt-photo": 4, signature: 8, age: 16 } as const;

/** Whom each bit of `takers` lets take the delivery. */
export const TAKER_BITS = { recipient: 1, neighbour: 2, "safe-place": 4, reception: 8 } as const;

/** Of a delivery of which nothing is said: all of the four. */
export const ANYBODY: number = /* @__PURE__ */ writeBits(
  ["recipient", "neighbour", "safe-place", "reception"],
  TAKER_BITS,
);

/** Bytes of whom the recipient named. */
export const MAX_NAMED = 40;

/** The words of the bits that are set, in their order, and whether a bit is set that has none. */
export function readBits<Word extends string>(
  bits: number,
  known: Readonly<Record<Word, number>>,
): { readonly words: readonly Word[]; readonly unknown: boolean } {
  const words = (Object.keys(known) as Word[]).filter((word) => (bits & known[word]) !== 0);
  return { words, unknown: writeBits(words, known) !== bits };
}

/** A word that stands twice sets its bit once. */
export function writeBits<Word extends string>(words: readonly Word[], known: Readonly<Record<Word, number>>): number {
  return words.reduce((bits, word) => bits | known[word], 0);
}

export function writeStop(stop: Stop): Cbor {
  const { deliveryId, label, named, window, parcels, call, asks, takers, salt, sealed } = stop;
  return [
    writeDeliveryId(deliveryId),
    [label.name, label.address, label.hint],
    named,
    window && [window.from, window.to],
    parcels,
    call,
    asks,
    takers,
    salt,
    sealed,
  ];
}

export function readStop(value: unknown): Stop {
  const [sub, label, named, window, parcels, call, asks, takers, salt, sealed] = readItems(value, 10);
  const stop = {
    deliveryId: readDeliveryId(sub),
    label: readLabel(label),
    named: named === null ? null : readString(named, STOP_TEXT),
    window: readWindow(window),
    parcels: readList(parcels, MAX_STOP_PARCELS).map((parcel) => readString(parcel, PARCEL)),
    call: call === null ? null : readString(call, CALL),
    asks: readUint(asks),
    takers: readUint(takers),
    ...readSeal(salt, sealed),
  };
  if (stop.named !== null && (stop.named === "" || utf8Length(stop.named) > MAX_NAMED)) malformed("payload");
  if (stop.takers === 0) malformed("payload");
  return stop;
}

export function readWindow(value: unknown): Stop["window"] {
  if (value === null) return null;
  const [from, to] = readItems(value, 2).map((time) => readUint(time));
  return { from: from as number, to: to as number };
}

export function readSeal(salt: unknown, sealed: unknown): Seal {
  const bytes = readBytes(sealed, 1, "many");
  if (bytes.length < SEALED_LENGTH.min || bytes.length > SEALED_LENGTH.max) malformed("payload");
  return { salt: readBytes(salt, SALT_LENGTH), sealed: bytes };
}

const SALT_LENGTH = 16;
/** A voucher of 82 to 152 bytes and AES-GCM's tag. */
const SEALED_LENGTH = { min: 98, max: 168 };

function readLabel(value: unknown): StopLabel {
  const texts = readItems(value, 3).map((text) => (text === null ? null : readString(text, STOP_TEXT)));
  if (texts.reduce((bytes, text) => bytes + utf8Length(text ?? ""), 0) > MAX_LABEL) malformed("payload");
  const [name = null, address = null, hint = null] = texts;
  return { name, address, hint };
}
