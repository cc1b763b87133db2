import { type AuditRows, append } from "../audit/index.ts";
import type { Actor, Deps } from "../ports.ts";
import type { SmsGateway, SmsMessage } from "./gateway.ts";
import type { MessageRows, SmsRow } from "./rows.ts";

/** Seconds for which a message that is being sent is nobody else's: longer than any gateway takes to answer or give up. */
const LEASE = 120;
const MAX_ATTEMPTS = 8;
/** Seconds before the second try; doubled after each. */
const FIRST_PAUSE = 15;
const WORKER: Actor = { kind: "clock", id: "outbox" };

type OutboxDeps = Deps<MessageRows & AuditRows>;

/**
 * Sends what is due. At least once: killed between the gateway's answer and our mark, the message goes out again, under the same ID. Several
 * workers may run: each message is leased, in the row.
 *
 * @param write what a voucher's message says and to whom, asked at sending: no number, code or link waits in the database. null: there is
 * nothing to announce any more, and the message is dropped
 */
export async function sendWaiting(
  deps: OutboxDeps,
  { gateway, write }: { gateway: SmsGateway; write: (voucherId: string) => Promise<Omit<SmsMessage, "id"> | null> },
): Promise<{ sent: number; failed: number }> {
  const count = { sent: 0, failed: 0 };
  for (;;) {
    const now = deps.now();
    const sms = await deps.store.leaseSms({ now, until: now + LEASE });
    if (!sms) return count;
    const message = await write(sms.voucherId);
    if (!message) await deps.store.setSms(sms.id, { state: "dropped", dueAt: sms.dueAt, sentAt: null });
    else if (await accepted(gateway, { id: sms.id, ...message })) count.sent += await markSent(deps, sms);
    else count.failed += await markFailed(deps, sms);
  }
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

async function markSent(deps: OutboxDeps, { id, voucherId, dueAt }: SmsRow): Promise<1> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    await rows.setSms(id, { state: "sent", dueAt, sentAt: now });
    await append(rows, "sms-sent", { deps, actor: WORKER, now, voucherId });
  });
  return 1;
}

async function markFailed(deps: OutboxDeps, { id, voucherId, attempts }: SmsRow): Promise<1> {
  const now = deps.now();
  const over = attempts >= MAX_ATTEMPTS;
  await deps.store.transaction(async (rows) => {
    await rows.setSms(id, {
      state: over ? "failed" : "waiting",
      dueAt: now + FIRST_PAUSE * 2 ** (attempts - 1),
      sentAt: null,
    });
    if (over) await append(rows, "sms-failed", { deps, actor: WORKER, now, voucherId });
  });
  return 1;
}
