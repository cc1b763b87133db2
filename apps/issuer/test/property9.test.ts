import { verifyVoucher } from "@doorproof/verifier";
import { Refusal } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { accept, type Trusted } from "../../driver/src/trust/accept.ts";
import { latestSeen } from "../../driver/src/trust/clock.ts";
import { KINDS } from "../../driver/src/trust/documents.ts";
import { healFloor } from "../../driver/src/trust/heal-floor.ts";
import { acceptClock } from "../src/domain/clock/accept-clock.ts";
import { underWatch, type Watch, watchClock } from "../src/domain/clock/watch.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { IssueError } from "../src/domain/errors.ts";
import { report } from "../src/domain/redemptions/report.ts";
import { revocationList } from "../src/domain/vouchers/revocations.ts";
import type { StoreDeps } from "../src/store/store.ts";
import { enrolPhone, put } from "./dispatch-world.ts";
import { makeMemoryWorld, publishedKeyList } from "./memory-world.ts";
import { BACK_OFFICE, DAY, HOUR, issueOne, order, refusal, T0 } from "./world.ts";

// docs/format.md section 8, property 9: no single clock makes a device refuse for ever, the issuer's among them. A real
// issuer on a store in memory, and phones of the driver's own trust code and the real verifier; phones' clocks are right.

const JUMPS = [-400 * DAY, -2 * HOUR, 2 * HOUR, 3 * DAY, 37 * DAY];
const PAUSES = [60, HOUR, 13 * HOUR, 3 * DAY];
const OPERATOR = { kind: "operator", id: "command-line" } as const;
const NO_STORE = { accept: async () => {}, lowerFloor: async () => {} };

class Issuer {
  /** The time that it is, and by how much this machine's clock is off. */
  time: number = T0 + DAY;
  off = 0;
  #booted = 0;
  #clock: Watch = { doubt: () => null, look: async () => {} };
  #serveRevocations: () => Promise<Uint8Array> = async () => new Uint8Array();
  deps: StoreDeps;

  private constructor(deps: StoreDeps) {
    const clock = { doubt: () => this.#clock.doubt() };
    this.deps = { ...deps, now: () => this.time + this.off, clock, keyring: underWatch(deps.keyring, clock) };
  }

  static async start(): Promise<Issuer> {
    const issuer = new Issuer((await makeMemoryWorld()).deps);
    await issuer.restart();
    return issuer;
  }

  /** With it goes what the process knew of the lists that it signed. */
  async restart(): Promise<void> {
    const { store, now } = this.deps;
    this.#booted = this.time;
    this.#clock = await watchClock({ store, now, uptime: () => this.time - this.#booted });
    this.#serveRevocations = revocationList(this.deps);
    await this.#clock.look();
  }

  async look(): Promise<void> {
    await this.#clock.look();
  }

  async accept(): Promise<void> {
    await acceptClock(this.deps, OPERATOR);
    await this.look();
  }

  async serve(kind: (typeof KINDS)[number], phone: Phone): Promise<Uint8Array | null> {
    if (kind === "keys") return publishedKeyList();
    if (kind === "revocations") return this.#serveRevocations();
    const held = phone.trusted.trust?.manifest;
    const has = held ? [held.version] : [];
    return (await fetchManifest(this.deps, { deviceId: phone.id, route: phone.route, has })).document;
  }
}

interface Phone {
  readonly id: string;
  readonly route: string;
  trusted: Trusted;
  mark: number;
}

async function enrol({ deps }: Issuer, route: string): Promise<Phone> {
  const { id, token } = await enrolPhone(deps, route);
  const roots = deps.keyring.roots.map(toHex);
  const identity = { kind: "enrolled", issuer: "Parcel Co", roots, route, country: "44", deviceToken: token } as const;
  return { id, route, trusted: { identity, documents: [], trust: null, floor: 0 }, mark: 0 };
}

/** As the app does it: the upload's answer states the time, then each document is judged. A 503 changes nothing. */
async function sync(issuer: Issuer, phone: Phone): Promise<void> {
  const { deps, time: now } = issuer;
  if ((await answered(report(deps, [], { kind: "device", id: phone.id }))) === null) return;
  const time = { issuer: deps.now(), device: now };
  phone.mark = time.issuer;
  for (const kind of KINDS) {
    const document = await answered(issuer.serve(kind, phone));
    if (document === null) continue;
    try {
      phone.trusted = await accept(NO_STORE, phone.trusted, kind, { document, etag: null, time });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  phone.trusted = await healFloor(NO_STORE, phone.trusted, time);
}

async function answered<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof IssueError && ["clock-doubted", "no-signing-key"].includes(error.code)) return null;
    throw error;
  }
}

