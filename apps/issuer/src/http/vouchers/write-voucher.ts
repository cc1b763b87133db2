import { type DryRun, type IssuedVoucher, type Voucher, writeTime } from "@doorproof/api";
import type { ListedVoucher, Outcome, VoucherView } from "../../domain/vouchers/index.ts";

/** As a client reads it. Field by field, so that a view with secrets leaves them behind. */
export function writeVoucher(view: ListedVoucher): Voucher {
  const { id, deliveryId, status, sms, locale } = view;
  const times = { expiresAt: writeTime(view.expiresAt), issuedAt: writeTime(view.issuedAt) };
  return { id, deliveryId, status, ...times, sms: { ...sms }, ...writeStop(view), locale };
}

/** Field by field as well: the voucher that was rehearsed has an ID, and nobody will find it under that. */
export function writeDryRun({ view, created }: Outcome): DryRun {
  const { deliveryId, status, sms, locale } = view;
  return {
    dryRun: true,
    created,
    deliveryId,
    status,
    expiresAt: writeTime(view.expiresAt),
    sms: { ...sms },
    ...writeStop(view),
    locale,
  };
}

function writeStop({ label, parcels, call, asks, takers }: ListedVoucher) {
  return { label: label && { ...label }, parcels: [...parcels], call, asks: [...asks], takers: [...takers] };
}

export function writeWithSecrets(view: VoucherView): IssuedVoucher {
  const { voucher, shortCode, link } = view;
  return { ...writeVoucher(view), voucher, shortCode, link };
}
