import { phoneRow, unseal } from "../encryption.ts";
import type { Actor, Deps, SmsGateway, SmsMessage } from "../ports.ts";
import type { SmsRow } from "../store.ts";
import { record } from "../vouchers/apply.ts";
import { statusAt } from "../vouchers/lifecycle.ts";
import { writeSms } from "./text.ts";

/** Seconds for which a message that is being sent is nobody else's: longer than any gateway takes to answer or give up. */
const LEASE = 120;
const MAX_ATTEMPTS = 8;
/** Seconds before the second try; doubled after each. */
const FIRST_PAUSE = 15;
const WORKER: Actor = { kind: "clock", id: "outbox" };

/**
 * Sends what is due. At least once: killed between the gateway's answer and our mark, the message goes out again, under the same ID. Several
 * workers may run: each message is leased, in the row.
 */
export async function sendWaiting(deps: Deps, gateway: SmsGateway): Promise<{ sent: number; failed: number }> {
  const count = { sent: 0, failed: 0 };
  for (;;) {
    const now = deps.now();
    const sms = await deps.store.leaseSms({ now, until: now + LEASE });
    if (!sms) return count;
    const message = await writeMessage(deps, sms, now);
    if (!message) await deps.store.setSms(sms.id, { state: "dropped", dueAt: sms.dueAt, sentAt: null });
    else if (await accepted(gateway, message)) count.sent += await markSent(deps, sms);
    else count.failed += await markFailed(deps, sms);
  }
}

// Made at sending: no number, code or link waits in the database. A voucher that died while it waited is not announced, nor one whose key was
// withdrawn: no door takes it, and the one in its place has a message of its own.
async function writeMessage(deps: Deps, { id, voucherId }: SmsRow, now: number): Promise<SmsMessage | undefined> {
  const voucher = await deps.store.findVoucher(voucherId);
  const delivery = voucher && (await deps.store.findDelivery(voucher.deliveryId));
  if (!voucher || !delivery || statusAt(voucher, now) !== "live") return undefined;
  if (deps.keyring.withdrawn.kids.has(voucher.kid)) return undefined;
  const text = writeSms(deps, { voucher, delivery });
  return text === null ? undefined : { id, to: unseal(deps, phoneRow(delivery.id), delivery.sealedPhone), text };
}

// The gateway's own words are not kept: they tend to repeat the number.
async function accepted(gateway: SmsGateway, message: SmsMessage): Promise<boolean> {
  try {
    await gateway.send(message);
    return true;
  } catch {
    return false;
  }
}

async function markSent(deps: Deps, { id, voucherId, dueAt }: SmsRow): Promise<1> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    await rows.setSms(id, { state: "sent", dueAt, sentAt: now });
    await record(rows, "sms-sent", { deps, actor: WORKER, now, voucherId });
  });
  return 1;
}

async function markFailed(deps: Deps, { id, voucherId, attempts }: SmsRow): Promise<1> {
  const now = deps.now();
  const over = attempts >= MAX_ATTEMPTS;
  await deps.store.transaction(async (rows) => {
    await rows.setSms(id, {
      state: over ? "failed" : "waiting",
      dueAt: now + FIRST_PAUSE * 2 ** (attempts - 1),
      sentAt: null,
    });
    if (over) await record(rows, "sms-failed", { deps, actor: WORKER, now, voucherId });
  });
  return 1;
}
