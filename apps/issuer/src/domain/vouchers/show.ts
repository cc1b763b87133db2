import { formatShortCode } from "@doorproof/voucher";
import { labelRow, unseal } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import { countParts, writeSms } from "../messages/text.ts";
import type { Deps } from "../ports.ts";
import type { DeliveryRow, SmsRow, VoucherRow } from "../store.ts";
import { remakeCode, remakeLink, remakeText } from "./derive.ts";
import { statusAt, type VoucherStatus } from "./lifecycle.ts";

/** A voucher as the back office sees it. Times are seconds since 1970. */
export interface VoucherView {
  /** kid and cti, 24 hex digits. */
  readonly id: string;
  readonly deliveryId: string;
  readonly kid: string;
  readonly cti: string;
  readonly status: VoucherStatus;
  /** Voucher text, made again; null once its key is gone. */
  readonly voucher: string | null;
  /** As shown, `7KQ4M-2XN8P`; null once its secret is gone. */
  readonly shortCode: string | null;
  readonly link: string;
  readonly expiresAt: number;
  readonly issuedAt: number;
  /** Of the latest message; `parts` is how many messages a provider counts it as. */
  readonly sms: { readonly status: "none" | "waiting" | "sent" | "failed"; readonly parts: number };
  readonly label: string | null;
  readonly locale: string;
}

/** @throws {IssueError} `voucher-unknown` */
export async function showVoucher(deps: Deps, id: string): Promise<VoucherView> {
  const voucher = await deps.store.findVoucher(id);
  if (!voucher) throw new IssueError("voucher-unknown", "there is no such voucher");
  return view(deps, voucher);
}

/**
 * Newest first.
 * @param after a voucher's ID: what is older than it
 */
export async function listVouchers(
  deps: Deps,
  { delivery, status, limit, after }: { delivery?: string; status?: VoucherStatus; limit: number; after?: string },
): Promise<{ data: readonly VoucherView[]; hasMore: boolean }> {
  const found = await deps.store.listVouchers({
    now: deps.now(),
    limit: limit + 1,
    ...(delivery === undefined ? {} : { deliveryId: delivery }),
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
  });
  const data: VoucherView[] = [];
  for (const voucher of found.slice(0, limit)) data.push(await view(deps, voucher));
  return { data, hasMore: found.length > limit };
}

async function view(deps: Deps, voucher: VoucherRow): Promise<VoucherView> {
  const { id, deliveryId, kid, cti, expiresAt, issuedAt } = voucher;
  const delivery = await deps.store.findDelivery(deliveryId);
  if (!delivery) throw new Error("a voucher has no delivery");
  const code = remakeCode(deps.secrets, voucher);
  const { sealedLabel, locale } = delivery;
  return {
    id,
    deliveryId,
    kid,
    cti,
    status: statusAt(voucher, deps.now()),
    voucher: await remakeText(deps.keyring, voucher),
    shortCode: code && formatShortCode(code),
    link: remakeLink(deps, voucher),
    expiresAt,
    issuedAt,
    sms: viewSms(deps, await deps.store.smsOf(id), { voucher, delivery }),
    label: sealedLabel === null ? null : unseal(deps, labelRow(deliveryId), sealedLabel),
    locale,
  };
}

function viewSms(
  deps: Deps,
  messages: readonly SmsRow[],
  { voucher, delivery }: { voucher: VoucherRow; delivery: DeliveryRow },
): VoucherView["sms"] {
  const last = messages.findLast(({ state }) => state !== "dropped");
  const text = last && writeSms(deps, { voucher, delivery });
  if (!last || !text || last.state === "dropped") return { status: "none", parts: 0 };
  return { status: last.state, parts: countParts(text) };
}
