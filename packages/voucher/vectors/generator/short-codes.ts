import { createHash } from "node:crypto";
import type { SealCase, ShortCodes } from "../schema.ts";
import { type Bytes, fromHex, hex, join } from "./bytes.ts";
import { KEYS, SEALED, SECRET } from "./given.ts";
import { seal, shortCode, textOf, withCheckDigit } from "./make.ts";
import { issued } from "./valid.ts";

export function shortCodes(): ShortCodes {
  const code = "7KQ4M2XN8P";
  const derived = [
    { secret: SECRET, kid: fromHex("0a0b0c0d"), cti: fromHex("0102030405060708") },
    { secret: SECRET, kid: KEYS.voucher.kid, cti: fromHex("0102030405060708") },
    { secret: SECRET, kid: KEYS.voucher.kid, cti: fromHex("0102030405060709") },
    { secret: new Uint8Array(32), kid: new Uint8Array(4), cti: new Uint8Array(8) },
    { secret: new Uint8Array(32).fill(255), kid: new Uint8Array(4).fill(255), cti: new Uint8Array(8).fill(255) },
  ];
  const zeros = withCheckDigit("000000000");
  const ones = withCheckDigit("111111111");
  const esses = withCheckDigit("SS7SS7SS7");
  const read = [
    code,
    "7kq4m-2xn8p",
    " 7KQ4M 2XN8P ",
    "7KQ-4M2-XN8P",
    ...DROPPED.map((character) => `7KQ4M${character}2XN8P`),
    "７ＫＱ４Ｍ２ＸＮ８Ｐ",
    "７ｋｑ４ｍ－２ｘｎ８ｐ",
    "\t7KQ4M\t2XN8P\r\n",
    `${code}${" ".repeat(54)}`,
    `${code}${"\u2003".repeat(54)}`,
  ];
  const mistyped = [
    "",
    "7KQ4M-2XN8",
    "7KQ4M-2XN8P7",
    "7KQ4M-2XN8Q",
    "7KQ4M-2XNP8",
    "K7Q4M-2XN8P",
    "7KQ4M-2XN9P",
    ...KEPT.map((character) => `7KQ4M${character}2XN8P`),
    // what NFKC makes a character of a code of, with one version of Unicode or with all
    ...BY_NFKC.map(likeCode),
    "⁷\u212aⓆ₄ℳ²ⅹℕ⑧ℙ",
    ["𝟟𝕂ℚ𝟜𝕄𝟚𝕏ℕ𝟠ℙ", "-".repeat(54)].join(""),
    // and what lies beside the full-width letters
    "\uff007KQ4M2XN8P",
    "7KQ4M2XN8P\uff5f",
    "7KQ4M2XN8P\uff5e",
    "7KQ4U-2XN8P",
    // a letter that is none of the alphabet, for one that it looks like
    "WSDFX-1H4UD",
    "7KQ4M-2XN8\u0420",
    "7KQ4M-2XN8Ä",
    "7KQ4M-2XN8🚪",
    "7KQ4M-2XN8P\u0301",
    // in upper case SS, in some languages, and I
    esses.replace("SS", "ß"),
    ones.replace("1", "\u0131"),
    "0000000001",
    "5550000000",
    "your code is 7KQ4M-2XN8P",
    `${code}${" ".repeat(55)}`,
    `${"\u2003".repeat(55)}${code}`,
    "7".repeat(65),
  ];
  return {
    derived: derived.map(({ secret, kid, cti }) => ({
      secret: hex(secret),
      kid: hex(kid),
      cti: hex(cti),
      code: shortCode(secret, kid, cti),
    })),
    typed: [
      ...read.map((typed) => ({ typed, expect: { code } })),
      { typed: "12345-6789R", expect: { code: "123456789R" } },
      { typed: "A1B2C-3D4EF", expect: { code: "A1B2C3D4EF" } },
      { typed: wide("A1B2C-3D4EF"), expect: { code: "A1B2C3D4EF" } },
      { typed: wide("a1b2c-3d4ef"), expect: { code: "A1B2C3D4EF" } },
      { typed: "WSDFX-1H4VD", expect: { code: "WSDFX1H4VD" } },
      { typed: "wsdfx-lh4vd", expect: { code: "WSDFX1H4VD" } },
      { typed: zeros.replaceAll("0", "O"), expect: { code: zeros } },
      { typed: ones.replace("1", "I").replace("1", "l").replace("1", "L").replace("1", "i"), expect: { code: ones } },
      ...mistyped.map((typed) => ({ typed, expect: { code: "code-mistyped" } })),
    ],
  };
}

