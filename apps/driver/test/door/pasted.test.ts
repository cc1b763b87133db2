import { Refusal } from "@doorproof/voucher";
import { expect, test } from "vitest";
import { findShortCode } from "../../src/door/pasted.ts";

const CODE = "7KQ4M2XN8P";

test.each([
  ["as shown", "7KQ4M-2XN8P"],
  ["as said", " 7kq4m 2xn8p "],
  ["with letters for digits", "7KQ4M-2XNBP".replace("B", "8")],
  [
    "the SMS",
    "Acme: parcel RR123456785DE. Show only at the door, never by phone: code 7KQ4M-2XN8P or https://pod.example/v/AbCdE-12345fgh",
  ],
  ["the SMS with another hyphen", "Paket 12. Nur an der Tür zeigen: Code 7KQ4M–2XN8P oder https://pod.example/v/x"],
  ["the SMS without one", "colis 7, code 7kq4m2xn8p ou https://pod.example/v/x"],
  ["the SMS from a keyboard of full width", "コード：７ＫＱ４Ｍ－２ｘｎ８ｐ　https://pod.example/v/x"],
  ["after a word of ten letters", "WAREHOUSES and 7KQ4M-2XN8P"],
])("%s", (_, typed) => expect(findShortCode(typed)).toBe(CODE));

test.each([
  ["nothing", ""],
  ["a slip", "7KQ4M-2XN8Q"],
  ["a swap", "7KQM4-2XN8P"],
  ["a code inside a link", "https://pod.example/v/7KQ4M-2XN8P"],
  ["a code inside a longer word", "A7KQ4M-2XN8P9"],
  ["a code as one version of Unicode reads it, in a message", "code \ua7f4KQ4M-2XN8P or \u{1ccf7}KQ4M2XN8P"],
  ["a megabyte", "7".repeat(1_000_000)],
])("not %s", (_, typed) => {
  try {
    expect.unreachable(findShortCode(typed));
  } catch (error) {
    expect(Refusal.is(error, "code-mistyped")).toBe(true);
  }
});
