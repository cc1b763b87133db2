import { Refusal } from "@doorproof/voucher";
import fc from "fast-check";
import { expect, test } from "vitest";
import { IssueError } from "../src/domain/errors.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import type { VoucherView } from "../src/domain/vouchers/show.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
import { enrolPhone, fetchOnce, heldBy, issueAll, type Phone, put, seal, statesOf, sync } from "./dispatch-world.ts";
import type { MemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, redeemNow, T0 } from "./world.ts";

// docs/format.md section 4: a stop leaves before it arrives. Through the real verbs, real seals and a real database;
// phones take what the verifier takes, and some answers never reach them. No two phones of different routes hold the
// same stop in manifests that hold, unless a move was forced.

type Command =
  | { readonly do: "put"; readonly route: number; readonly stops: readonly number[]; readonly force: boolean }
  | { readonly do: "fetch"; readonly route: number; readonly lost: boolean }
  | { readonly do: "enrol"; readonly route: number }
  | { readonly do: "redeem" | "reissue"; readonly delivery: number }
  | { readonly do: "clock"; readonly by: number }
  | { readonly do: "seal" };

const ROUTES = ["north", "south", "west"] as const;
const DELIVERIES = ["A", "B", "C", "D"] as const;

const route = fc.nat(2);
const delivery = fc.nat(3);
const stops = fc.uniqueArray(delivery, { maxLength: 4 });

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("put"), route, stops, force: fc.boolean() }) },
  // Most moves wait: forced ones excuse what follows.
  { weight: 6, arbitrary: fc.record({ do: fc.constant("put"), route, stops, force: fc.constant(false) }) },
  { weight: 14, arbitrary: fc.record({ do: fc.constant("fetch"), route, lost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("enrol"), route }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("redeem"), delivery }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reissue"), delivery }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("clock"), by: fc.constantFrom(0, 1, 60, HOUR, DAY / 2, DAY) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("seal") }) },
);

export const sequences = fc.array(command, { minLength: 15, maxLength: 40, size: "max" });

/**
 * Runs on every store. Most of its time is scrypt's.
 * @param runs sequences: few before each commit, all of them in `test:long`
 */
export function dispatchProperty(store: string, make: () => Promise<MemoryWorld>, runs: number): void {
  test(`holds after each step of ${runs} sequences over three routes, versions never fall, a seal is made once, and in the end all arrives, on ${store}`, async () => {
    const world = await make();
    let run = 0;
    const done = new Map<string, number>();
    const tell = (what: string) => void done.set(what, (done.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        await play(world, world.deps, sequence, `${run++}`, tell);
      }),
      { numRuns: runs },
    );
    // A property that holds because nothing ever happens is none.
    for (const what of [
      "fetched",
      "lost",
      "not modified",
      "waiting",
      "forced",
      "overlap",
      "redeemed",
      "reissued",
      "enrolled",
    ])
      expect([what, done.get(what) ?? 0]).toEqual([what, expect.toSatisfy((count: number) => count > runs / 5)]);
  });
}

export class Broken extends Error {}

interface Model {
  readonly routes: readonly string[];
  readonly deliveries: readonly string[];
  /** The phone that is enrolled now, by route; the former ones hold what they hold. */
  readonly current: Map<string, Phone>;
  readonly phones: Phone[];
  /** Routes to which a delivery was forced and whose phones may hold it. */
  readonly excused: Map<string, Set<string>>;
  readonly vouchers: Map<string, VoucherView[]>;
  readonly redeemed: Set<string>;
  /** By route and version: the bytes. */
  readonly documents: Map<string, string>;
  readonly versions: Map<string, number>;
  /** By delivery: the seals that were seen, in order. */
  readonly seals: Map<string, string[]>;
  kdfRuns: number;
}

export async function play(
  world: MemoryWorld,
  deps: Deps,
  sequence: readonly Command[],
  run: string,
  tell: (what: string) => void = () => undefined,
): Promise<void> {
  const { clock } = world;
  clock.now = T0 + Number(run) * 40 * HOUR;
  // What earlier runs left behind is not this one's.
  await seal(deps);
  const own = (name: string) => `${run}-${name}`;
  const deliveries = DELIVERIES.map(own);
  const views = await issueAll(deps, deliveries);
  const model: Model = {
    routes: ROUTES.map(own),
    deliveries,
    current: new Map(),
    phones: [],
    excused: new Map(deliveries.map((id) => [id, new Set()])),
    vouchers: new Map(views.map((view) => [view.deliveryId, [view]])),
    redeemed: new Set(),
    documents: new Map(),
    versions: new Map(),
    seals: new Map(),
    kdfRuns: 0,
  };
  for (const name of model.routes) await enrol(deps, model, name);
  // Begins as a day does: everything on one route, sealed and fetched.
  await put(deps, own("north"), deliveries);
  model.kdfRuns += await seal(deps);
  await fetch(deps, model, own("north"), { lost: false, tell });
  for (const step of sequence) {
    await perform(deps, world, model, step, tell);
    check(model, clock.now, tell);
  }
  clock.now += DAY;
  await settle(deps, model);
}

