import { showWithSecrets } from "../src/domain/vouchers/show.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
// The drill for the day a key has leaked, with devices that were offline 0, 3, 24 and 72 hours.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { signVoucher } from "@doorproof/signer";
import { openRevocations } from "@doorproof/verifier";
import { hasEntry } from "@doorproof/voucher/codec";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { type DrillStep, runDrill } from "../src/keys/compromised.ts";
import { revokeKey } from "../src/keys/revoke.ts";
import { rotateKeys } from "../src/keys/rotate.ts";
import { makeIssuer, servingKid, verdict } from "./keys-world.ts";
import { PROCESSES } from "./processes.ts";
import {
  BACK_OFFICE,
  COURIER,
  DAY,
  dramaNumber,
  HOUR,
  issueOne,
  listeningGateway,
  order,
  redeemNow,
  sendAll,
  T0,
  withStore,
} from "./world.ts";

/** What a thief makes of a leaked key: any delivery, any expiry in its window. */
async function forge(deps: Deps, kid: string): Promise<string> {
  const leaked = deps.keyring.signedBy(kid);
  if (!leaked) throw new Error("the key is not here");
  const claims = { deliveryId: "D-1", expiresAt: leaked.until, phoneHash: null, cti: deps.random(8) };
  return signVoucher(claims, { ...leaked, now: T0, maxLife: Number.POSITIVE_INFINITY });
}

async function all(steps: AsyncIterable<DrillStep>): Promise<DrillStep[]> {
  const done: DrillStep[] = [];
  for await (const step of steps) done.push(step);
  return done;
}

