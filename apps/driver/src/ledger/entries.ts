import { raiseMark } from "../trust/clock.ts";
import { AlreadyUsed } from "./already-used.ts";
import { type Database, putDevice, readDevice, type Write } from "./database.ts";
import type { Entry } from "./entry.ts";
import type { Device, Draft, Used, WrongCodes } from "./rows.ts";

// Writes entries, takes them back, and reads them for the upload. Each function is the work of one transaction.

/** @throws {AlreadyUsed} */
export async function redeem(tx: Write, draft: Draft & { kind: "redemption" }, used: Used): Promise<void> {
  const { issuer, voucher, deliveryId } = used;
  const uses = tx.objectStore("used");
  const standing = (await uses.get([issuer, voucher])) ?? (await uses.index("delivery").get([issuer, deliveryId]));
  // It is this very entry: the connection broke after the commit, and the write is tried again.
  if (standing?.entryId === draft.id) return;
  if (standing) throw new AlreadyUsed(standing);
  // `add` on two unique keys: even if the check above were wrong, this would fail and nothing would be written.
  await uses.add(used);
  await append(tx, [draft]);
  const device = await readDevice(tx);
  const { [deliveryId]: _, ...wrong } = device.wrong;
  await putDevice(tx, { ...device, wrong });
}

export async function write(
  tx: Write,
  draft: Draft,
  wrong?: { readonly deliveryId: string; readonly wrong: WrongCodes },
): Promise<void> {
  if (await tx.objectStore("entries").index("id").getKey(draft.id)) return;
  await append(tx, [draft], wrong === undefined ? {} : { [wrong.deliveryId]: wrong.wrong });
}

/** @returns false: too late, or gone */
export async function undo(
  tx: Write,
  entryId: string,
  undo: Draft & { kind: "undo" },
  instead?: Draft & { kind: "redemption" },
): Promise<boolean> {
  const entries = tx.objectStore("entries");
  const entry = await entries.index("id").get(entryId);
  if (entry?.undoneBy === undo.id) return true;
  const { offered } = await readDevice(tx);
  if (!entry || entry.undoneBy !== undefined || entry.seq <= offered) return false;
  if (entry.kind !== "redemption" && entry.kind !== "attempt") return false;
  await entries.put({ ...entry, ...(entry.kind === "redemption" && { voucher: null }), undoneBy: undo.id });
  const use = await tx.objectStore("used").index("entry").get(entryId);
  if (use) await tx.objectStore("used").delete([use.issuer, use.voucher]);
  if (use && instead) await tx.objectStore("used").add({ ...use, at: instead.at, entryId: instead.id });
  await append(tx, instead ? [undo, instead] : [undo]);
  return true;
}

export async function pending(
  db: Database,
  after: number,
  limit: number,
  { dead }: { dead: boolean },
): Promise<readonly Entry[]> {
  const tx = db.transaction("entries");
  const range = IDBKeyRange.lowerBound(after, true);
  const alive = await tx.store.index("pending").getAll(range, limit);
  if (!dead) return alive;
  const buried = await tx.store.index("buried").getAll(range, limit);
  return [...alive, ...buried].sort((a, b) => a.seq - b.seq).slice(0, limit);
}

async function append(tx: Write, drafts: readonly Draft[], wrong: Device["wrong"] = {}): Promise<void> {
  const device = await readDevice(tx);
  let { seq, mark } = device;
  for (const draft of drafts) {
    seq += 1;
    mark = raiseMark({ ...device, mark }, draft.at);
    await tx.objectStore("entries").add({ ...draft, seq, pending: seq });
  }
  await putDevice(tx, { ...device, seq, mark, wrong: { ...device.wrong, ...wrong } });
}
