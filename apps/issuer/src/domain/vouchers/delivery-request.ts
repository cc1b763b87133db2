import { isDeliveryId } from "@doorproof/voucher";
import type { Fault } from "../errors.ts";
import type { Policy } from "../ports.ts";
import { faultyId } from "./delivery-list.ts";
import { checkCourier } from "./hand-over.ts";
import { readPhoneNumber } from "./phone.ts";
import { checkStop, type StopRequest } from "./stop-details.ts";

/** An absolute time, or a duration from issuing; seconds. */
export type Expires = { readonly at: number } | { readonly in: number };

export interface DeliveryRequest extends StopRequest {
  /** 1 to 64 printable ASCII characters, and no link. */
  readonly deliveryId: string;
  /** E.164, or as dialled in `country`. */
  readonly phone: string;
  readonly expires: Expires;
  /** ISO 3166, as `GB`; else the issuer's default. */
  readonly country?: string;
  /** BCP 47, as `de` or `pt-BR`: the language of the SMS. */
  readonly locale?: string;
  /** When the SMS goes out; now when left out. */
  readonly sendAt?: number;
  /** To whom it is handed: an API key of this courier may redeem it. */
  readonly courier?: string;
  /** False: no SMS; whoever asks hands the voucher over. */
  readonly sms?: boolean;
}

/** What of a request has the right shape: all of it, or what is left beside faults of shape. */
export type DeliveryPart = { readonly [Name in keyof DeliveryRequest]?: DeliveryRequest[Name] | undefined };

/**
 * Judges what needs no clock: all faults at once, and the number as E.164 if it is one. Of a member that is not there
 * it says nothing.
 */
export function checkDelivery(
  request: DeliveryPart,
  policy: Policy,
): { phone: string | undefined; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const add = (pointer: string, code: string, detail: string) => faults.push({ pointer, code, detail });
  const { deliveryId } = request;
  if (deliveryId !== undefined && !isDeliveryId(deliveryId)) faults.push(faultyId("/deliveryId"));
  // It stands in the customer's message, where a phone makes a link of it that seems to come from the shipper.
  else if (deliveryId?.includes("://"))
    add("/deliveryId", "delivery-id", "a delivery ID holds no ://, which would be a link in the customer's message");
  const country = request.country ?? policy.defaultCountry;
  const phone = request.phone === undefined ? undefined : readPhoneNumber(request.phone, country);
  if (phone && "fault" in phone) faults.push(phone.fault);
  if (request.locale !== undefined && !LOCALE.test(request.locale))
    add("/locale", "locale", "a locale is a language tag, as en or pt-BR");
  const number = phone && "number" in phone ? phone.number : undefined;
  faults.push(...checkStop(request, number));
  if (request.courier !== undefined) faults.push(...checkCourier(request.courier));
  return { phone: number, faults };
}

/** Judges what needs a clock. Only for a new delivery: one that was accepted stays accepted. */
export function checkTimes(
  { expires, sendAt }: Pick<DeliveryRequest, "expires"> & Pick<DeliveryPart, "sendAt">,
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
 * All that can be said of a request which cannot be fulfilled anyhow, since other members of it have no right shape:
 * its writer is told every fault at once.
 */
export function judgeDelivery(part: DeliveryPart, at: { now: number; policy: Policy }): readonly Fault[] {
  const { expires, sendAt } = part;
  return [
    ...checkDelivery(part, at.policy).faults,
    ...(expires === undefined ? [] : checkTimes({ expires, sendAt }, at).faults),
  ];
}

const LOCALE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
