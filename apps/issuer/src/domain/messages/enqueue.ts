import { toHex } from "@doorproof/voucher/codec";
import type { Surroundings } from "../ports.ts";
import type { MessageRows } from "./rows.ts";

/** Puts a message into the outbox: an ID, and when it is due. Number and text are made when it is sent. */
export async function enqueueSms(
  rows: MessageRows,
  { random }: Pick<Surroundings, "random">,
  { voucherId, now, dueAt }: { voucherId: string; now: number; dueAt: number },
): Promise<void> {
  const id = toHex(random(16));
  await rows.insertSms({ id, voucherId, state: "waiting", dueAt, attempts: 0, createdAt: now, sentAt: null });
}
