import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { Fault } from "../errors.ts";

/**
 * The number as E.164. Refused is what cannot be a number, and a known fixed line, which receives no SMS. Whether the
 * number is assigned is not checked: such tables are always somewhat old, and numbers for trials are in none.
 *
 * @param country ISO 3166, as `GB`, for a number without +; null: none is known
 */
export function readPhoneNumber(
  phone: string,
  country: string | null,
): { readonly number: string } | { readonly fault: Fault } {
  if (country !== null && !isSupportedCountry(country)) {
    return { fault: { pointer: "/country", code: "country", detail: "not an ISO 3166 country code, as GB" } };
  }
  const parsed = phone.length <= MAX_PHONE ? parse(phone, country) : undefined;
  const refuse = (code: string, detail: string) => ({ fault: { pointer: "/phone", code, detail } });
  if (!parsed && country === null) return refuse("phone", "not a phone number, or one without + and country code");
  if (!parsed?.isPossible() || parsed.ext || !E164.test(parsed.number))
    return refuse("phone", "not a possible phone number");
  if (parsed.getType() === "FIXED_LINE") return refuse("phone-fixed-line", "a fixed line: it receives no SMS");
  return { number: parsed.number };
}

const MAX_PHONE = 40;
const E164 = /^\+[1-9][0-9]{6,14}$/;

// Without `extract`, which would guess a number out of a sentence.
function parse(phone: string, country: CountryCode | null): PhoneNumber | undefined {
  return parsePhoneNumberFromString(phone, {
    extract: false,
    ...(country === null ? {} : { defaultCountry: country }),
  });
}
