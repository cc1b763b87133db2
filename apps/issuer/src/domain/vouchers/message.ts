import { decrypt, phoneRow } from "../encryption.ts";
import { type SmsMessage, writeText } from "../messages/index.ts";
import type { Surroundings } from "../ports.ts";
import { deriveCode, deriveLink } from "./derive.ts";
import { statusAt } from "./lifecycle.ts";
import type { DeliveryRow, VoucherDeps, VoucherRow } from "./rows.ts";

/**
 * What a voucher's message says and to whom, made when it is sent. A voucher that died while the message waited is not
 * announced, nor one whose key was withdrawn: no door takes it, and the one in its place has a message of its own.
 *
 * @returns null: there is nothing to announce
 */
export async function writeMessage(deps: VoucherDeps, voucherId: string): Promise<Omit<SmsMessage, "id"> | null> {
  const voucher = await deps.store.findVoucher(voucherId);
  const delivery = voucher && (await deps.store.findDelivery(voucher.deliveryId));
  if (!voucher || !delivery || statusAt(voucher, deps.now()) !== "live") return null;
  if (deps.keyring.withdrawn.kids.has(voucher.kid)) return null;
  const text = textOf(deps, { voucher, delivery });
  if (text === null || delivery.sealedPhone === null) return null;
  return { to: decrypt(deps, phoneRow(delivery.id), delivery.sealedPhone), text };
}

/** @returns null once the secret of the voucher's code or link is gone */
export function textOf(
  { keyring, secrets, policy }: Pick<Surroundings, "keyring" | "secrets" | "policy">,
  { voucher, delivery }: { voucher: VoucherRow; delivery: DeliveryRow },
): string | null {
  const code = deriveCode(secrets, voucher);
  const link = deriveLink({ secrets, policy }, voucher);
  if (code === null || link === null) return null;
  const { id: deliveryId, locale } = delivery;
  return writeText({ brand: keyring.issuer, deliveryId, code, link, locale });
}
