import type { DocumentCase } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, head, itemsOf, join, NULL, tstr, uint } from "./bytes.ts";
import { accepted, refused } from "./document-case.ts";
import { HOUR, manifestPayload, NOW, SEALED } from "./given.ts";
import { packed, sub } from "./make.ts";

// Each item of a manifest's stop, at its edges.

export function stopCases(): DocumentCase[] {
  const AS_MADE = { version: 12, issuedAt: NOW - HOUR / 4 };
  const taken = (name: string, { stops }: { stops: readonly Bytes[] }): DocumentCase =>
    accepted("manifest", name, manifestPayload({ stops }), AS_MADE, { route: "route-7" });
  const no = (name: string, stops: readonly Bytes[]): DocumentCase =>
    refused("manifest", name, manifestPayload({ stops }));
  const stop = (name: string, items: StopItems): DocumentCase => no(name, [stopOf(items)]);
  const goodStop = (name: string, items: StopItems): DocumentCase => taken(name, { stops: [stopOf(items)] });
  const label = (name: string, text: string): DocumentCase => stop(name, { label: labelOf({ address: tstr(text) }) });
  const goodLabel = (name: string, text: string): DocumentCase =>
    goodStop(name, { label: labelOf({ address: tstr(text) }) });
  const notUtf8 = (name: string, bytes: string): DocumentCase =>
    stop(name, { label: labelOf({ address: join(head(3, bytes.length / 2), fromHex(bytes)) }) });
  const parcels = (...texts: string[]): StopItems => ({ parcels: array(...texts.map(tstr)) });
  const many = (count: number): StopItems => parcels(...Array.from({ length: count }, (_, i) => `JD${i}`));
  const call = (name: string, text: string): DocumentCase => stop(name, { call: tstr(text) });

  return [
    no("a stop of five items, as before", [
      array(...itemsOf(stopOf({})).filter((_, i) => [0, 1, 3, 8, 9].includes(i))),
    ]),
    no("a stop of nine items", [array(...itemsOf(stopOf({})).slice(0, 9))]),
    no("a stop of eleven items", [join(fromHex("8b"), stopOf({}).subarray(1), NULL)]),
    no("a stop that is no array", [packed()]),

    taken("a UUID, and the same in upper case: two deliveries", {
      stops: [stopOf({ sub: sub(UUID) }), stopOf({ sub: sub(UUID.toUpperCase()) })],
    }),
    stop("a UUID as text", { sub: tstr(UUID) }),
    stop("a delivery ID with a space", { sub: tstr("RR 1") }),
    stop("a delivery ID of 65 characters", { sub: tstr("R".repeat(65)) }),
    stop("15 bytes for a delivery ID", { sub: bstr(new Uint8Array(15)) }),
    stop("no delivery ID", { sub: NULL }),

    goodLabel("a label without a character", ""),
    goodLabel("a label of 400 bytes", "m".repeat(400)),
    goodLabel("a label of 400 bytes in 100 characters", "🚪".repeat(100)),
    goodLabel("a label of 400 bytes in 200 characters", "é".repeat(200)),
    goodLabel("a label of 23 bytes", `${"é".repeat(11)}e`),
    goodLabel("a label of 24 bytes", "é".repeat(12)),
    goodLabel("a label of 255 bytes", "€".repeat(85)),
    goodLabel("a label of 256 bytes", "é".repeat(128)),
    goodLabel("a label with spaces around it", "  12 Mill Lane  "),
    goodLabel("a label with a line separator: no control", "12 Mill Lane\u2028Flat 3"),
    goodLabel("a label with a paragraph separator: no control", "12 Mill Lane\u2029Flat 3"),
    goodLabel("a label with a no-break space", "12\u00a0Mill Lane"),
    goodLabel("a label with a soft hyphen and a zero-width space", "Mill\u00ad\u200bLane"),
    goodLabel("a label that turns the direction of writing", "\u202eenaL lliM"),
    goodLabel("a label in a decomposed form", "Mu\u0308hlbach"),
    goodLabel("a label with a character for private use", "\ue000"),
    goodLabel("a label with a code point that is no character", "\ufffe"),
    goodLabel("a label with a replacement character", "M\ufffdhlbach"),
    goodLabel("a label with U+FEFF within", "12 Mill\ufeffLane"),
    label("a label that begins with U+FEFF", "\ufeff12 Mill Lane"),
    label("a label of 100 bytes that begins with U+FEFF", `\ufeff${"m".repeat(97)}`),
    label("a label of 401 bytes", "m".repeat(401)),
    label("a label of 401 bytes, the last character of two", `${"m".repeat(399)}é`),
    label("a label of 404 bytes in 101 characters", "🚪".repeat(101)),
    label("a label with NUL", "12 Mill\0Lane"),
    label("a label with a tab", "12 Mill Lane\tFlat 3"),
    label("a label with a line feed", "12 Mill Lane\nFlat 3"),
    label("a label with a line feed at its end", "12 Mill Lane\n"),
    label("a label with a carriage return", "12 Mill Lane\rFlat 3"),
    label("a label that begins with an escape", "\x1b[2JMill Lane"),
    label("a label with U+001F", "12\x1fMill Lane"),
    label("a label with DEL", "12 Mill Lane\x7f"),
    label("a label with U+0080", "12 Mill\x80Lane"),
    label("a label with U+0085: a line's end in C1", "12 Mill Lane\x85Flat 3"),
    label("a label with U+009F", "12 Mill\x9fLane"),
    notUtf8("a label that is not UTF-8", "c328"),
    notUtf8("a label with half a surrogate pair", "eda080"),
    notUtf8("a label with both halves of a surrogate pair", "eda0bdedbaaa"),
    notUtf8("a label with NUL in two bytes", "c080"),
    notUtf8("a label with a code point past the last", "f4908080"),
    notUtf8("a label cut short within a character", "4de282"),
    stop("a label in bytes", { label: array(NULL, bstr(fromHex("4142")), NULL) }),

    goodStop("a window of no length", { window: array(uint(NOW), uint(NOW)) }),
    goodStop("a window that ends before it begins", { window: array(uint(NOW), uint(0)) }),
    goodStop("a window up to the last second", { window: array(uint(0), uint(2 ** 32 - 1)) }),
    stop("a window without a time", { window: array() }),
    stop("a window of one time", { window: array(uint(NOW)) }),
    stop("a window of three times", { window: array(uint(NOW), uint(NOW), uint(NOW)) }),
    stop("a window without an end", { window: array(uint(NOW), NULL) }),
    stop("a window that begins at 2^32", { window: array(uint(2 ** 32), uint(NOW)) }),
    stop("a window that ends at 2^32", { window: array(uint(NOW), uint(2 ** 32)) }),
    stop("a window in text", { window: tstr("8-12") }),

    stop("a salt of 15 bytes", { salt: bstr(new Uint8Array(15)) }),
    stop("a salt of 17 bytes", { salt: bstr(new Uint8Array(17)) }),
    stop("a salt in text", { salt: tstr("0123456789abcdef") }),
    stop("no salt", { salt: NULL }),
    goodStop("a seal of 98 bytes", { sealed: bstr(new Uint8Array(98)) }),
    goodStop("a seal of 168 bytes", { sealed: bstr(new Uint8Array(168)) }),
    stop("a seal of 97 bytes: too short for a voucher", { sealed: bstr(new Uint8Array(97)) }),
    stop("a seal of 169 bytes: too long for a voucher", { sealed: bstr(new Uint8Array(169)) }),
    stop("a seal in text", { sealed: tstr("s".repeat(116)) }),
    stop("no seal", { sealed: NULL }),

    goodStop("a label of three texts, 400 bytes together", {
      label: labelOf({ name: tstr("n".repeat(100)), address: tstr("a".repeat(200)), hint: tstr("h".repeat(100)) }),
    }),
    stop("a label of three texts, 401 bytes together", {
      label: labelOf({ name: tstr("n".repeat(100)), address: tstr("a".repeat(200)), hint: tstr("h".repeat(101)) }),
    }),
    goodStop("a label of a name alone", { label: labelOf({ name: tstr("Y. Tan") }) }),
    goodStop("a label of a hint alone", { label: labelOf({ hint: tstr("ring twice") }) }),
    stop("a label whose name has a control", { label: labelOf({ name: tstr("Y.\tTan") }) }),
    stop("a label whose hint begins with U+FEFF", { label: labelOf({ hint: tstr("\ufeffring twice") }) }),
    stop("a label whose hint is a number", { label: labelOf({ hint: uint(3) }) }),
    stop("a label in text, as before", { label: tstr("12 Mill Lane") }),
    stop("null for a label", { label: NULL }),
    stop("a label of two items", { label: array(NULL, NULL) }),
    stop("a label of four items", { label: array(NULL, NULL, NULL, NULL) }),

    goodStop("a person named in one byte", { named: tstr("J") }),
    goodStop("a person named in 40 bytes", { named: tstr("é".repeat(20)) }),
    stop("a person named in 41 bytes", { named: tstr(`${"é".repeat(20)}e`) }),
    stop("a person named in no byte", { named: tstr("") }),
    stop("a person named with a line feed", { named: tstr("Jo\nTan") }),
    stop("a person named in bytes", { named: bstr(fromHex("4a6f")) }),

    goodStop("no parcel", parcels()),
    goodStop("32 parcels", many(32)),
    stop("33 parcels", many(33)),
    goodStop("a parcel of one character", parcels("!")),
    goodStop("a parcel of 64 characters", parcels("~".repeat(64))),
    goodStop("the same parcel twice: of two boxes with one number", parcels("JD0001", "JD0001")),
    stop("a parcel of 65 characters", parcels("~".repeat(65))),
    stop("a parcel without a character", parcels("")),
    stop("a parcel with a space", parcels("JD 0001")),
    stop("a parcel with a line feed at its end", parcels("JD0001\n")),
    stop("a parcel with a letter beyond ASCII", parcels("J\u00c40001")),
    stop("a parcel in bytes", { parcels: array(bstr(fromHex("4a44"))) }),
    stop("parcels in text", { parcels: tstr("JD0001") }),
    stop("null for the parcels", { parcels: NULL }),

    goodStop("a number to call of 7 digits", { call: tstr("tel:+4420794") }),
    goodStop("a number to call of 15 digits", { call: tstr("tel:+442079460000123") }),
    call("a number to call of 6 digits", "tel:+442079"),
    call("a number to call of 16 digits", "tel:+4420794600001234"),
    call("a number to call without tel:", "+442079460000"),
    call("a number to call without a plus", "tel:442079460000"),
    call("a number to call that begins with 0", "tel:+042079460000"),
    call("a number to call in upper case", "TEL:+442079460000"),
    call("a number to call with hyphens", "tel:+44-20-7946-0000"),
    call("a number to call with an extension", "tel:+442079460000;ext=5"),
    call("a number to call with a pause and tones", "tel:+442079460000,,5"),
    call("a number to call with a line feed at its end", "tel:+442079460000\n"),
    call("a number to call in digits beyond ASCII", "tel:+4420794600\u0660\u0660"),
    call("a message instead of a call", "sms:+442079460000"),
    call("a link instead of a call", "https://example.com/"),
    call("a call of no character", ""),
    stop("a number to call that is a number", { call: uint(2079460000) }),

    goodStop("all that may be asked", { asks: uint(31) }),
    goodStop("asked what a reader does not know: it is read all the same", { asks: uint(32) }),
    goodStop("asked every bit", { asks: uint(2 ** 32 - 1) }),
    stop("asked bit 32", { asks: uint(2 ** 32) }),
    stop("asked less than nothing", { asks: fromHex("20") }),
    stop("null for what is asked", { asks: NULL }),
    stop("asked in a list", { asks: array(uint(1)) }),
    goodStop("the recipient alone may take it", { takers: uint(1) }),
    goodStop("reception alone may take it", { takers: uint(8) }),
    goodStop("one may take it whom a reader does not know: it is read all the same", { takers: uint(16) }),
    goodStop("all bits of who may take it", { takers: uint(2 ** 32 - 1) }),
    stop("nobody may take it", { takers: uint(0) }),
    stop("bit 32 of who may take it", { takers: uint(2 ** 32) }),
    stop("null for who may take it", { takers: NULL }),
    stop("who may take it in text", { takers: tstr("recipient") }),
  ];
}

const UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

const ITEMS = ["sub", "label", "named", "window", "parcels", "call", "asks", "takers", "salt", "sealed"] as const;
type StopItems = Partial<Record<(typeof ITEMS)[number], Bytes>>;

function stopOf(items: StopItems): Bytes {
  const [seal] = SEALED as [(typeof SEALED)[number]];
  const plain = {
    sub: sub(seal.deliveryId),
    label: labelOf({}),
    named: NULL,
    window: NULL,
    parcels: array(),
    call: NULL,
  };
  const bits = { asks: uint(0), takers: uint(15) };
  const all = { ...plain, ...bits, salt: bstr(seal.salt), sealed: bstr(seal.sealed), ...items };
  return array(...ITEMS.map((item) => all[item]));
}

function labelOf({
  name = NULL,
  address = NULL,
  hint = NULL,
}: Partial<Record<"name" | "address" | "hint", Bytes>>): Bytes {
  return array(name, address, hint);
}
