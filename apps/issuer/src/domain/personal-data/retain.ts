import type { PersonalDataDeps, PhoneHolder } from "./rows.ts";

/** For how long what is about a person is kept, in days after the end of its delivery. */
export interface Retention {
  /** Numbers; labels, notes and reasons go with them. */
  readonly phoneDays: number;
  /** Of those who took a parcel. */
  readonly nameDays: number;
}

const DAY = 86_400;
const BATCH = 100;

/**
 * Forgets what was kept for long enough. A delivery ends when its last voucher does: redeemed, withdrawn or expired.
 * What happened stays, and who did it: only what it was about is gone.
 * @returns how many fields it emptied
 */
export async function retain(deps: PersonalDataDeps, { phoneDays, nameDays }: Retention): Promise<number> {
  const now = deps.now();
  const { store } = deps;
  const phones = await forgetPhones(deps, now - phoneDays * DAY);
  const notes = await untilDone(() => store.forgetNotes({ before: now - phoneDays * DAY, limit: BATCH }));
  const names = await untilDone(() => store.forgetNames({ before: now - nameDays * DAY, limit: BATCH }));
  return phones + notes + names;
}

// Page by page, each a statement of its own: the loop goes on answering meanwhile.
async function forgetPhones({ store }: PersonalDataDeps, before: number): Promise<number> {
  let forgotten = 0;
  for (let last: PhoneHolder | undefined; ; ) {
    const query = { createdBefore: before, limit: BATCH, ...(last && { after: last }) };
    const page: readonly PhoneHolder[] = await store.deliveriesWithPhone(query);
    for (const { id, endedAt } of page) {
      if (endedAt >= before) continue;
      await store.transaction((rows) => rows.forgetPhone(id));
      forgotten += 1;
    }
    last = page.at(-1);
    if (page.length < BATCH) return forgotten;
  }
}

async function untilDone(work: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const done = await work();
    total += done;
    if (done === 0) return total;
  }
}
