import { type NewLabel, type NewVoucher, readDuration, readTime } from "@doorproof/api";
import { type DispatchDeps, placementOf } from "../../domain/dispatch/index.ts";
import { type DeliveryRequest, type Expires, judgeDelivery } from "../../domain/vouchers/index.ts";
import { present } from "../frame/body.ts";
import type { Judge } from "../frame/faults.ts";

export function readDelivery({ expiresAt, expiresIn, sendAt, window, label, ...rest }: NewVoucher): DeliveryRequest {
  return {
    ...rest,
    expires: readExpires({ expiresAt, expiresIn }),
    ...(label === undefined ? {} : { label: readLabel(label) }),
    ...(sendAt === undefined ? {} : { sendAt: readTime(sendAt) }),
    ...(window === undefined ? {} : { window: { from: readTime(window.from), to: readTime(window.to) } }),
  };
}

/** A text is the address. */
function readLabel(label: NewLabel): Exclude<NewLabel, string> {
  return typeof label === "string" ? { address: label } : label;
}

/** The schema requires one of them. */
export function readExpires(times: { expiresAt?: string | undefined; expiresIn?: string | undefined }): Expires {
  return times.expiresAt === undefined
    ? { in: readDuration(times.expiresIn ?? "") }
    : { at: readTime(times.expiresAt) };
}

/** For a route that takes members of a delivery: what is wrong with those whose shape is right. */
export function judgeMembers(deps: DispatchDeps): Judge {
  return (members: Partial<NewVoucher>) => {
    const { expiresAt, expiresIn, sendAt, window, route, label, ...rest } = members;
    const isSaid = expiresAt !== undefined || expiresIn !== undefined;
    const part = {
      ...rest,
      label: label === undefined ? undefined : readLabel(label),
      expires: isSaid ? readExpires({ expiresAt, expiresIn }) : undefined,
      sendAt: sendAt === undefined ? undefined : readTime(sendAt),
    };
    const place = present({ route, window: window && { from: readTime(window.from), to: readTime(window.to) } });
    return [...judgeDelivery(part, { now: deps.now(), policy: deps.policy }), ...placementOf(place, deps).faults];
  };
}