async function perform(
  deps: Deps,
  { clock }: MemoryWorld,
  model: Model,
  step: Command,
  tell: (what: string) => void,
): Promise<void> {
  switch (step.do) {
    case "put": {
      const name = model.routes[step.route] ?? "";
      const ids = step.stops.map((index) => model.deliveries[index] ?? "");
      const { risks, stops: states } = await put(deps, name, ids, { force: step.force });
      for (const { deliveryId } of risks) {
        model.excused.get(deliveryId)?.add(name);
        tell("forced");
      }
      if (states.some(({ state }) => state === "waiting")) tell("waiting");
      if (!step.force && risks.length > 0) throw new Broken("a risk that nobody took");
      return;
    }
    case "fetch":
      return fetch(deps, model, model.routes[step.route] ?? "", { lost: step.lost, tell });
    case "enrol":
      tell("enrolled");
      return enrol(deps, model, model.routes[step.route] ?? "");
    case "redeem": {
      const id = model.deliveries[step.delivery] ?? "";
      const voucher = model.vouchers.get(id)?.at(-1);
      if (!voucher || (await redeemNow(deps, voucher, COURIER)).status !== "accepted") return;
      model.redeemed.add(id);
      tell("redeemed");
      return;
    }
    case "reissue": {
      const vouchers = model.vouchers.get(model.deliveries[step.delivery] ?? "");
      const change = { expires: { in: 3 * DAY }, sms: false };
      try {
        vouchers?.push(await reissueVoucher(deps, vouchers[0]?.id ?? "", change, BACK_OFFICE));
        tell("reissued");
      } catch (error) {
        if (!(error instanceof IssueError)) throw error;
      }
      return;
    }
    case "clock":
      clock.now += step.by;
      return;
    case "seal":
      model.kdfRuns += await seal(deps);
      return;
  }
}

async function enrol(deps: Deps, model: Model, name: string): Promise<void> {
  const phone = await enrolPhone(deps, name);
  model.current.set(name, phone);
  model.phones.push(phone);
}

async function fetch(
  deps: Deps,
  model: Model,
  name: string,
  { lost, tell }: { lost: boolean; tell: (what: string) => void },
): Promise<void> {
  const phone = model.current.get(name);
  if (!phone) throw new Error("no phone");
  try {
    const came = await fetchOnce(deps, phone, { lost });
    tell(lost ? "lost" : came ? "fetched" : "not modified");
    if (!came) return;
  } catch (error) {
    // An honest phone was handed what it must not take.
    if (error instanceof Refusal) throw new Broken(error.code, { cause: error });
    throw error;
  }
  const { manifest, document } = phone;
  if (!manifest || !document) throw new Error("nothing came");
  const { version } = manifest;
  if (version < (model.versions.get(name) ?? 0)) throw new Broken("the version fell");
  model.versions.set(name, version);
  const bytes = Buffer.from(document).toString("base64");
  if ((model.documents.get(`${name} ${version}`) ?? bytes) !== bytes) throw new Broken("one version, two documents");
  model.documents.set(`${name} ${version}`, bytes);
  for (const { deliveryId, salt, sealed } of manifest.stops) {
    if (model.redeemed.has(deliveryId)) throw new Broken("a redeemed stop was handed out");
    const seen = model.seals.get(deliveryId) ?? [];
    const made = `${Buffer.from(salt).toString("hex")} ${Buffer.from(sealed).toString("hex")}`;
    if (seen.at(-1) === made) continue;
    if (seen.includes(made)) throw new Broken("an older seal came back");
    seen.push(made);
    if (seen.length > (model.vouchers.get(deliveryId)?.length ?? 0)) throw new Broken("a voucher was sealed twice");
    model.seals.set(deliveryId, seen);
  }
}

function check(model: Model, now: number, tell: (what: string) => void): void {
  const holding = model.phones.filter(({ manifest }) => manifest !== null && now < manifest.expiresAt);
  for (const id of model.deliveries) {
    const holders = new Set(holding.filter((phone) => heldBy(phone).includes(id)).map(({ route }) => route));
    const excused = model.excused.get(id);
    const unexcused = [...holders].filter((name) => !excused?.has(name));
    if (unexcused.length > 1) throw new Broken(`${id} is held by ${unexcused.join(" and ")}`);
    if (holders.size > 1) tell("overlap");
  }
  const issued = [...model.vouchers.values()].flat().length;
  if (model.kdfRuns > issued) throw new Broken(`${model.kdfRuns} KDF runs for ${issued} vouchers`);
}

/** With every phone in touch and every old manifest over, nothing waits. */
async function settle(deps: Deps, model: Model): Promise<void> {
  model.kdfRuns += await seal(deps);
  if ((await seal(deps)) > 0) throw new Broken("sealed again");
  for (const phone of model.current.values()) await sync(deps, phone);
  for (const [name, phone] of model.current) {
    const held = await sync(deps, phone);
    for (const said of await statesOf(deps, name)) {
      const [id = "", state] = said.split(" ");
      if (state === "waiting" || state === "sealing") throw new Broken(`${said}, with nobody to wait for`);
      if ((state === "on") !== held.includes(id)) throw new Broken(`${said}, and the phone holds ${held.join()}`);
    }
  }
  check(model, deps.now(), () => undefined);
}
