import { verifyVoucher } from "@doorproof/verifier";
import { Refusal } from "@doorproof/voucher";
import { hasEntry, readSign1 } from "@doorproof/voucher/codec";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { sealWaiting } from "../src/domain/dispatch/sealing.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { enrolPhone, fetchOnce, issueAll, open, put, seal, stateLines, statesOf, sync } from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, HOUR, redeemNow, T0 } from "./world.ts";

// docs/format.md section 4: what a manifest holds, and which version it bears.

describe("versions", () => {
  test("the same bytes until something changes, and always a higher one then", async () => {
    const { deps, clock } = await makeMemoryWorld();
    await issueAll(deps, ["A", "B"]);
    const phone = await enrolPhone(deps, "north");
    await put(deps, "north", ["A", "B"]);
    await seal(deps);
    const fetch = async () => fetchManifest(deps, { deviceId: phone.id, route: "north", has: [] });
    const first = await fetch();
    clock.now += HOUR;
    expect(await fetch()).toEqual(first);
    // Thrice in a second: the version is not only the clock.
    const versions = [first.version];
    for (const stops of [["B", "A"], ["A"], ["A", "B"]]) {
      versions.push((await put(deps, "north", stops)).version);
      expect((await fetch()).version).toBe(versions.at(-1));
    }
    expect(new Set(versions).size).toBe(4);
    expect(versions.toSorted()).toEqual(versions);
  });

  test("renewed when half its life is over, and by a new document key", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const phone = await enrolPhone(deps, "north");
    await sync(deps, phone);
    clock.now = T0 + DAY / 2;
    expect(await fetchOnce(deps, phone)).toBe(false);
    clock.now += 1;
    expect(await fetchOnce(deps, phone)).toBe(true);
    expect(phone.manifest?.expiresAt).toBe(clock.now + DAY);
    const kid = () => Buffer.from(readSign1("manifest", phone.document ?? new Uint8Array()).kid).toString("hex");
    clock.now = T0 + 30 * DAY - 60;
    await sync(deps, phone);
    const before = kid();
    clock.now = T0 + 30 * DAY;
    expect(await fetchOnce(deps, phone)).toBe(true);
    expect(kid()).not.toBe(before);
  });

  test("never below what is out there, as after the database came back from a backup", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const phone = await enrolPhone(deps, "north");
    await fetchOnce(deps, phone);
    const newer = T0 + 50;
    clock.now = T0 + 100;
    const { version } = await fetchManifest(deps, { deviceId: phone.id, route: "north", has: [newer] });
    expect(version).toBe(T0 + 100);
    // But nobody can use the numbers up.
    const far = await fetchManifest(deps, { deviceId: phone.id, route: "north", has: [0xffff_ffff] });
    expect(far.version).toBe(version);
  });
});

describe("left out", () => {
  test("what is redeemed or cancelled; and it stays so when the list is put again", async () => {
    const { deps } = await makeMemoryWorld();
    const [a, b] = await issueAll(deps, ["A", "B", "C"]);
    if (!a || !b) throw new Error("nothing was issued");
    const phone = await enrolPhone(deps, "north");
    await put(deps, "north", ["A", "B", "C"]);
    await seal(deps);
    await sync(deps, phone);
    await redeemNow(deps, a, phone.actor);
    await revokeVoucher(deps, b.id, { cancel: true }, BACK_OFFICE);
    expect(await sync(deps, phone)).toEqual(["C"]);
    expect(stateLines(await put(deps, "north", ["C", "B", "A"]))).toEqual(["C on", "B cancelled", "A delivered"]);
    expect(await seal(deps)).toBe(0);
  });

  test("what is taken off, at the device's next contact; and what joins late is there then", async () => {
    const { deps } = await makeMemoryWorld();
    await issueAll(deps, ["A", "B"]);
    const phone = await enrolPhone(deps, "north");
    await put(deps, "north", ["A"]);
    await seal(deps);
    await sync(deps, phone);
    await put(deps, "north", ["B"]);
    await seal(deps);
    expect(await sync(deps, phone)).toEqual(["B"]);
    expect((await listEvents(deps, { delivery: "A", limit: 1 })).data).toMatchObject([
      { kind: "stop-removed", reason: "from north" },
    ]);
  });

  test("a stop whose voucher is over before it was sealed says so", async () => {
    const { deps } = await makeMemoryWorld();
    const [a] = await issueAll(deps, ["A"]);
    await revokeVoucher(deps, a?.id ?? "", { cancel: false }, BACK_OFFICE);
    expect(stateLines(await put(deps, "north", ["A"]))).toEqual(["A no-voucher"]);
    expect(await seal(deps)).toBe(0);
  });
});

test("a reissued voucher gets its seal and a version by itself; until then the new QR is good and the old one revoked", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const [old] = await issueAll(deps, ["A"]);
  const phone = await enrolPhone(deps, "north");
  await put(deps, "north", ["A"]);
  await seal(deps);
  await sync(deps, phone);
  const first = phone.manifest;
  clock.now += HOUR;
  const next = await reissueVoucher(deps, old?.id ?? "", { expires: { in: DAY }, sms: false }, BACK_OFFICE);
  const verify = (text: string | null | undefined) => {
    const question = { keys: deps.keyring.keys, now: clock.now, delivery: "A", manifest: phone.manifest };
    try {
      return verifyVoucher(text, question).cti;
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  };

  expect(await sync(deps, phone)).toEqual(["A"]);
  expect([verify(next.voucher), verify(old?.voucher)]).toEqual([next.cti, "revoked"]);
  expect(await seal(deps)).toBe(1);
  const between = phone.manifest?.version ?? 0;
  await sync(deps, phone);
  expect(phone.manifest?.version).toBeGreaterThan(between);
  expect(await open(phone, "A", next.shortCode)).toBe(next.voucher);
  expect(phone.manifest?.stops[0]?.salt).not.toEqual(first?.stops[0]?.salt);
  expect([verify(next.voucher), verify(old?.voucher)]).toEqual([next.cti, "revoked"]);
  // Listed no longer than it could be shown.
  clock.now = (old?.expiresAt ?? 0) - 1;
  await sync(deps, phone);
  expect(hasEntry(phone.manifest?.revoked ?? new Uint8Array(), Buffer.from(old?.cti ?? "", "hex"))).toBe(true);
  clock.now += 1;
  await sync(deps, phone);
  expect(phone.manifest?.revoked).toHaveLength(0);
});

test("sealing is stopped between two seals, goes on where it was, and passes over what nobody can show", async () => {
  const { deps } = await makeMemoryWorld();
  await issueAll(deps, ["A", "B", "C", "D"]);
  await put(deps, "north", ["A", "B", "C", "D"]);
  let asked = 0;
  expect(await sealWaiting(deps, { isOver: () => ++asked > 2 })).toBe(2);
  const keyless = { ...deps, keyring: { ...deps.keyring, signedBy: () => undefined } };
  expect(await seal(keyless)).toBe(0);
  expect(await seal(deps)).toBe(2);
  expect(await statesOf(deps, "north")).toEqual(["A on", "B on", "C on", "D on"]);
});