/** What a reader drops: every one of them. */
export const DROPPED = [
  ..."\t\n\v\f\r \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
  ..."-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d",
];
/** What one language or another calls white space, a hyphen or nothing at all: no part of a code. */
const KEPT = [
  ..."_./:,'·\0\b\x0e\x1c\x1f\x7f\x85\u00ad\u058a\u1680\u180e\u200b\u200c\u200e\u200f\u2016\u2028\u2029\u2043\u2053\u2060\u2213\u2e3a\u30fc\ufe31\ufe58\ufe63\ufeff\uff0b\uff0e\uffa0",
];

function wide(text: string): string {
  return text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}

/**
 * What NFKC makes a letter or a digit of: by some versions of Unicode (the first three lines: 14, 14 and 16), or by all.
 */
const BY_NFKC: readonly (readonly [likeness: string, meant: string])[] = [
  ..."CFQ".split("").map((meant, i) => [String.fromCodePoint(0xa7f2 + i), meant] as const),
  ["\u{107a5}", "Q"],
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    .split("")
    .map((meant, i) => [String.fromCodePoint(0x1ccd6 + i), meant] as const),
  ["\u00b2", "2"],
  ["\u2077", "7"],
  ["\u2081", "1"],
  ["\u2466", "7"],
  ["\u2115", "N"],
  ["\u212a", "K"],
  ["\u2169", "X"],
  ["\u{1d540}", "1"],
  ["\u{1d7df}", "7"],
  ["\u{1fbf7}", "7"],
];

/** A right code but for its first character, which is like the one that it should be. */
function likeCode([likeness, meant]: (typeof BY_NFKC)[number]): string {
  const digit = { I: "1", L: "1", O: "0", U: "V" }[meant] ?? meant;
  return likeness + withCheckDigit(`${digit}KQ4M2XN8`).slice(1);
}

