// The drill for the day a key is changed in peace, with devices that were offline 0, 24 and 72 hours.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rotateKeys } from "../src/keys/rotate.ts";
import { type Device, makeIssuer, servingKid, verdict } from "./keys-world.ts";
import { PROCESSES } from "./processes.ts";
import { BACK_OFFICE, DAY, HOUR, issueOne, order, T0 } from "./world.ts";

describe("rotation", () => {
  test("in peace: whoever fetched in the last week knows each new key when it signs first", async () => {
    const world = await makeIssuer();
    const { deps, clock, fetch, folder } = world;
    const first = servingKid(world);
    clock.now = T0 + 360 * DAY;
    const before = await fetch();
    const rotation = await rotateKeys(folder, { processes: PROCESSES, now: clock.now, prune: false });
    expect(rotation).toMatchObject({ version: 2, expiresAt: clock.now + 365 * DAY });
    // 11 months and their overlap are gone, the month before this one is still uploaded.
    expect(rotation.dropped).toContain(first);
    expect(rotation.made.filter(({ isEarly }) => isEarly)).toEqual([]);
    expect(rotation.made.every(({ signsFrom }) => signsFrom >= clock.now + 7 * DAY)).toBe(true);

    // A voucher of a device that was away all the while is verified by the key that it was told of a year ago.
    const { view } = await issueOne(deps, order("OLD"), BACK_OFFICE);
    expect(verdict(before, view.voucher ?? "", clock.now)).toBe("valid");

    const fresh = rotation.made.find(({ use }) => use === "vouchers");
    if (!fresh) throw new Error("nothing was made");
    const devices = new Map<number, Device>();
    for (const offline of [72, 24, 0]) {
      clock.now = fresh.signsFrom - offline * HOUR;
      devices.set(offline, await fetch());
    }
    expect(servingKid(world)).toBe(fresh.kid);
    const { view: issued } = await issueOne(deps, order("NEW"), BACK_OFFICE);
    expect(issued.kid).toBe(fresh.kid);
    const verdicts = [...devices].map(([offline, device]) => [
      offline,
      verdict(device, issued.voucher ?? "", clock.now),
      // The key is known to all; what ends after a day without a list is the patience for that.
      verdict(
        { ...device, revocations: { ...device.revocations, next: clock.now + 1 } },
        issued.voucher ?? "",
        clock.now,
      ),
    ]);
    expect(verdicts).toEqual([
      [72, "stale-revocations", "valid"],
      [24, "stale-revocations", "valid"],
      [0, "valid", "valid"],
    ]);
  });

  test("versions never go back, and a list that did is not taken up by a running issuer", async () => {
    const { deps, clock, fetch, folder } = await makeIssuer();
    const old = readFileSync(join(folder.folder, "keys.cose"));
    const versions: (number | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      versions.push((await fetch()).keys.list?.version);
      clock.now += 1;
      await rotateKeys(folder, { processes: PROCESSES, now: clock.now, prune: false });
    }
    expect(versions).toEqual([1, 2, 3]);
    writeFileSync(join(folder.folder, "keys.cose"), old);
    expect(() => deps.keyring.keys).toThrow("older-document");
    await expect(rotateKeys(folder, { processes: PROCESSES, now: clock.now - 10 * DAY, prune: false })).rejects.toThrow(
      "clock",
    );
  });
});
