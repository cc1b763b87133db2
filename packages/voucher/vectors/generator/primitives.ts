import type { Primitives } from "../schema.ts";
import { type Bytes, base45, fromHex, hex, join, utf8 } from "./bytes.ts";
import { craft, encode, IDENTITY, L, littleEndian, number, T8 } from "./curve.ts";
import { KEYS, PHONE } from "./given.ts";
import { phoneHash } from "./make.ts";
import { DROPPED } from "./short-codes.ts";
import { issued } from "./valid.ts";

export function primitives(): Primitives {
  return {
    base45: BASE45,
    base45Refused: BASE45_REFUSED,
    scanned: scanned(),
    phones: PHONES.map((number) => ({ number, hash: phoneHash(number) })),
    phonesTyped: PHONES_TYPED.map(([typed, country, ...numbers]) => ({ typed, country, numbers })),
    signatures: signatures(),
  };
}

const RFC9285 = "RFC 9285 section 4";

const BASE45: Primitives["base45"] = [
  { bytes: hex(utf8("AB")), text: "BB8", source: `${RFC9285}.3, example 1` },
  { bytes: hex(utf8("Hello!!")), text: "%69 VD92EX0", source: `${RFC9285}.3, example 2` },
  { bytes: hex(utf8("base-45")), text: "UJCLQE7W581", source: `${RFC9285}.3, example 3` },
  { bytes: hex(utf8("ietf!")), text: "QED8WEX0", source: `${RFC9285}.4, example 1` },
  ...["", "00", "ff", "0000", "ffff", "00ff", "ff00ff", "0001", "2d", "000000", "deadbeef"].map((bytes) => ({
    bytes,
    text: base45(fromHex(bytes)),
    source: "own",
  })),
];

const BASE45_REFUSED: Primitives["base45Refused"] = [
  { name: "one character", text: "A" },
  { name: "four characters", text: "BB8B" },
  { name: "a lower-case letter", text: "bB8" },
  { name: "a character outside the alphabet", text: "BB#" },
  { name: "a character beyond ASCII", text: "BBÄ" },
  { name: "a character of two code units", text: "B🚪" },
  { name: "a line feed", text: "BB\n" },
  { name: "a triplet of 65536", text: "GGW" },
  { name: "the largest triplet", text: ":::" },
  { name: "a pair of 256", text: "V5" },
  { name: "the largest pair", text: "::" },
  { name: "a pair over 255 after a triplet", text: "BB8V5" },
];

// A voucher is ASCII. What is not UTF-8, or is it and not ASCII, is no voucher, whatever a decoder makes of it.
function scanned(): Primitives["scanned"] {
  const { text, voucher } = issued("scanned");
  const good = utf8(text);
  const put = (bytes: string): Bytes => join(good.subarray(0, 13), fromHex(bytes), good.subarray(14));
  const refused = (name: string, octets: Bytes, step = "text") => ({
    name,
    octets: hex(octets),
    expect: { code: "malformed", step },
  });
  return [
    { name: "a voucher", octets: hex(good), expect: { voucher } },
    refused("nothing", new Uint8Array(0)),
    refused("a byte that UTF-8 does not know", put("ff")),
    refused("the first byte beyond ASCII", put("80")),
    refused("a no-break space of Latin-1", put("a0")),
    refused("a character of two bytes", put("c3a9")),
    refused("one that was cut short", put("c3")),
    refused("a digit in two bytes", put("c0b0")),
    refused("half a surrogate pair", put("eda0bd")),
    refused("a byte beyond ASCII at the end", join(good, Uint8Array.of(0xfe))),
    refused("a byte order mark before it", join(fromHex("efbbbf"), good)),
    refused("in UTF-16", join(...[...good].map((byte) => Uint8Array.of(byte, 0)))),
    refused("232 bytes, the last beyond ASCII", join(utf8(`DP1:${"0".repeat(227)}`), Uint8Array.of(0x80))),
    refused("233 bytes", utf8(`DP1:${"0".repeat(229)}`)),
    refused("a DEL in it, the last of ASCII", put("7f"), "base45"),
    refused("a NUL after it", join(good, Uint8Array.of(0)), "base45"),
  ];
}

const PHONES = [
  PHONE,
  "+447700900124",
  "+447700900999",
  "+1234567",
  "+123456789012345",
  "+33639980001",
  "+4915123456789",
  "+351912345678",
  "+390612345678",
];

