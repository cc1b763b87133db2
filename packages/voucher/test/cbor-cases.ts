import type { CborItem, CborProfile } from "../src/cbor.ts";
import { fromHex } from "./vector-files.ts";

/** Where an item is taken, and as what. */
export type Expected =
  | { readonly in: "both" | CborProfile; readonly item: CborItem }
  | { readonly in: "neither"; readonly item?: undefined };

type Case = readonly [bytes: string, diagnostic: string, expected: Expected];

const both = (item: CborItem): Expected => ({ in: "both", item });
const keySets = (item: CborItem): Expected => ({ in: "key-set", item });
const NEITHER: Expected = { in: "neither" };
const map = (...members: readonly (readonly [number | string, CborItem])[]): CborItem => new Map(members);
const TO_25 = Array.from({ length: 25 }, (_, i) => i + 1);

/** RFC 8949, appendix A, all of it. */
export const WELL_FORMED: readonly Case[] = [
  ["00", "0", both(0)],
  ["01", "1", both(1)],
  ["0a", "10", both(10)],
  ["17", "23", both(23)],
  ["1818", "24", both(24)],
  ["1819", "25", both(25)],
  ["1864", "100", both(100)],
  ["1903e8", "1000", both(1000)],
  ["1a000f4240", "1000000", both(1_000_000)],
  ["1b000000e8d4a51000", "1000000000000", NEITHER],
  ["1bffffffffffffffff", "18446744073709551615", NEITHER],
  ["c249010000000000000000", "18446744073709551616", NEITHER],
  ["3bffffffffffffffff", "-18446744073709551616", NEITHER],
  ["c349010000000000000000", "-18446744073709551617", NEITHER],
  ["20", "-1", keySets(-1)],
  ["29", "-10", keySets(-10)],
  ["3863", "-100", keySets(-100)],
  ["3903e7", "-1000", keySets(-1000)],
  ["f90000", "0.0", NEITHER],
  ["f98000", "-0.0", NEITHER],
  ["f93c00", "1.0", NEITHER],
  ["fb3ff199999999999a", "1.1", NEITHER],
  ["f93e00", "1.5", NEITHER],
  ["f97bff", "65504.0", NEITHER],
  ["fa47c35000", "100000.0", NEITHER],
  ["fa7f7fffff", "3.4028234663852886e+38", NEITHER],
  ["fb7e37e43c8800759c", "1.0e+300", NEITHER],
  ["f90001", "5.960464477539063e-8", NEITHER],
  ["f90400", "0.00006103515625", NEITHER],
  ["f9c400", "-4.0", NEITHER],
  ["fbc010666666666666", "-4.1", NEITHER],
  ["f97c00", "Infinity", NEITHER],
  ["f97e00", "NaN", NEITHER],
  ["f9fc00", "-Infinity", NEITHER],
  ["fa7f800000", "Infinity", NEITHER],
  ["fa7fc00000", "NaN", NEITHER],
  ["faff800000", "-Infinity", NEITHER],
  ["fb7ff0000000000000", "Infinity", NEITHER],
  ["fb7ff8000000000000", "NaN", NEITHER],
  ["fbfff0000000000000", "-Infinity", NEITHER],
  ["f4", "false", both(false)],
  ["f5", "true", both(true)],
  ["f6", "null", both(null)],
  ["f7", "undefined", NEITHER],
  ["f0", "simple(16)", NEITHER],
  ["f8ff", "simple(255)", NEITHER],
  ["c074323031332d30332d32315432303a30343a30305a", '0("2013-03-21T20:04:00Z")', NEITHER],
  ["c11a514b67b0", "1(1363896240)", NEITHER],
  ["c1fb41d452d9ec200000", "1(1363896240.5)", NEITHER],
  ["d74401020304", "23(h'01020304')", NEITHER],
  ["d818456449455446", "24(h'6449455446')", NEITHER],
  ["d82076687474703a2f2f7777772e6578616d706c652e636f6d", '32("http://www.example.com")', NEITHER],
  ["40", "h''", both(new Uint8Array())],
  ["4401020304", "h'01020304'", both(fromHex("01020304"))],
  ["60", '""', both("")],
  ["6161", '"a"', both("a")],
  ["6449455446", '"IETF"', both("IETF")],
  ["62225c", '"\\"\\\\"', both('"\\')],
  ["62c3bc", '"\\u00fc"', both("\u00fc")],
  ["63e6b0b4", '"\\u6c34"', both("\u6c34")],
  ["64f0908591", '"\\ud800\\udd51"', both("\ud800\udd51")],
  ["80", "[]", both([])],
  ["83010203", "[1, 2, 3]", both([1, 2, 3])],
  ["8301820203820405", "[1, [2, 3], [4, 5]]", both([1, [2, 3], [4, 5]])],
  ["98190102030405060708090a0b0c0d0e0f101112131415161718181819", "[1, 2, …, 25]", both(TO_25)],
  ["a0", "{}", keySets(map())],
  ["a201020304", "{1: 2, 3: 4}", keySets(map([1, 2], [3, 4]))],
  ["a26161016162820203", '{"a": 1, "b": [2, 3]}', keySets(map(["a", 1], ["b", [2, 3]]))],
  ["826161a161626163", '["a", {"b": "c"}]', keySets(["a", map(["b", "c"])])],
  [
    "a56161614161626142616361436164614461656145",
    '{"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}',
    keySets(map(["a", "A"], ["b", "B"], ["c", "C"], ["d", "D"], ["e", "E"])),
  ],
  ["5f42010243030405ff", "(_ h'0102', h'030405')", NEITHER],
  ["7f657374726561646d696e67ff", '(_ "strea", "ming")', NEITHER],
  ["9fff", "[_ ]", NEITHER],
  ["9f018202039f0405ffff", "[_ 1, [2, 3], [_ 4, 5]]", NEITHER],
  ["9f01820203820405ff", "[_ 1, [2, 3], [4, 5]]", NEITHER],
  ["83018202039f0405ff", "[1, [2, 3], [_ 4, 5]]", NEITHER],
  ["83019f0203ff820405", "[1, [_ 2, 3], [4, 5]]", NEITHER],
  ["9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", "[_ 1, 2, …, 25]", NEITHER],
  ["bf61610161629f0203ffff", '{_ "a": 1, "b": [_ 2, 3]}', NEITHER],
  ["826161bf61626163ff", '["a", {_ "b": "c"}]', NEITHER],
  ["bf6346756ef563416d7421ff", '{_ "Fun": true, "Amt": -2}', NEITHER],
];

