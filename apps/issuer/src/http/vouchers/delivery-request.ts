import { type NewVoucher, readDuration, readTime } from "@doorproof/api";
import type { DeliveryRequest, Expires } from "../../domain/vouchers/index.ts";

export function readDelivery({ expiresAt, expiresIn, sendAt, window, ...rest }: NewVoucher): DeliveryRequest {
  return {
    ...rest,
    expires: readExpires({ expiresAt, expiresIn }),
    ...(sendAt === undefined ? {} : { sendAt: readTime(sendAt) }),
    ...(window === undefined ? {} : { window: { from: readTime(window.from), to: readTime(window.to) } }),
  };
}

/** The schema requires one of them. */
export function readExpires(times: { expiresAt?: string | undefined; expiresIn?: string | undefined }): Expires {
  return times.expiresAt === undefined
    ? { in: readDuration(times.expiresIn ?? "") }
    : { at: readTime(times.expiresAt) };
}
