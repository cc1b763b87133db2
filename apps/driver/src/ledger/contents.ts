import { type Database, DEVICE, STORES } from "./database.ts";
import { type Contents, NEW_DEVICE } from "./rows.ts";

/** How many entries are held ready for the screens. */
const RECENT = 500;

/** @param documents held already */
export async function readContents(db: Database, documents?: Contents["documents"]): Promise<Contents> {
  const tx = db.transaction(STORES);
  const device = (await tx.objectStore("device").get(DEVICE)) ?? NEW_DEVICE;
  const entries = tx.objectStore("entries");
  return {
    device,
    documents: documents ?? (await tx.objectStore("documents").getAll()),
    used: await tx.objectStore("used").getAll(),
    recent: await entries.getAll(IDBKeyRange.lowerBound(device.seq - RECENT, true)),
    unsent: await entries.index("pending").count(),
    dead: await entries.index("buried").count(),
  };
}
