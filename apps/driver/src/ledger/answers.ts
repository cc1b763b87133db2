import { putDevice, readDevice, type Write } from "./database.ts";
import type { Answer } from "./entry.ts";
import { healedBy, type IssuerTime } from "./rows.ts";

// Stores what the issuer answered to entries. Each function is the work of one transaction.

export async function answer(tx: Write, answers: ReadonlyMap<number, Answer>, time: IssuerTime): Promise<void> {
  for (const [seq, answer] of answers) await store(tx, seq, answer);
  await putDevice(tx, { ...(await readDevice(tx)), ...healedBy(time), revoked: false, shutOut: false });
}

// The first answer stays. The voucher's text is deleted, since nobody needs it any more, and a thief could.
async function store(tx: Write, seq: number, answer: Answer): Promise<void> {
  const entry = await tx.objectStore("entries").get(seq);
  if (!entry || entry.answer) return;
  const { pending: _, buried: __, dead: ___, ...rest } = entry;
  const stripped = rest.kind === "redemption" ? { ...rest, voucher: null } : rest;
  await tx.objectStore("entries").put({ ...stripped, answer });
  const use = await tx.objectStore("used").index("entry").get(entry.id);
  if (use) await tx.objectStore("used").put({ ...use, answer });
}

/** Marks an entry that the issuer could not read, even sent alone. */
export async function bury(tx: Write, seq: number, code: string): Promise<void> {
  const entry = await tx.objectStore("entries").get(seq);
  if (!entry || entry.answer) return;
  const { pending: _, ...rest } = entry;
  await tx.objectStore("entries").put({ ...rest, dead: code, buried: seq });
}
