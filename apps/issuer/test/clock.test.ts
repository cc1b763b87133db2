import { describe, expect, test } from "vitest";
import { enrolDevice } from "../src/domain/access/enrol.ts";
import { makeEnrolment } from "../src/domain/access/open-enrolment.ts";
import { acceptClock } from "../src/domain/clock/accept-clock.ts";
import { underWatch, type Watch, watchClock } from "../src/domain/clock/watch.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { report } from "../src/domain/redemptions/report.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { revocationList } from "../src/domain/vouchers/revocations.ts";
import type { StoreDeps } from "../src/store/store.ts";
import { enrolPhone, fetchOnce, tokenIn } from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, HOUR, issueOne, order, refusal, T0 } from "./world.ts";

const OPERATOR = { kind: "operator", id: "command-line" } as const;
const MINUTE = 60;
const START = T0 + 5 * DAY;

/** An issuer's process, and what happens to it. Each step ends with a look, as the worker's next second would. */
interface Machine {
  /** Time passes: on the wall and on the monotonic clock alike. */
  passes(seconds: number): Promise<void>;
  /** Somebody sets the clock. */
  set(by: number): Promise<void>;
  /** Off for so long, and started again. */
  restart(off: number): Promise<void>;
  accept(): Promise<void>;
  readonly deps: StoreDeps;
}

/** Its keys were made at T0. */
async function startMachine(at: number = START): Promise<Machine> {
  const { deps, clock } = await makeMemoryWorld();
  clock.now = at;
  let uptime = 5;
  const start = () => watchClock({ store: deps.store, now: deps.now, uptime: () => uptime });
  let watch: Watch = await start();
  const look = () => watch.look();
  await look();
  const believed = { doubt: () => watch.doubt() };
  return {
    deps: { ...deps, clock: believed, keyring: underWatch(deps.keyring, believed) },
    passes: async (seconds) => {
      clock.now += seconds;
      uptime += seconds;
      await look();
    },
    set: async (by) => {
      clock.now += by;
      await look();
    },
    restart: async (off) => {
      clock.now += off;
      uptime = 3;
      watch = await start();
      await look();
    },
    accept: async () => {
      await acceptClock(deps, OPERATOR);
      await look();
    },
  };
}

type Story = (machine: Machine) => Promise<void>;

describe("an issuer signs", () => {
  test.each<[string, Story]>([
    ["at its first start", async () => {}],
    ["after a night switched off", (machine) => machine.restart(10 * HOUR)],
    ["after a weekend switched off", (machine) => machine.restart(63 * HOUR)],
    ["after a fortnight switched off", (machine) => machine.restart(14 * DAY)],
    ["after 37 days switched off", (machine) => machine.restart(37 * DAY)],
    ["after a fortnight with nothing to do, asleep or awake", (machine) => machine.passes(14 * DAY)],
    ["after a year with nothing to do", (machine) => machine.passes(360 * DAY)],
    ["an hour before the last time in its database", (machine) => machine.set(-HOUR)],
    ["a day ahead of its monotonic clock", (machine) => machine.set(DAY)],
    [
      "as soon as a clock that ran ahead is right again",
      async (machine) => {
        await machine.set(3 * DAY);
        await machine.passes(HOUR);
        await machine.set(-3 * DAY);
      },
    ],
    [
      "as soon as a clock that stood some hours ahead is right again: such a time is not written down",
      async (machine) => {
        await machine.set(20 * HOUR);
        await machine.passes(HOUR);
        await machine.set(-20 * HOUR);
      },
    ],
    [
      "as soon as a clock that stood years behind is right again",
      async (machine) => {
        await machine.set(-400 * DAY);
        await machine.restart(HOUR);
        await machine.set(400 * DAY);
      },
    ],
    [
      "when it was started behind, waited for the network's time, and that came days later",
      async (machine) => {
        await machine.passes(HOUR);
        await machine.restart(-5 * DAY);
        await machine.set(5 * DAY);
      },
    ],
    [
      "ahead of its monotonic clock, once that was accepted",
      async (machine) => {
        await machine.set(3 * DAY);
        await machine.accept();
      },
    ],
    [
      "behind its database, once that was accepted, and after a restart too",
      async (machine) => {
        await machine.set(-3 * DAY);
        await machine.accept();
        await machine.restart(MINUTE);
      },
    ],
    [
      "after a long pause, once that was accepted",
      async (machine) => {
        await machine.restart(38 * DAY);
        await machine.accept();
      },
    ],
  ])("%s", async (_, story) => {
    const machine = await startMachine();
    await story(machine);
    const { view } = await issueOne(machine.deps, order("D"), BACK_OFFICE);
    expect(view.status).toBe("live");
  });
});

