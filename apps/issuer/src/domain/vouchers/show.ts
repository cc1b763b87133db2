import type { Ask, SmsStatus, TakenBy, VoucherStatus } from "@doorproof/api/lists";
import { formatShortCode, type StopLabel } from "@doorproof/voucher";
import { ASK_BITS, readBits, TAKER_BITS } from "@doorproof/voucher/codec";
import { IssueError } from "../errors.ts";
import { countSegments, type SmsRow } from "../messages/index.ts";
import type { Surroundings } from "../ports.ts";
import { deriveCode, deriveLink, deriveText } from "./derive.ts";
import { statusAt } from "./lifecycle.ts";
import { textOf } from "./message.ts";
import type { DeliveryRow, VoucherDeps, VoucherRow } from "./rows.ts";
import { openStop } from "./stop-details.ts";

/** A voucher as lists show it, without what opens a door. Times are seconds since 1970. */
export interface ListedVoucher {
  /** kid and cti, 24 hex digits. */
  readonly id: string;
  readonly deliveryId: string;
  readonly kid: string;
  readonly cti: string;
  readonly status: VoucherStatus;
  readonly expiresAt: number;
  readonly issuedAt: number;
  /** Of the latest message; `parts` is how many messages a provider counts it as. */
  readonly sms: { readonly status: SmsStatus; readonly parts: number };
  /** Null: none of the three is there. */
  readonly label: StopLabel | null;
  readonly parcels: readonly string[];
  readonly call: string | null;
  readonly asks: readonly Ask[];
  readonly takers: readonly TakenBy[];
  readonly locale: string;
}

/** The same with its secrets: for whoever has made it, and for those to whom it is revealed. */
export interface VoucherView extends ListedVoucher {
  /** Voucher text, made again; null once its key is gone. */
  readonly voucher: string | null;
  /** As shown, `7KQ4M-2XN8P`; null once its secret is gone. */
  readonly shortCode: string | null;
  /** null once its secret is gone. */
  readonly link: string | null;
}

/** @throws {IssueError} `voucher-unknown` */
export async function showVoucher(deps: VoucherDeps, id: string): Promise<ListedVoucher> {
  return view(deps, await requireVoucher(deps, id));
}

/** @throws {IssueError} `voucher-unknown` */
export async function showWithSecrets(deps: VoucherDeps, id: string): Promise<VoucherView> {
  const row = await requireVoucher(deps, id);
  const code = deriveCode(deps.secrets, row);
  return {
    ...(await view(deps, row)),
    voucher: await deriveText(deps.keyring, row),
    shortCode: code && formatShortCode(code),
    link: deriveLink(deps, row),
  };
}

/**
 * Newest first.
 * @param after a voucher's ID: what is older than it
 */
export async function listVouchers(
  deps: VoucherDeps,
  { delivery, status, limit, after }: { delivery?: string; status?: VoucherStatus; limit: number; after?: string },
): Promise<{ data: readonly ListedVoucher[]; hasMore: boolean }> {
  const found = await deps.store.listVouchers({
    now: deps.now(),
    limit: limit + 1,
    ...(delivery === undefined ? {} : { deliveryId: delivery }),
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
  });
  const data: ListedVoucher[] = [];
  for (const voucher of found.slice(0, limit)) data.push(await view(deps, voucher));
  return { data, hasMore: found.length > limit };
}

async function requireVoucher({ store }: VoucherDeps, id: string): Promise<VoucherRow> {
  const voucher = await store.findVoucher(id);
  if (!voucher) throw new IssueError("voucher-unknown", "there is no such voucher");
  return voucher;
}

async function view(deps: VoucherDeps, voucher: VoucherRow): Promise<ListedVoucher> {
  const { id, deliveryId, kid, cti, expiresAt, issuedAt } = voucher;
  const delivery = await deps.store.findDelivery(deliveryId);
  if (!delivery) throw new Error("a voucher has no delivery");
  const { label, parcels, call, asks, takers } = openStop(deps, deliveryId, delivery);
  return {
    id,
    deliveryId,
    kid,
    cti,
    status: statusAt(voucher, deps.now()),
    expiresAt,
    issuedAt,
    sms: viewSms(deps, await deps.store.smsOf(id), { voucher, delivery }),
    label: Object.values(label).every((text) => text === null) ? null : label,
    parcels,
    call,
    asks: readBits(asks, ASK_BITS).words,
    takers: readBits(takers, TAKER_BITS).words,
    locale: delivery.locale,
  };
}

function viewSms(
  deps: Surroundings,
  messages: readonly SmsRow[],
  { voucher, delivery }: { voucher: VoucherRow; delivery: DeliveryRow },
): ListedVoucher["sms"] {
  const last = messages.findLast(({ state }) => state !== "dropped");
  const text = last && textOf(deps, { voucher, delivery });
  if (!last || !text || last.state === "dropped") return { status: "none", parts: 0 };
  return { status: last.state, parts: countSegments(text) };
}
