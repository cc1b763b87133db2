import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkReportingDevice } from "../src/domain/access/device-tokens.ts";
import { revokeDevice } from "../src/domain/dispatch/devices.ts";
import type { RedemptionAnswer, RedemptionRecord } from "../src/domain/redemptions/record.ts";
import { redeem } from "../src/domain/redemptions/redeem.ts";
import type { VoucherView } from "../src/domain/vouchers/show.ts";
import { enrolPhone, fetchOnce, heldBy, issueAll, type Phone, put } from "./dispatch-world.ts";
import { type MemoryWorld, makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, HOUR, record, T0 } from "./world.ts";

// docs/format.md section 8, property 8, through the events of a fleet: phones are replaced, enrolled again for the same or
// another route, lost and found. Every record that was green is at the issuer exactly once, and its phone has the answer.

type Command =
  | { readonly do: "green"; readonly phone: number; readonly delivery: number }
  | { readonly do: "enrol"; readonly phone: number; readonly route: number }
  | { readonly do: "upload" | "fetch" | "lose"; readonly phone: number }
  | { readonly do: "clock"; readonly by: number };

const phone = fc.nat(2);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant("green"), phone, delivery: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("enrol"), phone, route: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("fetch"), phone }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("upload"), phone }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("lose"), phone }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("clock"), by: fc.constantFrom(1, HOUR, 3 * HOUR) }) },
);

/** A phone of glass and metal: it keeps its records, and the token under which it made each, through every enrolment. */
interface Handset {
  enrolled: Phone | null;
  readonly greens: Green[];
}

interface Green {
  readonly record: RedemptionRecord;
  readonly deliveryId: string;
  readonly by: Phone;
  answer: RedemptionAnswer | null;
}

const ROUTES = ["north", "south"] as const;

test("holds through replaced, re-enrolled and lost-and-found phones", async () => {
  const world = await makeMemoryWorld();
  const done = new Map<string, number>();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 40, size: "max" }), async (commands) => {
      await play(world, commands, `${run++}`, (what) => done.set(what, (done.get(what) ?? 0) + 1));
    }),
    { numRuns: 100 },
  );
  // A property that holds because nothing ever happens is none.
  for (const what of ["accepted", "told by a replaced phone", "told by a lost phone"])
    expect([what, done.get(what) ?? 0]).toEqual([what, expect.toSatisfy((count: number) => count > 5)]);
});

async function play(world: MemoryWorld, commands: readonly Command[], run: string, tell: (what: string) => void) {
  const { deps, clock } = world;
  clock.now = T0;
  const own = (name: string) => `${run}-${name}`;
  const vouchers = await issueAll(deps, ["A", "B", "C", "D", "E", "F"].map(own));
  const ids = vouchers.map(({ deliveryId }) => deliveryId);
  const handsets: Handset[] = [1, 2, 3].map(() => ({ enrolled: null, greens: [] }));
  for (const [index, name] of ROUTES.entries()) {
    const handset = handsets[index];
    if (handset) handset.enrolled = await enrolPhone(deps, own(name));
    await put(deps, own(name), ids.slice(index * 3, index * 3 + 3));
  }
  // As long as true ones: no code is typed here, and the KDF would take all the time.
  for (const { id } of vouchers)
    await deps.store.insertSeal({ voucherId: id, salt: toSalt(id), sealed: Buffer.alloc(168).toString("base64url") });
  for (const { enrolled } of handsets) if (enrolled) await fetchOnce(deps, enrolled);
  for (const step of commands) {
    if (step.do === "clock") clock.now += step.by;
    else await perform(deps, handsets, vouchers, step, own);
  }
  // Found again, synced again, each within the week.
  clock.now += DAY;
  for (const handset of handsets) await upload(deps, handset);
  await check(deps, handsets, tell);
}

function toSalt(voucherId: string): string {
  return Buffer.alloc(16, voucherId).toString("base64url");
}

type Deps = MemoryWorld["deps"];

async function perform(
  deps: Deps,
  handsets: readonly Handset[],
  vouchers: readonly VoucherView[],
  step: Exclude<Command, { do: "clock" }>,
  own: (name: string) => string,
): Promise<void> {
  const handset = handsets[step.phone];
  if (!handset) throw new RangeError("no such phone");
  const { enrolled } = handset;
  if (step.do === "upload") return upload(deps, handset);
  if (step.do === "enrol") {
    handset.enrolled = await enrolPhone(deps, own(ROUTES[step.route] ?? "north"));
    await fetchOnce(deps, handset.enrolled);
    return;
  }
  if (!enrolled) return;
  const isOver = (await deps.store.findDevice(enrolled.id))?.revokedAt != null;
  switch (step.do) {
    case "fetch":
      if (!isOver) await fetchOnce(deps, enrolled);
      return;
    case "lose":
      if (!isOver) await revokeDevice(deps, enrolled.id, BACK_OFFICE);
      return;
    case "green": {
      const voucher = vouchers[step.delivery];
      // A driver to whom a new phone was given works on with that one.
      if (!voucher || isOver || !heldBy(enrolled).includes(voucher.deliveryId)) return;
      if (handset.greens.some(({ deliveryId }) => deliveryId === voucher.deliveryId)) return;
      const { route, manifest } = enrolled;
      const made = record(voucher, { id: randomUUID(), at: deps.now(), route, version: manifest?.version ?? 0 });
      handset.greens.push({ record: made, deliveryId: voucher.deliveryId, by: enrolled, answer: null });
    }
  }
}

/** By the token under which each record was made, as the app does it. */
async function upload(deps: Deps, { greens }: Handset): Promise<void> {
  for (const green of greens) {
    const device = await checkReportingDevice(deps, green.by.token);
    if (!device) throw new Error("the week is not over, and the phone is shut out");
    const answer = await redeem(deps, green.record, { kind: "device", id: device.id });
    // A retry is told the same.
    if (green.answer) expect(answer).toEqual(green.answer);
    green.answer = answer;
  }
}

async function check(deps: Deps, handsets: readonly Handset[], tell: (what: string) => void): Promise<void> {
  const greens = handsets.flatMap((handset) => handset.greens);
  for (const { record, deliveryId, by, answer } of greens) {
    const device = await deps.store.findDevice(by.id);
    const stored = await deps.store.findRedemption(`device:${by.id}`, record.id);
    expect(stored).toMatchObject({ recordId: record.id, deliveryId });
    expect(answer).toMatchObject({ id: record.id, status: stored?.status });
    tell(answer?.code ?? answer?.status ?? "");
    if (device?.endedBy != null) tell(`told by a ${device.endedBy === "revoked" ? "lost" : "replaced"} phone`);
    // One that was done in the very second of its phone's end cannot be told from one that was done after.
    if (device?.endedBy === "revoked" || record.at === device?.revokedAt) continue;
    expect(await deps.store.findAcceptance(deliveryId)).toBeDefined();
  }
  const accepted = greens.flatMap(({ answer, deliveryId }) => (answer?.status === "accepted" ? [deliveryId] : []));
  expect(accepted).toEqual([...new Set(accepted)]);
}