export function sealCases(): SealCase[] {
  const [first, second, third] = SEALED as [Sealed, Sealed, Sealed];
  const of = ({ deliveryId, salt, sealed }: Sealed): SealCase["stop"] => ({
    deliveryId,
    salt: hex(salt),
    sealed: hex(sealed),
  });
  const salt = new Uint8Array(createHash("sha256").update("salt of the seals").digest().subarray(0, 16));
  const costly = { ...first, salt, sealed: sealedAs(first, { salt, logN: 16 }) };
  const foreign = {
    ...first,
    salt,
    sealed: sealedAs(first, { salt, voucher: fromHex(issued("foreign", { deliveryId: "ANOTHER" }).voucher) }),
  };
  const noise = { ...first, salt, sealed: sealedAs(first, { salt, voucher: new Uint8Array(100).fill(7) }) };
  const short = { ...first, salt, sealed: sealedAs(first, { salt, voucher: new Uint8Array(81) }) };
  const long = { ...first, salt, sealed: sealedAs(first, { salt, voucher: new Uint8Array(153) }) };
  const costliest = { ...first, salt, sealed: sealedAs(first, { salt, logN: 17 }) };
  const made = fromHex(first.made.voucher);
  // whose signature and key are the verifier's to judge, as of any voucher
  const strange = join(new Uint8Array(68), made.subarray(68));
  const stranger = { ...first, salt, sealed: sealedAs(first, { salt, voucher: strange }) };
  const loose = { ...first, salt, sealed: sealedAs(first, { salt, voucher: join(made, Uint8Array.of(0)) }) };
  const [small, large] = [
    issued("shortest", { deliveryId: "1", expiresAt: 23, phoneHash: null }),
    issued("longest", { deliveryId: "y".repeat(64), phoneHash: 4095 }),
  ].map((voucher) => {
    const stop = { deliveryId: voucher.claims.deliveryId, made: voucher, salt, sealed: salt };
    return { ...stop, sealed: sealedAs(stop, { salt }) };
  }) as [Sealed, Sealed];
  const flip = (bytes: Bytes, at: number): Bytes => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const spelled = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`;
  const code = first.made.shortCode;

  return [
    {
      name: "the code as it is shown",
      typed: spelled(code),
      logN: 15,
      stop: of(first),
      expect: { text: first.made.text },
    },
    {
      name: "the code in lower case, of a UUID's stop",
      typed: second.made.shortCode.toLowerCase(),
      logN: 15,
      stop: of(second),
      expect: { text: second.made.text },
    },
    {
      name: "the code with spaces",
      typed: ` ${third.made.shortCode.replace(/(.)/g, "$1 ")}`,
      logN: 15,
      stop: of(third),
      expect: { text: third.made.text },
    },
    { name: "a costlier seal", typed: code, logN: 16, stop: of(costly), expect: { text: first.made.text } },
    { name: "the costliest seal", typed: code, logN: 17, stop: of(costliest), expect: { text: first.made.text } },
    {
      name: "the shortest voucher",
      typed: small.made.shortCode,
      logN: 15,
      stop: of(small),
      expect: { text: small.made.text },
    },
    {
      name: "the longest voucher",
      typed: large.made.shortCode,
      logN: 15,
      stop: of(large),
      expect: { text: large.made.text },
    },
    {
      name: "a voucher by no key: it opens, and is refused as any",
      typed: code,
      logN: 15,
      stop: of(stranger),
      expect: { text: textOf(strange) },
    },

    {
      name: "another stop's code",
      typed: second.made.shortCode,
      logN: 15,
      stop: of(first),
      expect: { code: "wrong-code" },
    },
    { name: "a code that nobody has", typed: "7KQ4M-2XN8P", logN: 15, stop: of(first), expect: { code: "wrong-code" } },
    { name: "the right code at another cost", typed: code, logN: 16, stop: of(first), expect: { code: "wrong-code" } },
    {
      name: "a seal moved to another stop",
      typed: code,
      logN: 15,
      stop: { ...of(first), deliveryId: second.deliveryId },
      expect: { code: "wrong-code" },
    },
    {
      name: "an altered seal",
      typed: code,
      logN: 15,
      stop: { ...of(first), sealed: hex(flip(first.sealed, 20)) },
      expect: { code: "wrong-code" },
    },
    {
      name: "an altered tag",
      typed: code,
      logN: 15,
      stop: { ...of(first), sealed: hex(flip(first.sealed, first.sealed.length - 1)) },
      expect: { code: "wrong-code" },
    },
    {
      name: "an altered salt",
      typed: code,
      logN: 15,
      stop: { ...of(first), salt: hex(flip(first.salt, 0)) },
      expect: { code: "wrong-code" },
    },

    {
      name: "a slip: the first two characters exchanged",
      typed: code.slice(1, 2) + code.slice(0, 1) + code.slice(2),
      logN: 15,
      stop: of(first),
      expect: { code: "code-mistyped" },
    },
    {
      name: "a slip: a character missing",
      typed: code.slice(1),
      logN: 15,
      stop: of(first),
      expect: { code: "code-mistyped" },
    },
    { name: "nothing typed", typed: "", logN: 15, stop: of(first), expect: { code: "code-mistyped" } },
    {
      name: "a slip on a device without memory",
      typed: code.slice(1),
      logN: 15,
      stop: of(first),
      kdf: "fails",
      expect: { code: "code-mistyped" },
    },

    {
      name: "no memory, the right code",
      typed: code,
      logN: 15,
      stop: of(first),
      kdf: "fails",
      expect: { code: "cannot-open" },
    },
    {
      name: "no memory, another code",
      typed: "7KQ4M-2XN8P",
      logN: 15,
      stop: of(first),
      kdf: "fails",
      expect: { code: "cannot-open" },
    },
    {
      name: "no memory for a costlier seal",
      typed: code,
      logN: 16,
      stop: of(costly),
      kdf: "fails",
      expect: { code: "cannot-open" },
    },

    {
      name: "another delivery's voucher in the seal",
      typed: code,
      logN: 15,
      stop: of(foreign),
      expect: { code: "malformed", step: "payload" },
    },
    {
      name: "no voucher in the seal",
      typed: code,
      logN: 15,
      stop: of(noise),
      expect: { code: "malformed", step: "payload" },
    },
    {
      name: "a byte after the voucher in the seal",
      typed: code,
      logN: 15,
      stop: of(loose),
      expect: { code: "malformed", step: "payload" },
    },
    {
      name: "81 bytes in the seal",
      typed: code,
      logN: 15,
      stop: of(short),
      expect: { code: "malformed", step: "length" },
    },
    {
      name: "153 bytes in the seal",
      typed: code,
      logN: 15,
      stop: of(long),
      expect: { code: "malformed", step: "length" },
    },
  ];
}

type Sealed = Pick<(typeof SEALED)[number], "made" | "salt" | "sealed"> & { deliveryId: string };

function sealedAs(
  stop: Sealed,
  { salt, logN = 15, voucher = fromHex(stop.made.voucher) }: { salt: Bytes; logN?: number; voucher?: Bytes },
): Bytes {
  return seal(voucher, { deliveryId: stop.deliveryId, code: stop.made.shortCode, salt, logN });
}
