import { ascii } from "./bytes.ts";
import { hmacSha256 } from "./sha256.ts";
import { foldTyped, isTyped } from "./typed.ts";

const E164 = /^\+[1-9][0-9]{6,14}$/;

/**
 * The phone hash (docs/format.md section 2): the top 12 bits of an HMAC under a constant. It catches a wrong number in
 * 4,095 of 4,096 cases and is no second factor. The key is a constant on purpose: a salt would give 12 more bits with
 * every further voucher of the same customer.
 *
 * @param number E.164, as `+447700900123`
 * @throws {RangeError} not E.164: a hash of another spelling would never match
 */
export function hashPhone(number: string): number {
  if (!E164.test(number)) throw new RangeError("E.164");
  const [b0 = 0, b1 = 0] = hmacSha256(ascii("doorproof-phone-v1"), ascii(number));
  return (b0 << 4) | (b1 >> 4);
}

/**
 * The numbers that a person at the door may have meant (docs/format.md section 2). With "+" it stands as typed; else
 * one leading 0 is the national prefix and gives way to the country's calling code, except where a country keeps its 0
 * (Italy): so both are tried.
 *
 * @param typed text of at most 64 code points; of anything else no number is read
 * @param country calling code without +, as `44`
 * @returns E.164 numbers, none if nothing typed could be a phone number
 */
export function readPhone(typed: unknown, country: string): readonly string[] {
  if (!isTyped(typed)) return [];
  const digits = foldTyped(typed).replace(/[()./]/g, "");
  const candidates = digits.startsWith("+")
    ? [digits]
    : [`+${country}${digits.replace(/^0/, "")}`, `+${country}${digits}`];
  return [...new Set(candidates)].filter((number) => E164.test(number));
}
