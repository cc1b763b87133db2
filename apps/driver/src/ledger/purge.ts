import { forgettable } from "../trust/clock.ts";
import { putDevice, readDevice, type Write } from "./database.ts";

/** How long answered entries and wrong codes are kept, in seconds. */
const WEEK = 604_800;

/** Forgets what can no longer matter, by the signed floor. The work of one transaction. */
export async function purge(tx: Write, floor: number, grace: number): Promise<void> {
  for await (const cursor of tx.objectStore("used").iterate()) {
    if (forgettable(cursor.value.expiresAt, { floor, grace })) await cursor.delete();
  }
  for await (const cursor of tx.objectStore("entries").iterate(null)) {
    if (cursor.value.at > floor - WEEK) break;
    if (cursor.value.answer) await cursor.delete();
  }
  const device = await readDevice(tx);
  const wrong = Object.entries(device.wrong).filter(([, { at }]) => at > floor - WEEK);
  await putDevice(tx, { ...device, wrong: Object.fromEntries(wrong) });
}
