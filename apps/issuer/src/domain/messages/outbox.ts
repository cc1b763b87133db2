import { type AuditRows, append } from "../audit/index.ts";
import type { Actor, Deps } from "../ports.ts";
import type { SmsGateway, SmsMessage } from "./gateway.ts";
import type { MessageRows, SmsRow } from "./rows.ts";

/** Seconds for which a message belongs to the worker that is sending it: longer than any gateway takes to answer. */
const LEASE = 120;
const MAX_ATTEMPTS = 8;
/** Seconds before the second try; doubled after each. */
const FIRST_PAUSE = 15;
const WORKER: Actor = { kind: "clock", id: "outbox" };

type OutboxDeps = Deps<MessageRows & AuditRows>;

/**
 * Sends what is due, each message at least once: when the process is killed after the gateway's answer and before it is
 * noted, the message is sent again, under the same ID. Several workers may run, since each leases its message in the
 * row.
 *
 * @param write what a voucher's message says and to whom, asked when it is sent, so that no number, code or link is
 * stored. null: the voucher is no longer live, and the message is dropped
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
    else if (await accepted(gateway, { id: sms.id, ...message }))
      count.sent += await markTaken(deps, sms, gateway.outcome);
    else count.failed += await markFailed(deps, sms);
  }
}

// What the gateway says is not kept: it often repeats the number.
async function accepted(gateway: SmsGateway, message: SmsMessage): Promise<boolean> {
  try {
    await gateway.send(message);
    return true;
  } catch {
    return false;
  }
}

async function markTaken(
  deps: OutboxDeps,
  { id, voucherId, dueAt }: SmsRow,
  outcome: SmsGateway["outcome"],
): Promise<1> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    await rows.setSms(id, { state: outcome, dueAt, sentAt: now });
    await append(rows, `sms-${outcome}`, { deps, actor: WORKER, now, voucherId });
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
