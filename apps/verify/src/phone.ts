import { readPhone } from "@doorproof/voucher";
import { foldTyped } from "@doorproof/voucher/codec";
import { Failure } from "./exit.ts";

/**
 * The calling code of a country.
 * @param country `GB` or `44`
 * @returns as `44`
 * @throws {Failure} `usage`
 */
export async function readCallingCode(country: string): Promise<string> {
  if (/^[1-9][0-9]{0,2}$/.test(country)) return country;
  // Loaded here: most verbs never ask.
  const { getCountryCallingCode, isSupportedCountry } = await import("libphonenumber-js/min");
  if (isSupportedCountry(country)) return getCountryCallingCode(country);
  throw new Failure("usage", `${country}: not a country`, "write two capital letters, as GB");
}

/** The numbers (E.164) that a person at the door may have meant. */
export async function readPhones(typed: string, country: string | undefined): Promise<readonly string[]> {
  if (country === undefined && !foldTyped(typed).startsWith("+")) {
    const hint = "write the number with +, as +447700900123, or add --country GB";
    throw new Failure("usage", `${typed}: whose country?`, hint);
  }
  const phones = readPhone(typed, country === undefined ? "" : await readCallingCode(country));
  if (phones.length === 0) throw new Failure("usage", `${typed}: not a phone number`, "write it as +447700900123");
  return phones;
}
