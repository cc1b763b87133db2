import { CLOCK_TOLERANCE } from "@doorproof/verifier";
import { IssueError } from "../errors.ts";
import type { BelievedClock, Keyring, Transactional } from "../ports.ts";
import { refuseDoubted } from "../refuse-doubted.ts";
import { CLOCK_MEND, type Sighting, whyDoubted } from "./doubt.ts";
import type { ClockRow, ClockRows } from "./rows.ts";

export interface WatchDeps {
  readonly store: Transactional<ClockRows>;
  readonly now: () => number;
  /** Seconds of a clock that nobody sets, and that goes on while the machine sleeps. */
  readonly uptime: () => number;
}

/** Looks after this process's clock. */
export interface Watch extends BelievedClock {
  /** Reads the database's last time, and writes it once a minute while the clock is believed. */
  look(): Promise<void>;
}

const WRITTEN_EVERY = 60;

/**
 * An issuer whose clock is wrong signs documents that devices refuse for days, and vouchers that nobody can show; so
 * the clock is held to three others: the last time in the database, this process's monotonic clock, and the key list.
 */
export async function watchClock({ store, now, uptime }: WatchDeps): Promise<Watch> {
  let row = await store.findClock();
  // The first moment since the start, or since an operator said that the clock is right, at which it was believed.
  let since: Sighting | null = null;
  const doubt = () => {
    const why = whyDoubted({ now: now(), uptime: uptime() }, { row, since });
    return why === null ? null : `${why} ${CLOCK_MEND}`;
  };
  const watch: Watch = {
    doubt,
    async look() {
      const found = await store.findClock();
      if (found?.acceptances !== row?.acceptances) since = null;
      row = found;
      if (doubt() !== null) return;
      since ??= { now: now(), uptime: uptime() };
      const seenAt = believed(since, { now: now(), uptime: uptime() });
      if (row === undefined || seenAt >= row.seenAt + WRITTEN_EVERY) row = await write(store, row, seenAt);
    },
  };
  if (doubt() === null) since = { now: now(), uptime: uptime() };
  return watch;
}

// Not simply the clock's: after a jump ahead of some hours, which is not doubted, and back again, the database would
// contradict a clock that is right.
function believed(since: Sighting, { now, uptime }: Sighting): number {
  return Math.min(now, since.now + uptime - since.uptime);
}

// Another process may have written meanwhile, or an operator has put the time back: what stands now is compared again.
function write(store: WatchDeps["store"], read: ClockRow | undefined, seenAt: number): Promise<ClockRow | undefined> {
  return store.transaction(async (rows) => {
    const stands = await rows.findClock();
    if (stands?.acceptances !== read?.acceptances) return stands;
    if (stands && stands.seenAt >= seenAt) return stands;
    const row = { seenAt, acceptances: stands?.acceptances ?? 0 };
    await rows.putClock(row);
    return row;
  });
}

/**
 * The same keyring, which signs nothing new while the clock is doubted, nor while the key list that it would sign under
 * is dated after the clock: devices refuse such a list, and with it what its keys sign.
 */
export function underWatch(keyring: Keyring, clock: BelievedClock): Keyring {
  return {
    issuer: keyring.issuer,
    get keys() {
      return keyring.keys;
    },
    get roots() {
      return keyring.roots;
    },
    get withdrawn() {
      return keyring.withdrawn;
    },
    signedBy: (kid) => keyring.signedBy(kid),
    voucherKey(times) {
      refuse(times.now);
      return keyring.voucherKey(times);
    },
    documentKey(times) {
      refuse(times.now);
      return keyring.documentKey(times);
    },
  };

  function refuse(now: number): void {
    refuseDoubted({ clock });
    if (keyring.keys.list.issuedAt > now + CLOCK_TOLERANCE)
      throw new IssueError(
        "clock-doubted",
        "the key list is dated after this clock: set the clock, or sign the list anew",
      );
  }
}
