import { isDeliveryId } from "@doorproof/voucher";
import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { checkRoute } from "../dispatch/routes.ts";
import type { Fault } from "../errors.ts";
import type { Policy } from "../ports.ts";

/** An absolute time, or a duration from issuing; seconds. */
export type Expires = { readonly at: number } | { readonly in: number };

export interface DeliveryRequest {
  /** 1 to 64 printable ASCII characters. */
  readonly deliveryId: string;
  /** E.164, or as dialled in `country`. */
  readonly phone: string;
  readonly expires: Expires;
  /** ISO 3166, as `GB`; else the issuer's default. */
  readonly country?: string;
  /** BCP 47, as `de` or `pt-BR`: the language of the SMS. */
  readonly locale?: string;
  /** Whatever names the stop to a driver; at most 200 bytes. */
  readonly label?: string;
  /** When the SMS goes out; now when left out. */
  readonly sendAt?: number;
  /** False: no SMS; whoever ordered hands the voucher over. */
  readonly sms?: boolean;
  /** The route at whose end the delivery is put. */
  readonly route?: string;
  /** When it is expected at the door: shown to the driver, held against nobody. */
  readonly window?: { readonly from: number; readonly to: number };
}

/** What of an order can be judged without a clock: all its faults at once, and the number as E.164 if it is one. */
export function checkDelivery(
  order: DeliveryRequest,
  policy: Policy,
): { phone: string | undefined; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const add = (pointer: string, code: string, detail: string) => faults.push({ pointer, code, detail });
  if (!isDeliveryId(order.deliveryId))
    add("/deliveryId", "delivery-id", "a delivery ID is 1 to 64 printable ASCII characters, no spaces");
  const phone = checkPhone(order, policy);
  if (phone.fault) faults.push(phone.fault);
  if (order.locale !== undefined && !LOCALE.test(order.locale))
    add("/locale", "locale", "a locale is a language tag, as en or pt-BR");
  if (order.label !== undefined && Buffer.byteLength(order.label) > MAX_LABEL)
    add("/label", "label", `a label has at most ${MAX_LABEL} bytes`);
  if (order.route !== undefined) faults.push(...checkRoute({ name: order.route }, "/route"));
  if (order.window && !(order.window.from <= order.window.to && isTime(order.window.from) && isTime(order.window.to)))
    add("/window", "window", "a window ends before it begins, or at no time that a manifest can carry");
  return { phone: phone.number, faults };
}

/** What is judged by the clock, and so for a new order only: one that was accepted once stays accepted. */
export function checkTimes(
  { expires, sendAt }: Pick<DeliveryRequest, "expires" | "sendAt">,
  { now, policy }: { now: number; policy: Policy },
): { expiresAt: number; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const pointer = "at" in expires ? "/expiresAt" : "/expiresIn";
  const expiresAt = "at" in expires ? expires.at : now + expires.in;
  const life = expiresAt - now;
  if (!Number.isInteger(expiresAt)) faults.push({ pointer, code: "expiry", detail: "an expiry is in whole seconds" });
  else if (life <= 0) faults.push({ pointer, code: "expiry-past", detail: "the expiry is in the past" });
  else if (life > policy.maxVoucherLife) {
    faults.push({
      pointer,
      code: "expiry-far",
      detail: `a voucher lives at most ${policy.maxVoucherLife / 3600} hours`,
    });
  }
  if (sendAt !== undefined && !(Number.isInteger(sendAt) && sendAt < expiresAt)) {
    faults.push({ pointer: "/sendAt", code: "send-at", detail: "the message would go out after the voucher's expiry" });
  }
  return { expiresAt, faults };
}

/**
 * The number as E.164. Refused is what cannot be a number, and what is known to be a fixed line: the SMS would go nowhere. Not asked is whether
 * the number is valid: the tables of valid numbers are always a little old, and numbers for trials are in none.
 */
export function checkPhone(
  { phone, country }: Pick<DeliveryRequest, "phone" | "country">,
  policy: Policy,
): { number?: string; fault?: Fault } {
  const home = country ?? policy.defaultCountry ?? undefined;
  if (home !== undefined && !isSupportedCountry(home)) {
    return { fault: { pointer: "/country", code: "country", detail: "not an ISO 3166 country code, as GB" } };
  }
  const parsed = phone.length <= MAX_PHONE ? read(phone, home) : undefined;
  const refuse = (code: string, detail: string) => ({ fault: { pointer: "/phone", code, detail } });
  if (!parsed && home === undefined) return refuse("phone", "not a phone number, or one without + and country code");
  if (!parsed?.isPossible() || parsed.ext || !E164.test(parsed.number))
    return refuse("phone", "not a possible phone number");
  if (parsed.getType() === "FIXED_LINE") return refuse("phone-fixed-line", "a fixed line: it receives no SMS");
  return { number: parsed.number };
}

const MAX_PHONE = 40;
/** Bytes: 500 stops with labels of 200 four-byte characters would not fit into a manifest. */
const MAX_LABEL = 200;
const E164 = /^\+[1-9][0-9]{6,14}$/;
const LOCALE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

// A manifest's times are uint32.
function isTime(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds < 2 ** 32;
}

// Not `extract`: a number found somewhere in a sentence is a guess.
function read(phone: string, home: CountryCode | undefined): PhoneNumber | undefined {
  return parsePhoneNumberFromString(phone, { extract: false, ...(home === undefined ? {} : { defaultCountry: home }) });
}
