import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type PlacementRequest, placementOf } from "../src/domain/dispatch/placement.ts";
import { IssueError } from "../src/domain/errors.ts";
import type { SmsGateway, SmsMessage } from "../src/domain/messages/gateway.ts";
import { sendWaiting } from "../src/domain/messages/outbox.ts";
import type { Actor, Deps as DomainDeps } from "../src/domain/ports.ts";
import type { RedemptionAnswer, RedemptionRecord } from "../src/domain/redemptions/record.ts";
import { redeem } from "../src/domain/redemptions/redeem.ts";
import type { DeliveryRequest } from "../src/domain/vouchers/delivery-request.ts";
import { issueVoucher, type Outcome } from "../src/domain/vouchers/issue.ts";
import { writeMessage } from "../src/domain/vouchers/message.ts";
import type { VoucherView } from "../src/domain/vouchers/show.ts";
import type { StoreDeps as Deps, Rows, Store } from "../src/store/store.ts";

export const T0 = 1_800_000_000;
export const HOUR = 3600;
export const DAY = 24 * HOUR;

export const BACK_OFFICE: Actor = { kind: "api-key", id: "office", courier: null };
export const DRIVER: Actor = { kind: "api-key", id: "driver", courier: "*" };
export const COURIER: Actor = { kind: "api-key", id: "courier", courier: "*" };

/**
 * A folder of its own, in memory where the system has such a place: these tests are about what commits, not about a
 * disk's speed.
 */
export function makeFolder(): string {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "doorproof-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function seededRandom(seed: string): Deps["random"] {
  let draws = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      createHash("sha256").update(`${seed} ${draws++}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
}

/** The same issuer, its store handled by somebody: to stop it in the middle or to make it forget. */
export function withStore(deps: Deps, change: (store: Store) => Partial<Store>): Deps {
  return { ...deps, store: { ...deps.store, ...change(deps.store) } };
}

export function order(deliveryId: string, change: Partial<Request> = {}): Request {
  return { deliveryId, phone: dramaNumber(1), expires: { in: 48 * HOUR }, ...change };
}

type RowDeps = DomainDeps<Rows>;

/** What a client may ask for in one request. */
type Request = DeliveryRequest & PlacementRequest;

/** As POST /v1/vouchers does it: the voucher, and the delivery's place on its route. */
export function issueOne(deps: RowDeps, request: Request, actor: Actor): Promise<Outcome> {
  return issueVoucher(deps, request, actor, placementOf(request, deps));
}

/** One round of the outbox. */
export function sendAll(deps: RowDeps, gateway: SmsGateway): Promise<{ sent: number; failed: number }> {
  return sendWaiting(deps, { gateway, write: (voucherId) => writeMessage(deps, voucherId) });
}

/** Ofcom's numbers for drama: nobody's. */
export function dramaNumber(index: number): string {
  return `+447700900${String(index % 1000).padStart(3, "0")}`;
}

/** A gateway that keeps what each phone received. */
export function listeningGateway(): SmsGateway & { readonly received: SmsMessage[] } {
  const received: SmsMessage[] = [];
  return { name: "listening", outcome: "sent", received, send: async (message) => void received.push(message) };
}

/** @returns the code of the IssueError that a verb ends in */
export async function refusal(verb: Promise<unknown>): Promise<string> {
  const error: unknown = await verb.then(
    () => "nothing was refused",
    (reason: unknown) => reason,
  );
  if (error instanceof IssueError) return error.code;
  throw error;
}

export function record(
  voucher: Pick<VoucherView, "voucher">,
  change: Partial<RedemptionRecord> = {},
): RedemptionRecord {
  return { id: randomUUID(), voucher: voucher.voucher ?? "", via: "scan", at: T0, takenBy: "recipient", ...change };
}

export async function redeemOne(deps: RowDeps, one: RedemptionRecord, reporter: Actor): Promise<RedemptionAnswer> {
  return redeem(deps, one, reporter);
}

export function redeemNow(deps: Deps, voucher: VoucherView, reporter: Actor): Promise<RedemptionAnswer> {
  return redeemOne(deps, record(voucher, { at: deps.now() }), reporter);
}
