import { NAME } from "@doorproof/voucher/codec";
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { type Fault, IssueError } from "../errors.ts";
import type { Policy } from "../ports.ts";
import type { DispatchReach, RouteRow } from "./rows.ts";

/** What is asked of a route that may be new. */
export interface RouteRequest {
  readonly name: string;
  /**
   * ISO 3166, as `GB`: the country of numbers that a driver types without +. Left out: what the route had, or the
   * issuer's default.
   */
  readonly country?: string;
}

/** What can be judged without the database. @param pointer where the name stood */
export function checkRoute({ name, country }: RouteRequest, pointer: string): readonly Fault[] {
  const faults: Fault[] = [];
  if (!NAME.test(name)) {
    faults.push({ pointer, code: "route", detail: "a route's name is 1 to 64 printable ASCII characters, as north-1" });
  }
  if (country !== undefined && !isSupportedCountry(country)) {
    faults.push({ pointer: "/country", code: "country", detail: "not an ISO 3166 country code, as GB" });
  }
  return faults;
}

/**
 * The route of this name, made if there is none.
 * @param phone E.164: tells the country where none was named
 * @throws {IssueError} `invalid-delivery`: a new route, and nothing says in which country it runs
 */
export async function openRoute(
  rows: DispatchReach,
  policy: Policy,
  { name, country, phone }: RouteRequest & { phone?: string },
): Promise<RouteRow> {
  const found = await rows.findRoute(name);
  if (found) return found;
  const callingCode = callingCodeOf(country ?? policy.defaultCountry) ?? callingCodeIn(phone);
  if (callingCode === undefined) {
    const fault = {
      pointer: "/country",
      code: "country",
      detail: "is missing: whose phone numbers does the route have?",
    };
    throw new IssueError("invalid-delivery", "a new route needs a country, as GB", [fault]);
  }
  const route = { name, callingCode, version: 0, issuedAt: 0, expiresAt: 0, contentMac: null };
  await rows.insertRoute(route);
  return route;
}

/** @returns without +, as `44`; undefined: no country, or none that we know */
export function callingCodeOf(country: string | null | undefined): string | undefined {
  return country && isSupportedCountry(country) ? getCountryCallingCode(country) : undefined;
}

function callingCodeIn(phone: string | undefined): string | undefined {
  return phone === undefined ? undefined : parsePhoneNumberFromString(phone)?.countryCallingCode;
}