/** What the phone says to a voucher of its route that was issued just now. */
function verdict(issuer: Issuer, phone: Phone, text: string, delivery: string): unknown {
  const { trust, floor } = phone.trusted;
  if (!trust) return "no keys";
  const { keys, revocations, manifest } = trust;
  const seen = latestSeen({ floor, mark: phone.mark });
  const question = { keys, now: issuer.time, delivery, manifest, seen, ...(revocations && { revocations }) };
  try {
    return verifyVoucher(text, question).notes;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** A good voucher, on the route of this phone; its seal is one that nothing opens, since a KDF proves nothing here. */
async function issueFor({ deps }: Issuer, phone: Phone, deliveryId: string): Promise<string> {
  const { view } = await issueOne(deps, order(deliveryId, { sms: false }), BACK_OFFICE);
  const [salt, sealed] = [16, 120].map((length) => Buffer.from(deps.random(length)).toString("base64url"));
  await deps.store.insertSeal({ voucherId: view.id, salt: salt ?? "", sealed: sealed ?? "" });
  await put(deps, phone.route, [deliveryId], { force: true });
  return view.voucher ?? "";
}

interface Real {
  readonly issuer: Issuer;
  readonly phones: readonly Phone[];
}
type Step = fc.AsyncCommand<object, Real>;

function step(name: string, run: (real: Real) => Promise<void>): Step {
  return {
    check: () => true,
    run: async (_model, real) => {
      await run(real);
      await real.issuer.look();
    },
    toString: () => name,
  };
}

const STEPS: fc.Arbitrary<Step>[] = [
  ...JUMPS.map((by) => `the clock jumps by ${by} s`).map((name, i) =>
    fc.constant(
      step(name, async ({ issuer }) => {
        issuer.off = JUMPS[i] ?? 0;
      }),
    ),
  ),
  fc.constant(
    step("the clock is put right", async ({ issuer }) => {
      issuer.off = 0;
    }),
  ),
  fc.constant(step("the issuer restarts", ({ issuer }) => issuer.restart())),
  fc.constantFrom(...PAUSES).map((seconds) =>
    step(`${seconds} s pass`, async ({ issuer }) => {
      issuer.time += seconds;
    }),
  ),
  fc.nat(1).map((i) => step(`phone ${i} syncs`, ({ issuer, phones }) => sync(issuer, phones[i] as Phone))),
];

/** The clock is right again: a good voucher for each phone, one sync, and it is green. @returns whether it took a word of the operator */
async function settle({ issuer, phones }: Real): Promise<boolean> {
  issuer.off = 0;
  await issuer.look();
  const doubted = issuer.deps.clock.doubt() !== null;
  if (doubted) {
    expect(await refusal(issueOne(issuer.deps, order("D"), BACK_OFFICE))).toBe("clock-doubted");
    await issuer.accept();
  }
  for (const [i, phone] of phones.entries()) {
    const text = await issueFor(issuer, phone, `D${i}`);
    await sync(issuer, phone);
    expect(verdict(issuer, phone, text, `D${i}`)).toEqual([]);
  }
  return doubted;
}

async function start(): Promise<Real> {
  const issuer = await Issuer.start();
  return { issuer, phones: [await enrol(issuer, "north"), await enrol(issuer, "south")] };
}

// With a restart in between the wrong time gets into the database, and only an operator knows better.
test.each([
  [-400, { restarts: false, doubted: false }],
  [-400, { restarts: true, doubted: false }],
  [-2 / 24, { restarts: false, doubted: false }],
  [-2 / 24, { restarts: true, doubted: false }],
  [2 / 24, { restarts: false, doubted: false }],
  [2 / 24, { restarts: true, doubted: true }],
  [3, { restarts: false, doubted: false }],
  [3, { restarts: true, doubted: true }],
  [37, { restarts: false, doubted: false }],
  [37, { restarts: true, doubted: true }],
])(
  "a jump of %d days and back, %o: phones that synced before, between and after",
  async (days, { restarts, doubted }) => {
    const real = await start();
    const { issuer, phones } = real;
    const [north, south] = phones as [Phone, Phone];
    await sync(issuer, north);
    issuer.off = days * DAY;
    if (restarts) await issuer.restart();
    await issuer.look();
    await sync(issuer, north);
    await sync(issuer, south);
    // Its numbers are gone too: it may sign a lower version than the phones hold.
    if (restarts) await issuer.restart();
    expect(await settle(real)).toBe(doubted);
  },
);

test("whatever the issuer's clock did, once it is right one sync makes each phone take a good voucher", async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(STEPS, { maxCommands: 15 }), async (steps) => {
      const real = await start();
      await fc.asyncModelRun(() => ({ model: {}, real }), steps);
      await settle(real);
    }),
    { numRuns: 15, interruptAfterTimeLimit: 60_000 },
  );
}, 180_000);
