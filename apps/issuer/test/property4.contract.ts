import fc from "fast-check";
import { expect, test } from "vitest";
import { IssueError } from "../src/domain/errors.ts";
import { redeem } from "../src/domain/redemptions/redeem.ts";
import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { resendVoucher } from "../src/domain/vouchers/resend.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import type { VoucherView } from "../src/domain/vouchers/show.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
import type { MemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, DRIVER, HOUR, issueOne, order, T0 } from "./world.ts";

// docs/format.md section 8, property 4: at every committed state at most one live voucher a delivery, none for a
// cancelled or delivered one. Through the real verbs, on both stores; what was answered is the model, what lies in the
// database must agree with it.

type Command =
  | { readonly do: "issue" | "reissue"; readonly delivery: number; readonly voucher: number; readonly lives: number }
  | { readonly do: "resend" | "revoke" | "cancel"; readonly delivery: number; readonly voucher: number }
  | { readonly do: "redeem"; readonly delivery: number; readonly voucher: number; readonly ago: number }
  | { readonly do: "expire" }
  | { readonly do: "clock"; readonly by: number };

// The newest voucher most often: of old ones there is little to be said.
const which = { delivery: fc.nat(2), voucher: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(4)) };
const lives = fc.constantFrom(HOUR, DAY, 3 * DAY);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("issue", "reissue"), ...which, lives }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("resend"), ...which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("revoke", "cancel"), ...which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("redeem"), ...which, ago: fc.constantFrom(0, 0, 1, HOUR, DAY) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("clock"), by: fc.constantFrom(1, 60, 60, HOUR, DAY) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("expire") }) },
);

const KINDS: readonly Command["do"][] = ["issue", "reissue", "resend", "revoke", "cancel", "redeem", "expire", "clock"];

export const sequences = fc.array(command, { minLength: 10, maxLength: 30, size: "max" });

/**
 * Runs on every store.
 * @param runs sequences: few before each commit, all of them in `test:long`
 */
export function property4(store: string, make: () => Promise<MemoryWorld>, runs: number): void {
  test(`holds after each of ${runs} sequences of up to 30 commands over three deliveries, on ${store}`, async () => {
    const world = await make();
    let run = 0;
    const done = new Map<Command["do"], number>();
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        await play(world, world.deps, sequence, `run${run++}`, (kind) => done.set(kind, (done.get(kind) ?? 0) + 1));
      }),
      { numRuns: runs },
    );
    expect(run).toBeGreaterThanOrEqual(runs);
    // A property that holds because nothing ever happens is none.
    for (const kind of KINDS)
      expect([kind, done.get(kind) ?? 0]).toEqual([kind, expect.toSatisfy((count: number) => count > runs / 20)]);
  });
}

export class Broken extends Error {}

interface Known {
  readonly deliveryId: string;
  readonly vouchers: VoucherView[];
  /** Told to whoever asked: these are over. */
  readonly over: Set<string>;
  closed: boolean;
  accepted: number;
}

export async function play(
  world: MemoryWorld,
  deps: Deps,
  sequence: readonly Command[],
  run: string,
  tell: (done: Command["do"]) => void = () => undefined,
): Promise<void> {
  world.clock.now = T0;
  const deliveries = ["a", "b", "c"].map(
    (name): Known => ({ deliveryId: `${run}-${name}`, vouchers: [], over: new Set(), closed: false, accepted: 0 }),
  );
  for (const [index, step] of sequence.entries()) {
    try {
      if (await perform(deps, world, deliveries, step, `${run}-${index}`)) tell(step.do);
    } catch (error) {
      if (!(error instanceof IssueError)) throw error;
    }
    for (const delivery of deliveries) await check(world, delivery);
  }
}

/** @returns whether it did anything */
async function perform(
  deps: Deps,
  world: MemoryWorld,
  deliveries: readonly Known[],
  step: Command,
  record: string,
): Promise<boolean> {
  if (step.do === "clock") {
    world.clock.now += step.by;
    return true;
  }
  if (step.do === "expire") {
    return (await expireVouchers(deps)) > 0;
  }
  const known = deliveries[step.delivery];
  if (!known) throw new RangeError("no such delivery");
  if (step.do === "issue") {
    const { view, created } = await issueOne(
      deps,
      order(known.deliveryId, { expires: { in: step.lives } }),
      BACK_OFFICE,
    );
    if (created) known.vouchers.push(view);
    return created;
  }
  const voucher = known.vouchers.at(-1 - (step.voucher % Math.max(1, known.vouchers.length)));
  if (!voucher) return false;
  const endAll = () => {
    for (const { id } of known.vouchers) known.over.add(id);
  };
  switch (step.do) {
    case "reissue": {
      const next = await reissueVoucher(deps, voucher.id, { expires: { in: step.lives } }, BACK_OFFICE);
      endAll();
      known.vouchers.push(next);
      return true;
    }
    case "resend":
      await resendVoucher(deps, voucher.id, BACK_OFFICE);
      if (known.over.has(voucher.id)) throw new Broken("sent what is over");
      return true;
    case "revoke":
      await revokeVoucher(deps, voucher.id, { cancel: false }, BACK_OFFICE);
      known.over.add(voucher.id);
      return true;
    case "cancel":
      await revokeVoucher(deps, voucher.id, { cancel: true }, BACK_OFFICE);
      known.closed = true;
      endAll();
      return true;
    case "redeem": {
      const at = world.clock.now - step.ago;
      const id = `00000000-0000-4000-8000-${record}`;
      const report = { id, voucher: voucher.voucher ?? "", via: "scan", at, takenBy: "recipient" } as const;
      const answer = await redeem(deps, report, DRIVER);
      if (answer.status !== "accepted") return false;
      known.accepted += 1;
      known.closed = true;
      endAll();
      return true;
    }
  }
}

async function check({ deps, clock }: MemoryWorld, { deliveryId, over, closed, accepted }: Known): Promise<void> {
  const rows = await deps.store.vouchersOf(deliveryId);
  const live = rows.filter(({ status, expiresAt }) => status === "live" && expiresAt > clock.now);
  if (live.length > 1) throw new Broken(`${live.length} live vouchers`);
  if (closed && live.length > 0) throw new Broken("a live voucher for a cancelled or delivered delivery");
  if (live.some(({ id }) => over.has(id))) throw new Broken("a voucher lives that was over");
  if (accepted > 1) throw new Broken(`accepted ${accepted} times`);
}
