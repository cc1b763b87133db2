import { Failure } from "@doorproof/verify/verbs";
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * A phone number as E.164. It need only be possible, not valid: numbers reserved for fiction are never valid.
 * @throws {Failure} `usage`: not possible, or a fixed line, where no message arrives
 */
export function normalisePhone(typed: string, country: string | undefined): string {
  if (country === undefined && !typed.trim().startsWith("+")) throw noCountry(typed);
  const phone = parsePhoneNumberFromString(
    typed,
    country === undefined ? {} : { defaultCountry: readCountry(country) },
  );
  if (!phone?.isPossible())
    throw new Failure("usage", `${typed}: not a possible phone number`, "write it as +447700900123");
  if (phone.getType() === "FIXED_LINE") throw new Failure("usage", `${typed}: a fixed line gets no SMS`);
  return phone.number;
}

function readCountry(country: string): CountryCode {
  if (isSupportedCountry(country)) return country;
  throw new Failure("usage", `${country}: not a country`, "write two capital letters, as GB");
}

function noCountry(typed: string): Failure {
  return new Failure(
    "usage",
    `${typed}: whose country?`,
    "write the number with +, as +447700900123, or add --country GB",
  );
}