describe("a leaked voucher key", () => {
  test.each([
    [0, "valid", 24 * HOUR],
    [3, "valid", 21 * HOUR],
    [24, "stale-revocations", 0],
    [72, "stale-revocations", 0],
  ])("a device offline for %i hours", async (offline, atOnce, exposed) => {
    const world = await makeIssuer();
    const { deps, clock, fetch, folder } = world;
    clock.now = T0 + 4 * DAY - offline * HOUR;
    const kid = servingKid(world);
    const { view: genuine } = await issueOne(deps, order("D-1", { expires: { in: 168 * HOUR } }), BACK_OFFICE);
    const device = await fetch();
    const forged = await forge(deps, kid);
    expect(verdict(device, forged, clock.now)).toBe("valid");

    clock.now = T0 + 4 * DAY;
    const steps = await all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }));
    const [withdrawn] = steps;
    if (withdrawn?.step !== "withdrawn") throw new Error("the first step withdraws");
    expect(withdrawn.exposure).toEqual({ next: 6 * HOUR, grace: 18 * HOUR, until: clock.now + 24 * HOUR });

    // It fetches nothing: accepted until next + grace of the list that it holds, with a note from next on, and refused
    // after.
    const last = clock.now + exposed;
    expect(verdict(device, forged, clock.now)).toMatch(new RegExp(`^${atOnce}`));
    if (exposed > 0) {
      expect(verdict(device, forged, last - 1)).toBe("valid revocations-old");
      expect(last).toBeLessThanOrEqual(withdrawn.exposure.until ?? 0);
    }
    for (const later of [last, last + 1, withdrawn.exposure.until ?? 0, last + 5 * DAY])
      expect(verdict(device, forged, later)).toBe("stale-revocations");

    // It fetches: the forged one and the genuine one of the same key are refused, the one in its place is taken.
    const synced = await fetch();
    expect([forged, genuine.voucher ?? ""].map((text) => verdict(synced, text, clock.now))).toEqual([
      "key-revoked",
      "key-revoked",
    ]);
    const replaced = steps.find((step) => step.step === "replaced");
    const next = await showWithSecrets(deps, replaced?.by ?? "");
    expect(verdict(synced, next.voucher ?? "", clock.now)).toBe("valid");
    expect(next).toMatchObject({ deliveryId: "D-1", status: "live", expiresAt: genuine.expiresAt });
    expect(next.kid).not.toBe(kid);
  });

  test("a running issuer serves the list and stops signing at once; file and served list never contradict", async () => {
    const world = await makeIssuer();
    const { deps, clock, fetch, folder, serveRevocations } = world;
    const kid = servingKid(world);
    const before = (await fetch()).revocations;
    const file = () => new Uint8Array(readFileSync(join(folder.folder, "revocations.cose")));
    const { version } = await revokeKey(folder.folder, kid, { processes: PROCESSES, now: clock.now });
    // In the very second in which a list was served. Whoever takes the file from a stick and then asks the network goes
    // up twice.
    const keys = deps.keyring.keys;
    const onStick = openRevocations(file(), { keys, held: () => null });
    const held = { version: onStick.version, document: file() };
    const served = openRevocations(await serveRevocations(), { keys, held: () => held });
    expect([onStick.version, before.version < version, served.version > version]).toEqual([version, true, true]);
    expect(hasEntry(served.kids, new Uint8Array(Buffer.from(kid, "hex")))).toBe(true);
    await fetch();
    expect(deps.keyring.signedBy(kid)).toBeUndefined();
    expect(() => deps.keyring.voucherKey({ now: clock.now, expiresAt: clock.now + HOUR })).toThrow("keys rotate");
    await rotateKeys(folder, { processes: PROCESSES, now: clock.now, prune: false });
    expect(servingKid(world)).not.toBe(kid);
    // The list that serves next still withdraws it, and so does the next file.
    clock.now += DAY;
    expect((await fetch()).revocations.kids).toHaveLength(4);
    expect(await revokeKey(folder.folder, kid, { processes: PROCESSES, now: clock.now })).toMatchObject({
      already: true,
    });
    const jwks: unknown = JSON.parse(readFileSync(join(folder.folder, "jwks.json"), "utf8"));
    expect(JSON.stringify(jwks)).not.toContain(kid);
  });

  test("the kid leaves the list when its window is over and no list names it", async () => {
    const world = await makeIssuer();
    const { clock, fetch, folder } = world;
    const kid = servingKid(world);
    await revokeKey(folder.folder, kid, { processes: PROCESSES, now: clock.now });
    clock.now += 37 * DAY;
    await rotateKeys(folder, { processes: PROCESSES, now: clock.now, prune: false });
    expect((await fetch()).revocations.kids).toHaveLength(4);
    clock.now += 7 * DAY;
    await rotateKeys(folder, { processes: PROCESSES, now: clock.now, prune: false });
    await rotateKeys(folder, { processes: PROCESSES, now: clock.now + 1, prune: false });
    clock.now += 2;
    const { keys, revocations } = await fetch();
    expect([keys.keys.has(kid), revocations.kids.length]).toEqual([false, 0]);
  });

  test("every live voucher of the key is issued again and sent once, as it was to be; nothing else is touched", async () => {
    const world = await makeIssuer();
    const { deps, clock, database, folder } = world;
    const kid = servingKid(world);
    const gateway = listeningGateway();
    const issue = async (id: string, phone: number, change = {}) =>
      (await issueOne(deps, order(id, { phone: dramaNumber(phone), ...change }), BACK_OFFICE)).view;
    await issue("SENT", 1);
    const { view: done } = await issueOne(deps, order("DONE", { phone: dramaNumber(2) }), BACK_OFFICE);
    await redeemNow(deps, done, COURIER);
    await issue("GONE", 3, { expires: { in: HOUR } });
    await sendAll(deps, gateway);
    clock.now += 2 * HOUR;
    await issue("WAITING", 4);
    await issue("LATER", 5, { sendAt: clock.now + 5 * HOUR });
    await issue("SILENT", 6, { sms: false });
    const steps = await all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }));
    expect(steps.map(({ step }) => step)).toEqual(["withdrawn", "rotated", ...Array(4).fill("replaced")]);
    const replaced = steps.flatMap((step) => (step.step === "replaced" ? [[step.deliveryId, step.sms]] : []));
    expect(replaced).toEqual([
      ["SILENT", false],
      ["LATER", true],
      ["WAITING", true],
      ["SENT", true],
    ]);

    const before = gateway.received.length;
    await sendAll(deps, gateway);
    clock.now += 5 * HOUR;
    await sendAll(deps, gateway);
    // At once those that were sent or due, the third when it was to be.
    expect(gateway.received.slice(before).map(({ to }) => to.at(-1))).toEqual(["4", "1", "5"]);
    expect(count(database, "select count(*) from vouchers where status = 'live' and kid = ?", kid)).toBe(1); // GONE, not marked yet

    // Again: nothing is out, nobody gets a message.
    expect(
      (await all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }))).map(({ step }) => step),
    ).toEqual(["withdrawn"]);
    expect(await sendAll(deps, gateway)).toEqual({ sent: 0, failed: 0 });
  });

  test("killed after any step and run again, or run twice at once: one live voucher and one message a delivery", async () => {
    const world = await makeIssuer();
    const { deps, database, folder } = world;
    const kid = servingKid(world);
    const COUNT = 12;
    for (let i = 0; i < COUNT; i++) await issueOne(deps, order(`D-${i}`, { phone: dramaNumber(i) }), BACK_OFFICE);
    await sendAll(deps, listeningGateway());
    for (const stopAfter of [1, 2, 4]) {
      let steps = 0;
      for await (const _ of runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }))
        if (++steps === stopAfter) break;
    }
    const twice = await Promise.all(
      [1, 2].map(() => all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }))),
    );
    const faults = twice.flat().filter((step) => step.step === "replaced" && step.fault !== undefined);
    expect(faults).toEqual([]);
    const gateway = listeningGateway();
    expect(await sendAll(deps, gateway)).toEqual({ sent: COUNT, failed: 0 });
    expect(new Set(gateway.received.map(({ to }) => to)).size).toBe(COUNT);
    expect(count(database, "select count(*) from vouchers where status = 'live'")).toBe(COUNT);
    expect(count(database, "select count(*) from vouchers where status = 'live' and kid = ?", kid)).toBe(0);
    expect(count(database, "select count(*) from vouchers")).toBe(2 * COUNT);
  });

  test("a voucher that was signed before the key was withdrawn and is written after is not written", async () => {
    const world = await makeIssuer();
    const { deps, clock, folder } = world;
    const kid = servingKid(world);
    const store = {
      ...deps.store,
      transaction: (async (work) => {
        await revokeKey(folder.folder, kid, { processes: PROCESSES, now: clock.now });
        await rotateKeys(folder, { processes: PROCESSES, now: clock.now, prune: false });
        return deps.store.transaction(work);
      }) satisfies Deps["store"]["transaction"],
    };
    const { view } = await issueOne({ ...deps, store }, order("D"), BACK_OFFICE);
    expect(view.kid).not.toBe(kid);
    expect(view.voucher).not.toBeNull();
  });

  test("what waits to be sent of a withdrawn key is not sent: the message in its place is", async () => {
    const world = await makeIssuer();
    const { deps, clock, folder } = world;
    const kid = servingKid(world);
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    await revokeKey(folder.folder, kid, { processes: PROCESSES, now: clock.now });
    const gateway = listeningGateway();
    expect(await sendAll(deps, gateway)).toEqual({ sent: 0, failed: 0 });
    await all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }));
    await sendAll(deps, gateway);
    expect(gateway.received.map(({ text }) => text.includes(view.shortCode ?? ""))).toEqual([false]);
  });

  test("a voucher that another process signed before and commits while the drill runs is found", async () => {
    const world = await makeIssuer();
    const { deps, folder } = world;
    const kid = servingKid(world);
    for (const id of ["D", "LATE"]) await issueOne(deps, order(id), BACK_OFFICE);
    let looks = 0;
    const blind = withStore(deps, (store) => ({
      async listVouchers(query) {
        const found = await store.listVouchers(query);
        if (query.kid !== undefined) looks += 1;
        return looks > 1 ? found : found.filter(({ deliveryId }) => deliveryId !== "LATE");
      },
    }));
    const steps = await all(runDrill(blind, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }));
    expect(steps.flatMap((step) => (step.step === "replaced" ? step.deliveryId : []))).toEqual(["D", "LATE"]);
  });

  test("one delivery whose number cannot be read does not keep the others waiting", async () => {
    const world = await makeIssuer();
    const { deps, folder } = world;
    const kid = servingKid(world);
    for (const id of ["A", "BROKEN", "C"]) await issueOne(deps, order(id), BACK_OFFICE);
    await deps.store.setDeliveryPhone("BROKEN", "AAAA");
    for (const _ of ["once", "again"]) {
      const steps = await all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }));
      const broken = steps.find((step) => step.step === "replaced" && step.deliveryId === "BROKEN");
      expect(broken).toMatchObject({ by: null, sms: false, fault: expect.any(String) });
    }
    for (const [id, live] of [
      ["A", true],
      ["C", true],
      ["BROKEN", false],
    ] as const) {
      const vouchers = await deps.store.vouchersOf(id);
      expect(vouchers.some((row) => row.status === "live" && row.kid !== kid)).toBe(live);
    }
  });

  test("without the root it is withdrawn all the same, and the drill goes on when the root is there", async () => {
    const world = await makeIssuer();
    const { deps, clock, folder } = world;
    const kid = servingKid(world);
    await issueOne(deps, order("D"), BACK_OFFICE);
    const elsewhere = { ...folder, rootFolder: join(folder.folder, "stick") };
    await expect(
      all(runDrill(deps, kid, { processes: PROCESSES, folder: elsewhere, actor: BACK_OFFICE })),
    ).rejects.toThrow("--root");
    expect(deps.keyring.withdrawn.kids.has(kid)).toBe(true);
    expect(() => deps.keyring.voucherKey({ now: clock.now, expiresAt: clock.now })).toThrow();
    const steps = await all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }));
    expect(steps.map(({ step }) => step)).toEqual(["withdrawn", "rotated", "replaced"]);
  });
});

test("a leaked document key leaves the list that the root signs, whatever list it signed before", async () => {
  const world = await makeIssuer();
  const { deps, clock, fetch, folder } = world;
  await fetch();
  const kid = Buffer.from(deps.keyring.documentKey({ now: clock.now }).key.kid).toString("hex");
  await expect(revokeKey(folder.folder, kid, { processes: PROCESSES, now: clock.now })).rejects.toThrow("compromised");
  const [rotated, ...more] = await all(runDrill(deps, kid, { processes: PROCESSES, folder, actor: BACK_OFFICE }));
  expect(more).toEqual([]);
  // A list that still names it comes first, so that the revocation list can be read at every instant.
  expect(rotated).toMatchObject({ step: "rotated", rotation: { version: 3, dropped: [kid] } });
  const { keys } = await fetch();
  expect(keys.keys.has(kid)).toBe(false);
  expect(Buffer.from(deps.keyring.documentKey({ now: clock.now }).key.kid).toString("hex")).not.toBe(kid);
});

function count(database: string, sql: string, ...values: unknown[]): number {
  const db = new Database(database, { readonly: true });
  const found = db
    .prepare(sql)
    .pluck()
    .get(...values);
  db.close();
  return Number(found);
}