describe("an issuer signs nothing", () => {
  test.each<[string, Story]>([
    ["more than an hour before the last time in its database", (machine) => machine.set(-HOUR - 1)],
    ["the same after a restart", (machine) => machine.restart(-HOUR - 1)],
    ["more than a day ahead of its monotonic clock", (machine) => machine.set(DAY + 1)],
    [
      "a day ahead in two steps",
      async (machine) => {
        await machine.set(13 * HOUR);
        await machine.passes(HOUR);
        await machine.set(13 * HOUR);
      },
    ],
    ["started more than 37 days after the last time in its database", (machine) => machine.restart(37 * DAY + 1)],
    [
      "on, however long the clock stays wrong",
      async (machine) => {
        await machine.set(3 * DAY);
        await machine.passes(2 * DAY);
      },
    ],
    [
      "an hour behind the last minute, and not the first one",
      async (machine) => {
        await machine.passes(5 * HOUR);
        await machine.set(-2 * HOUR);
      },
    ],
    [
      "when what was accepted was another clock",
      async (machine) => {
        await machine.set(3 * DAY);
        await machine.accept();
        await machine.passes(HOUR);
        await machine.set(-3 * DAY);
      },
    ],
  ])("%s", async (_, story) => {
    const machine = await startMachine();
    await story(machine);
    expect(await refusal(issueOne(machine.deps, order("D"), BACK_OFFICE))).toBe("clock-doubted");
  });

  test.each<[string, (deps: StoreDeps, known: { voucher: string; device: string; token: string }) => Promise<unknown>]>(
    [
      ["a voucher", (deps) => issueOne(deps, order("E"), BACK_OFFICE)],
      [
        "a voucher in place of another",
        (deps, { voucher }) => reissueVoucher(deps, voucher, { expires: { in: HOUR } }, BACK_OFFICE),
      ],
      ["a manifest", (deps, { device }) => fetchManifest(deps, { deviceId: device, route: "north", has: [] })],
      ["a revocation list", (deps) => revocationList(deps)()],
      // No signature, but the device would take the wrong time for its own, and an answer that was stored stays.
      ["the answer to an upload", (deps, { device }) => report(deps, [], { kind: "device", id: device })],
      ["the answer to an enrolment", (deps, { token }) => enrolDevice(deps, token)],
    ],
  )("neither %s", async (_, verb) => {
    const { deps, set } = await startMachine();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    const phone = await enrolPhone(deps, "north");
    const { link } = await makeEnrolment(deps, { name: "south" }, BACK_OFFICE);
    await set(-2 * HOUR);
    const known = { voucher: view.id, device: phone.id, token: tokenIn(link) };
    expect(await refusal(verb(deps, known))).toBe("clock-doubted");
  });

  test("under a key list that is dated after its clock", async () => {
    const { deps, set } = await startMachine(T0 - 301);
    expect(await refusal(issueOne(deps, order("D"), BACK_OFFICE))).toBe("clock-doubted");
    await set(1);
    expect((await issueOne(deps, order("D"), BACK_OFFICE)).view.status).toBe("live");
  });
});

test("the database's time is written once a minute, and never falls but by an operator", async () => {
  const machine = await startMachine();
  const { store } = machine.deps;
  const seen = async () => ((await store.findClock())?.seenAt ?? 0) - START;
  expect(await seen()).toBe(0);
  await machine.passes(59);
  expect(await seen()).toBe(0);
  await machine.passes(1);
  expect(await seen()).toBe(60);
  await machine.set(-30 * MINUTE);
  expect(await seen()).toBe(60);
  await machine.accept();
  expect(await seen()).toBe(-29 * MINUTE);
  const [event] = await store.listEvents({ limit: 1 });
  expect(event).toMatchObject({ kind: "clock-accepted", actorKind: "operator" });
});

test("what was signed before the clock was set back is signed anew: manifest and revocation list", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const phone = await enrolPhone(deps, "north");
  const revocations = revocationList(deps);
  clock.now = T0 + 2 * HOUR;
  await fetchOnce(deps, phone);
  const [version, list] = [phone.manifest?.version ?? 0, await revocations()];
  // By less than what readers allow two clocks, nothing changes.
  clock.now = T0 + 2 * HOUR - 300;
  expect([await fetchOnce(deps, phone), await revocations()]).toEqual([false, list]);
  clock.now = T0 + HOUR;
  expect(await fetchOnce(deps, phone)).toBe(true);
  expect(phone.manifest).toMatchObject({ issuedAt: T0 + HOUR, version: version + 1 });
  expect(await revocations()).not.toEqual(list);
});