const PHONES_TYPED: readonly (readonly [typed: string, country: string, ...numbers: string[]])[] = [
  ["+447700900123", "49", "+447700900123"],
  ["+44 (7700) 900.123/", "49", "+447700900123"],
  ["+44-7700\u2010900\u2011123", "49", "+447700900123"],
  ["+44\u20127700\u2013900\u2014123\u2015\u2212", "49", "+447700900123"],
  ["\t+44\u00a07700\v900\f123\r\n", "49", "+447700900123"],
  ["（＋４４）　７７００－９００１２３", "49", "+447700900123"],
  ["\uff0b\uff14\uff14\uff0e7700\uff0f900123", "49", "+447700900123"],
  ...DROPPED.filter((character) => character !== " ").map(
    (character) => [`07700${character}900123`, "44", "+447700900123", "+4407700900123"] as const,
  ),
  [`+447700900123${" ".repeat(51)}`, "49", "+447700900123"],
  ["07700 900123", "44", "+447700900123", "+4407700900123"],
  ["7700 900123", "44", "+447700900123"],
  ["06 12345678", "39", "+39612345678", "+390612345678"],
  ["0171/1234567", "49", "+491711234567", "+4901711234567"],
  // two zeros are no plus: what is meant by them differs from country to country
  ["00447700900", "1", "+10447700900", "+100447700900"],
  ["5551234", "1", "+15551234"],
  ["123456", "1", "+1123456"],
  ["12345", "1"],
  ["0123456", "1", "+1123456", "+10123456"],
  ["12345678901234", "1", "+112345678901234"],
  ["0 1234567890123", "1", "+11234567890123", "+101234567890123"],
  ["0 12345678901234", "1", "+112345678901234"],
  ["123456789012345", "1"],
  ["+0447700900123", "44"],
  ["++447700900123", "44"],
  ["44+7700900123", "44"],
  ["07700 900123 ext 4", "44"],
  ["07700,900123", "44"],
  ["07700_900123", "44"],
  ["07700\u2028900123", "44"],
  ["\ufeff07700900123", "44"],
  ["\u200e+447700900123", "44"],
  ["07700\u0085900123", "44"],
  ["\u0660\u0667\u0667\u0660\u0660\u0669\u0660\u0660\u0661\u0662\u0663", "44"],
  ["", "44"],
  ["0", "44"],
  ["+", "44"],
  ["call me", "44"],
  // longer than anybody types
  [`+447700900123${" ".repeat(52)}`, "49"],
  [`${"\u2003".repeat(52)}+447700900123`, "49"],
  // what NFKC makes digits and a plus of, with one version of Unicode or with all
  ["\u{1ccf0}7700900123", "44"],
  ["+44770090012\u{1ccf9}", "44"],
  ["+44770090012\u00b3", "44"],
  ["+44770090012\u{1d7df}", "44"],
  ["\u207a447700900123", "44"],
  ["\u2474 5551234", "44"],
  ["\ufe62447700900123", "44"],
  ["07700\ufe63900123", "44"],
  ["07700\u1680900123", "44"],
  ["07700\u2024900123", "44"],
];

const FORMAT = "docs/format.md section 1, step 4";
const MIXED_KEY = "61485eb624d9786700ce78888fb6f475591f00567be8e573e9829b7df1f91acd";

// RFC 8032 section 7.1: public key, message, signature.
const RFC8032 = [
  [
    "TEST 1",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "TEST 2",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "TEST 3",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
  [
    "TEST SHA(abc)",
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  ],
] as const;

function signatures(): Primitives["signatures"] {
  const [, key, message, signed] = RFC8032[2];
  const [r, s] = [fromHex(signed.slice(0, 64)), number(fromHex(signed.slice(64)))];
  const said = fromHex("6869");
  const own = KEYS.voucher;
  const crafted = (name: string, encodedR: Bytes): Primitives["signatures"][number] => ({
    name,
    publicKey: hex(own.publicKey),
    message: hex(said),
    signature: hex(craft(own.seed, said, { r: 0n, encodedR })),
    expect: "invalid",
    source: "own",
  });
  return [
    ...RFC8032.map(([name, publicKey, message, signature]) => ({
      name,
      publicKey,
      message,
      signature,
      expect: "valid" as const,
      source: "RFC 8032 section 7.1",
    })),
    { name: "another message", publicKey: key, message: "af83", signature: signed, expect: "invalid", source: "own" },
    { name: "another key", publicKey: RFC8032[1][1], message, signature: signed, expect: "invalid", source: "own" },
    {
      name: "S + L",
      publicKey: key,
      message,
      signature: hex(join(r, littleEndian(s + L))),
      expect: "invalid",
      source: "own",
    },
    {
      name: "S = L",
      publicKey: key,
      message,
      signature: hex(join(r, littleEndian(L))),
      expect: "invalid",
      source: "own",
    },
    {
      name: "R of mixed order: the cofactored equation holds, the cofactorless does not",
      publicKey: MIXED_KEY,
      message: "6869",
      signature:
        "1c354c4c7a6de4bcb4fd275f391333dd9bf17d38b41332753f60cf56d5ef4fcc2a524129ff72c88760694759c4383f13003a9b2726247dd345c627ad8bd1bb06",
      expect: "invalid",
      source: FORMAT,
    },
    {
      name: "R = identity",
      publicKey: MIXED_KEY,
      message: "6869",
      signature: `01${"00".repeat(31)}5597cbe1d6bc5d4086881b982b723a6987378ba95e6b870400274089998f860f`,
      expect: "invalid",
      source: FORMAT,
    },
    crafted("R = identity, by another key", encode(IDENTITY)),
    crafted("R of order 8", encode(T8)),
    crafted("R = identity, not canonical", fromHex(`ee${"ff".repeat(30)}7f`)),
    {
      name: "the identity for a key: everything verifies",
      publicKey: `01${"00".repeat(31)}`,
      message: "6869",
      signature: `01${"00".repeat(63)}`,
      expect: "key-refused",
      source: "own",
    },
    {
      name: "a key of order 8",
      publicKey: hex(encode(T8)),
      message: "6869",
      signature: `01${"00".repeat(63)}`,
      expect: "key-refused",
      source: "own",
    },
    {
      name: "a key that is not canonical",
      publicKey: `ee${"ff".repeat(30)}7f`,
      message: "6869",
      signature: `01${"00".repeat(63)}`,
      expect: "key-refused",
      source: "own",
    },
  ];
}
