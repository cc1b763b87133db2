import type { DocumentCase } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, head, join, NULL, tstr, uint } from "./bytes.ts";
import { accepted, refused } from "./document-case.ts";
import { HOUR, type ManifestFields, manifestPayload, NOW, SEALED, STOP_ITEMS } from "./given.ts";
import { packed, sub } from "./make.ts";

// A route's manifest, and each item of a stop, at its edges.

export function manifests(): DocumentCase[] {
  const AS_MADE = { version: 12, issuedAt: NOW - HOUR / 4 };
  const taken = (name: string, fields: ManifestFields): DocumentCase =>
    accepted("manifest", name, manifestPayload(fields), AS_MADE, { route: fields.route ?? "route-7" });
  const no = (name: string, fields: ManifestFields): DocumentCase => refused("manifest", name, manifestPayload(fields));
  const stop = (name: string, items: StopItems): DocumentCase => no(name, { stops: [stopOf(items)] });
  const goodStop = (name: string, items: StopItems): DocumentCase => taken(name, { stops: [stopOf(items)] });
  const label = (name: string, text: string): DocumentCase => stop(name, { label: tstr(text) });
  const goodLabel = (name: string, text: string): DocumentCase => goodStop(name, { label: tstr(text) });
  const notUtf8 = (name: string, bytes: string): DocumentCase =>
    stop(name, { label: join(head(3, bytes.length / 2), fromHex(bytes)) });

  return [
    taken("no stop", { stops: [] }),
    taken("nothing revoked", { revoked: packed() }),
    taken("it ends before it was made", { exp: NOW - HOUR }),
    taken("it ends in 1970", { exp: 0 }),
    taken("logN 16", { logN: 16 }),
    taken("logN 17", { logN: 17 }),
    taken("a country of one digit", { country: "1" }),
    taken("a country of three digits", { country: "999" }),
    taken("a route of one character", { route: "!" }),
    taken("a route of 64 characters, some of them spaces", { route: `~${"  route".repeat(9).slice(0, 62)}~` }),
    no("logN 14: a cheaper search", { logN: 14 }),
    no("logN 18: more memory than a phone has", { logN: 18 }),
    no("logN 0", { logN: 0 }),
    no("a delivery twice", { stops: [...STOP_ITEMS, ...STOP_ITEMS.slice(0, 1)] }),
    no("a country with a plus", { country: "+44" }),
    no("a country with a leading zero", { country: "044" }),
    no("a country of four digits", { country: "4444" }),
    no("no digit for a country", { country: "" }),
    no("a country by its letters", { country: "GB" }),
    no("a country with a letter", { country: "4a" }),
    no("a country with a line feed", { country: "44\n" }),
    no("a country in digits beyond ASCII", { country: "4٤" }),
    no("a route without a name", { route: "" }),
    no("a route's name of 65 characters", { route: "r".repeat(65) }),
    no("a route's name that begins with a space", { route: " route-7" }),
    no("a route's name that ends in a space", { route: "route-7 " }),
    no("a route's name with a line feed at its end", { route: "route-7\n" }),
    no("a route's name with a letter beyond ASCII", { route: "Straße 7" }),
    no("revoked ctis that do not ascend", { revoked: bstr(fromHex("00000000000000020000000000000001")) }),
    no("a revoked cti twice", { revoked: bstr(fromHex("00000000000000010000000000000001")) }),
    no("a revoked cti and a half", { revoked: bstr(new Uint8Array(12)) }),
    no("a revoked cti and a half that ascends", { revoked: bstr(fromHex("0000000000000001ffffffff")) }),
    no("a stop of four items", { stops: [array(NULL, NULL, NULL, NULL)] }),
    no("a stop of six items", { stops: [join(fromHex("86"), stopOf({}).subarray(1), NULL)] }),
    no("a stop that is no array", { stops: [packed()] }),

    taken("a UUID, and the same in upper case: two deliveries", {
      stops: [stopOf({ sub: sub(UUID) }), stopOf({ sub: sub(UUID.toUpperCase()) })],
    }),
    stop("a UUID as text", { sub: tstr(UUID) }),
    stop("a delivery ID with a space", { sub: tstr("RR 1") }),
    stop("a delivery ID of 65 characters", { sub: tstr("R".repeat(65)) }),
    stop("15 bytes for a delivery ID", { sub: bstr(new Uint8Array(15)) }),
    stop("no delivery ID", { sub: NULL }),

    goodLabel("a label without a character", ""),
    goodLabel("a label of 200 characters", "m".repeat(200)),
    goodLabel("a label of 200 characters of four bytes", "🚪".repeat(200)),
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
    label("a label of 201 characters", "m".repeat(201)),
    label("a label of 201 characters of four bytes", "🚪".repeat(201)),
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
    stop("a label in bytes", { label: bstr(fromHex("4142")) }),

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
  ];
}

const UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

type StopItems = Partial<Record<"sub" | "label" | "window" | "salt" | "sealed", Bytes>>;

function stopOf(items: StopItems): Bytes {
  const [seal] = SEALED as [(typeof SEALED)[number]];
  const { salt = bstr(seal.salt), sealed = bstr(seal.sealed), label = NULL, window = NULL } = items;
  return array(items.sub ?? sub(seal.deliveryId), label, window, salt, sealed);
}
