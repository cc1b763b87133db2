import { array, type Bytes, bstr, fromHex, head, join, NULL, tstr, uint, utf8 } from "./bytes.ts";
import { DAY, KEYS, NOW } from "./given.ts";
import { textOf, voucherOf } from "./make.ts";
import type { Row } from "./refused-row.ts";

// Step 5. Each is signed by a good key, so that it comes this far; an issuer that errs must not make readers differ.

const SUB = tstr("RR123456785DE");
const EXP = uint(NOW + 2 * DAY);
const CTI = bstr(fromHex("0102030405060708"));
const PHONE = uint(1234);
const UUID = fromHex("f81d4fae7dec11d0a76500a0c91e6bf6");
const ITEMS = join(SUB, EXP, CTI, PHONE);

export function payloads(): readonly Row[] {
  const signed = (name: string, payload: Bytes): Row => ({
    name,
    text: textOf(voucherOf(payload, KEYS.voucher)),
    expect: "malformed: payload",
    question: { delivery: null },
  });
  const sub = (name: string, item: Bytes) => signed(name, array(item, EXP, CTI, PHONE));
  const exp = (name: string, item: Bytes) => signed(name, array(SUB, item, CTI, PHONE));
  const cti = (name: string, item: Bytes) => signed(name, array(SUB, EXP, item, PHONE));
  const phone = (name: string, item: Bytes) => signed(name, array(SUB, EXP, CTI, item));

  return [
    signed("three items", array(SUB, EXP, CTI)),
    signed("five items", array(SUB, EXP, CTI, PHONE, NULL)),
    signed("an array whose head is longer than needed", join(head(4, 4, 1), ITEMS)),
    signed("an array of indefinite length", join(fromHex("9f"), ITEMS, fromHex("ff"))),
    signed("a map of the same four items", join(fromHex("a2"), ITEMS)),
    signed("a tag before the array", join(fromHex("d83d"), array(SUB, EXP, CTI, PHONE))),
    signed("an array in an array", array(array(SUB, EXP, CTI, PHONE))),
    signed("a byte after the array", join(array(SUB, EXP, CTI, PHONE), fromHex("00"))),
    signed("an array that promises more than there is", join(fromHex("84"), SUB, EXP, CTI)),
    signed("a last item cut short", array(SUB, EXP, CTI, fromHex("19 04"))),
    {
      ...signed("three items, and this device's clock is behind", array(SUB, EXP, CTI)),
      question: { delivery: null, keys: "ageing", revocations: "ageing", now: NOW + DAY, seen: NOW + 2 * DAY },
    },
    signed("no CBOR at all", new Uint8Array(30).fill(0xff)),

    sub("an empty delivery ID", tstr("")),
    signed("a delivery ID of 65 characters", array(tstr("a".repeat(65)), uint(23), CTI, NULL)),
    sub("a delivery ID with a space", tstr("RR 123456785 DE")),
    sub("a delivery ID with a letter beyond ASCII", tstr("Straße-12")),
    sub("a delivery ID with a control character", tstr("RR123456785DE\n")),
    sub("a delivery ID with DEL", tstr("RR123456785DE\x7f")),
    sub("a delivery ID that is not UTF-8", join(head(3, 5), fromHex("c3 28 41 42 43"))),
    sub("a UUID as text: each ID has one form", tstr("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")),
    sub("a UUID in a head longer than needed", join(head(2, 16, 1), UUID)),
    sub("15 bytes for a UUID", bstr(UUID.subarray(1))),
    sub("17 bytes for a UUID", bstr(join(UUID, Uint8Array.of(0)))),
    sub("a text in bytes", bstr(utf8("RR123456785DE"))),
    sub("a delivery ID whose head is longer than needed", join(head(3, 13, 1), utf8("RR123456785DE"))),
    sub("a delivery ID of indefinite length", join(fromHex("7f"), SUB, fromHex("ff"))),
    sub("a number for a delivery ID", uint(123456785)),

    exp("an expiry of 2^32", uint(2 ** 32)),
    exp("an expiry in eight bytes", head(0, NOW, 8)),
    exp("an expiry in two bytes where one will do", head(0, 255, 2)),
    exp("an expiry in four bytes where two will do", head(0, 65535, 4)),
    exp("an expiry in one byte where its head will do", head(0, 23, 1)),
    exp("a negative expiry", head(1, NOW)),
    exp("an expiry that is a float", fromHex("fb 41dad27480000000")),
    exp("an expiry that is not a number", fromHex("f97e00")),
    exp("an expiry with the tag of a time", join(fromHex("c1"), EXP)),
    exp("an expiry in text", tstr("2027-01-17T08:00:00Z")),
    exp("no expiry", NULL),

    cti("a cti of 7 bytes", bstr(new Uint8Array(7))),
    cti("a cti of 9 bytes", bstr(new Uint8Array(9))),
    cti("a cti whose head is longer than needed", join(head(2, 8, 1), new Uint8Array(8))),
    cti("a cti in text", tstr("01234567")),
    cti("a cti of indefinite length", join(fromHex("5f"), CTI, fromHex("ff"))),

    phone("a phone hash of 4096", uint(4096)),
    phone("a phone hash whose head is longer than needed", head(0, 23, 1)),
    phone("a negative phone hash", head(1, 5)),
    phone("a phone hash in bytes", bstr(fromHex("04d2"))),
    phone("undefined for a phone hash", fromHex("f7")),
    phone("false for a phone hash", fromHex("f4")),
  ];
}