/** RFC 8949, appendix F.1, all of it. */
export const ILL_FORMED: readonly string[] = [
  // the end of input in a head
  ...["18", "19", "1a", "1b", "1901", "1a0102", "1b01020304050607", "38", "58", "78", "98", "9a01ff00", "b8", "d8"],
  ...["f8", "f900", "fa0000", "fb000000"],
  // strings of definite length with short data
  ...["41", "61", "5affffffff00", "5bffffffffffffffff010203", "7affffffff00", "7b7fffffffffffffff010203"],
  // maps and arrays of definite length without enough items
  ...["81", "818181818181818181", "8200", "a1", "a20102", "a100", "a2000000"],
  // a tag without what it tags
  "c0",
  // strings of indefinite length without a break
  ...["5f4100", "7f6100"],
  // maps and arrays of indefinite length without a break
  ...["9f", "9f0102", "bf", "bf01020102", "819f", "9f8000", "9f9f9f9f9fffffffff", "9f819f819f9fffffff"],
  // reserved additional information
  ...["1c", "1d", "1e", "3c", "3d", "3e", "5c", "5d", "5e", "7c", "7d", "7e", "9c", "9d", "9e", "bc", "bd", "be"],
  ...["dc", "dd", "de", "fc", "fd", "fe"],
  // simple values in two bytes that are reserved
  ...["f800", "f801", "f818", "f81f"],
  // chunks of a string of indefinite length that are of another type
  ...["5f00ff", "5f21ff", "5f6100ff", "5f80ff", "5fa0ff", "5fc000ff", "5fe0ff", "7f4100ff"],
  // and of indefinite length themselves
  ...["5f5f4100ffff", "7f7f6100ffff"],
  // a break by itself, and where no break may be
  ...["ff", "81ff", "8200ff", "a1ff", "a1ff00", "a100ff", "a20000ff", "9f81ff", "9f829f819f9fffffffff"],
  // a break where a value is due
  ...["bf00ff", "bf000000ff"],
  // integers and tags with additional information 31
  ...["1f", "3f", "df"],
];
