import type { VoucherStatus } from "@doorproof/api/lists";
import { hashToken } from "../encryption.ts";
import { deriveCode, deriveText } from "./derive.ts";
import { statusAt } from "./lifecycle.ts";
import type { VoucherDeps } from "./rows.ts";

export type PageView =
  | {
      readonly state: "ready";
      readonly voucherText: string;
      /** Ten characters, no hyphen. */
      readonly shortCode: string;
      readonly expiresAt: number;
      readonly locale: string;
    }
  | { readonly state: "used" | "expired" | "withdrawn" | "unknown" };

/** What the link in the SMS shows. It changes nothing, so that a messenger's preview of the link does no harm. */
export async function viewPage(deps: VoucherDeps, token: string): Promise<PageView> {
  const voucher = TOKEN.test(token) ? await deps.store.findVoucherByLink(hashToken(token)) : undefined;
  const delivery = voucher && (await deps.store.findDelivery(voucher.deliveryId));
  if (!voucher || !delivery) return { state: "unknown" };
  const status = statusAt(voucher, deps.now());
  if (status !== "live") return { state: delivery.state === "delivered" ? "used" : OVER[status] };
  const voucherText = await deriveText(deps.keyring, voucher);
  const shortCode = deriveCode(deps.secrets, voucher);
  // Its key or secret was removed, as after a leak: it must not be shown as good, though its row says live.
  if (voucherText === null || shortCode === null) return { state: "withdrawn" };
  return { state: "ready", voucherText, shortCode, expiresAt: voucher.expiresAt, locale: delivery.locale };
}

const TOKEN = /^[A-Za-z0-9_-]{22}$/;

const OVER: Record<Exclude<VoucherStatus, "live">, "used" | "expired" | "withdrawn"> = {
  redeemed: "used",
  expired: "expired",
  revoked: "withdrawn",
  superseded: "withdrawn",
};
