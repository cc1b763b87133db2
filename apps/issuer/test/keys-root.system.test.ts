import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyFile, openKeyFile, signKeyList } from "@doorproof/signer";
import { type KeyList, Refusal } from "@doorproof/voucher";
import { fingerprint } from "@doorproof/voucher/codec";
import { describe, expect, test } from "vitest";
import { enrolDevice } from "../src/domain/access/enrol.ts";
import { makeEnrolment } from "../src/domain/access/open-enrolment.ts";
import { checkPublished } from "../src/keys/check.ts";
import { readPublished } from "../src/keys/folder.ts";
import { openKeyring } from "../src/keys/keyring.ts";
import { publishKeys } from "../src/keys/publish.ts";
import { watchKeys } from "./keys-watch.ts";
import { fingerprintIn, makeSticks, namedIn, type Phone, pinnedIn, verdict } from "./keys-world.ts";
import { PROCESSES } from "./processes.ts";
import { BACK_OFFICE, DAY, HOUR, issueOne, makeFolder, order, T0 } from "./world.ts";

function codeOf(work: () => void): string {
  try {
    work();
    return "taken";
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

async function refetch(phone: Phone): Promise<string> {
  return phone.fetch().then(
    () => "taken",
    (error: unknown) =>
      codeOf(() => {
        throw error;
      }),
  );
}

describe("replaced by two lists", () => {
  test("phones that met the first take the second, whatever they missed since; one that did not is enrolled again", async () => {
    const world = await makeSticks();
    const { deps, clock, enrol, keyList, rotate, next, old } = world;
    const phones = new Map<string, Phone>(["missed", "72", "24", "0"].map((name) => [name, enrol()]));
    const phone = (name: string) => phones.get(name) as Phone;
    for (const one of phones.values()) await one.fetch();
    const first = keyList();

    clock.now = T0 + 4 * DAY;
    await rotate({ nextRootFolder: next });
    const both = keyList();
    for (const offline of [72, 24, 0]) {
      clock.now = T0 + 10 * DAY - offline * HOUR;
      expect(await refetch(phone(String(offline)))).toBe("taken");
    }
    // Before the switch an older list is what it always was.
    expect(codeOf(() => phone("0").offer(first))).toBe("older-document");

    const rotation = await rotate({ rootFolder: next });
    expect(rotation.version).toBe(3);
    const switched = keyList();
    const { view } = await issueOne(deps, order("D-1", { expires: { in: 168 * HOUR } }), BACK_OFFICE);
    const voucher = view.voucher ?? "";
    const verdicts = () =>
      Object.fromEntries([...phones].map(([name, one]) => [name, verdict(one.holds, voucher, clock.now)]));
    // Offline, nothing has changed for anybody: what ends after a day is the patience for the revocation list.
    expect(verdicts()).toEqual({
      missed: "stale-revocations",
      "72": "stale-revocations",
      "24": "stale-revocations",
      "0": "valid",
    });

    for (const [name, one] of phones)
      expect([name, await refetch(one)]).toEqual([name, name === "missed" ? "unknown-key" : "taken"]);
    // The one that missed the list with both goes on with the list that it holds: until that ends, and its grace.
    expect(verdicts()).toEqual({ missed: "valid", "72": "valid", "24": "valid", "0": "valid" });
    const again = enrol();
    await again.fetch();
    expect(verdict(again.holds, voucher, clock.now)).toBe("valid");

    // Whatever the old root signed is over for those who took the second list.
    for (const name of ["72", "24", "0"]) {
      for (const replayed of [first, both]) expect(codeOf(() => phone(name).offer(replayed))).toBe("unknown-key");
      expect(codeOf(() => phone(name).offer(switched))).toBe("taken");
    }
    // Had the one list been lost on the way and come late, it would have been in time.
    for (const [document, code] of [
      [switched, "unknown-key"],
      [both, "taken"],
      [switched, "taken"],
      [both, "unknown-key"],
    ] as const)
      expect(codeOf(() => phone("missed").offer(document))).toBe(code);
    expect(rotation.roots).toEqual({
      signed: fingerprintIn(next),
      next: [],
      followed: { root: old, last: { version: 2, issuedAt: T0 + 4 * DAY }, until: T0 + (4 + 365) * DAY + 18 * HOUR },
    });
  });

  test("a phone that missed the first list checks by the one that it holds, until that ends and its grace", async () => {
    const { deps, clock, enrol, rotate, next } = await makeSticks();
    const missed = enrol();
    const { list } = (await missed.fetch()).keys;
    clock.now += DAY;
    await rotate({ nextRootFolder: next });
    expect(deps.keyring.roots).toHaveLength(2);
    await rotate({ rootFolder: next });
    const end = list?.expiresAt ?? 0;
    clock.now = end;
    expect(await refetch(missed)).toBe("unknown-key");
    const { view } = await issueOne(deps, order("D-1"), BACK_OFFICE);
    const verdicts = [end, end + 18 * HOUR - 1, end + 18 * HOUR].map((now) =>
      verdict(missed.holds, view.voucher ?? "", now),
    );
    expect(verdicts).toEqual(["valid keys-old", "valid keys-old revocations-old", "stale-keys"]);
  });

  test("a thief with the old root: believed until the second list was taken, and not after, whatever version it signs", async () => {
    const { clock, folder, enrol, rotate, next, keys } = await makeSticks();
    const thief = openKeyFile(join(folder.rootFolder, "root.pem"), { use: "root" });
    const [late, robbed, prompt] = [enrol(), enrol(), enrol()];
    await late.fetch();
    await rotate({ nextRootFolder: next });
    for (const one of [robbed, prompt]) await one.fetch();
    const mine = createKeyFile(makeFolder(), { use: "root", taken: new Set() });
    const stolen = (version: number, by = thief) => {
      const change: Partial<KeyList> = { version, issuedAt: clock.now, roots: [by.publicKey, mine.publicKey] };
      return signKeyList({ ...readPublished(keys).list, ...change }, { root: by });
    };
    const robbery = await stolen(2 ** 32 - 1);
    clock.now += DAY;

    // Before: whoever holds a root is the issuer, and can keep a device from ever believing another.
    expect(codeOf(() => robbed.offer(robbery))).toBe("taken");
    await rotate({ rootFolder: next });
    expect(await refetch(robbed)).toBe("unknown-key");
    // After: nothing of the thief's is taken, nor what a root signs that the thief named.
    expect(await refetch(prompt)).toBe("taken");
    expect(codeOf(() => prompt.offer(robbery))).toBe("unknown-key");
    expect(codeOf(() => prompt.offer(readPublished(keys).document))).toBe("taken");
    const his = await stolen(9, mine);
    expect(codeOf(() => prompt.offer(his))).toBe("unknown-key");
    // A device that was not enrolled again still believes the thief: operators have to be told.
    expect(await refetch(late)).toBe("unknown-key");
    expect(codeOf(() => late.offer(robbery))).toBe("taken");
  });

  test("the running issuer and a restarted one take both up; new devices pin what holds", async () => {
    const { deps, clock, rotate, next, keys, old } = await makeSticks();
    const first = readFileSync(join(keys, "keys.cose"));
    const seen = async () => {
      const { link } = await makeEnrolment(deps, { name: "north", country: "GB" }, BACK_OFFICE);
      const { roots } = await enrolDevice(deps, link.split("#")[1] ?? "");
      const restarted = openKeyring(keys).roots.map(fingerprint);
      expect([deps.keyring.roots.map(fingerprint), roots.map(fingerprint)]).toEqual([restarted, restarted]);
      expect(pinnedIn(keys)).toEqual(restarted);
      return restarted;
    };
    expect(await seen()).toEqual([old]);
    await rotate({ nextRootFolder: next });
    const both = readFileSync(join(keys, "keys.cose"));
    expect(await seen()).toEqual([old, fingerprintIn(next)]);
    clock.now += DAY;
    await rotate({ rootFolder: next });
    expect(await seen()).toEqual([fingerprintIn(next)]);
    expect(deps.keyring.keys.list.version).toBe(3);
    // What the old root has signed does not come back, and what the new one signs goes on.
    for (const before of [first, both]) {
      const now = readFileSync(join(keys, "keys.cose"));
      writeFileSync(join(keys, "keys.cose"), before);
      expect(() => deps.keyring.keys).toThrow("unknown-key");
      writeFileSync(join(keys, "keys.cose"), now);
    }
    await rotate({ rootFolder: next });
    expect(deps.keyring.keys.list.version).toBe(4);
    await expect(rotate()).rejects.toThrow("root.pem: another root");
  });

  test("what is published onto a stick goes along, and can be read there at every step", async () => {
    const { clock, rotate, next, keys } = await makeSticks();
    const usb = join(keys, "..", "usb");
    mkdirSync(usb);
    const given: string[][] = [];
    for (const step of [{}, { nextRootFolder: next }, { rootFolder: next }]) {
      await rotate(step);
      clock.now += 1;
      await publishKeys(keys, { processes: PROCESSES, now: clock.now, to: usb });
      expect(checkPublished(usb, clock.now)).toEqual([]);
      given.push(pinnedIn(usb));
    }
    expect(given.map(({ length }) => length)).toEqual([1, 2, 1]);
    expect(given[2]).toEqual([fingerprintIn(next)]);
  });
});

describe("the next root", () => {
  test("is made for its owner's eyes, and the one that is there is used and never written over", async () => {
    const { rotate, next, old } = await makeSticks();
    const { roots } = await rotate({ nextRootFolder: next });
    expect(roots).toEqual({ signed: old, next: [fingerprintIn(next)], followed: null });
    expect(readdirSync(next)).toEqual(["root.pem"]);
    expect(statSync(join(next, "root.pem")).mode & 0o777).toBe(0o600);
    const before = readFileSync(join(next, "root.pem"));
    expect((await rotate({ nextRootFolder: next })).roots).toEqual(roots);
    // Others name it on, until it signs.
    expect((await rotate()).roots).toEqual(roots);
    expect(readFileSync(join(next, "root.pem"))).toEqual(before);
  });

  test("of a stick that was lost before it signed gives way to another", async () => {
    const { rotate, next, keys, old } = await makeSticks();
    await rotate({ nextRootFolder: next });
    const third = join(next, "..", "stick3");
    expect((await rotate({ nextRootFolder: third })).roots.next).toEqual([fingerprintIn(third)]);
    expect([pinnedIn(keys), namedIn(keys)]).toEqual(Array(2).fill([old, fingerprintIn(third)]));
    await expect(rotate({ rootFolder: next })).rejects.toThrow("another root");
    expect((await rotate({ rootFolder: third, nextRootFolder: next })).roots).toMatchObject({
      signed: fingerprintIn(third),
      next: [fingerprintIn(next)],
      followed: { root: old },
    });
  });

  test.each<[string, (stick: string, signing: string) => void, string]>([
    [
      "the one that signs",
      (stick, signing) => cpSync(join(signing, "root.pem"), join(stick, "root.pem")),
      "in use already",
    ],
    [
      "one that others can read",
      (stick) => {
        createKeyFile(stick, { use: "root", taken: new Set() });
        chmodSync(join(stick, "root.pem"), 0o644);
      },
      "read by others",
    ],
    ["one of half a file", (stick) => writeFileSync(join(stick, "root.pem"), "-----BEGIN", { mode: 0o600 }), ""],
  ])("is not %s, and nothing is signed", async (_, prepare, fault) => {
    const { rotate, folder, next, keys } = await makeSticks();
    mkdirSync(next);
    prepare(next, folder.rootFolder);
    const before = readFileSync(join(next, "root.pem"));
    await expect(rotate({ nextRootFolder: next })).rejects.toThrow(fault);
    expect([readPublished(keys).list.version, readFileSync(join(next, "root.pem"))]).toEqual([1, before]);
  });

  test("that no list names signs nothing", async () => {
    const { rotate, next, keys } = await makeSticks();
    mkdirSync(next);
    createKeyFile(next, { use: "root", taken: new Set() });
    await expect(rotate({ rootFolder: next })).rejects.toThrow("root.pem: another root");
    expect(readPublished(keys).list.version).toBe(1);
  });
});

test("at every instant a running issuer and one that starts just now read what fits together", async () => {
  const { rotate, next, keys, clock } = await makeSticks();
  const watches = (["running", "anew"] as const).map((how) => watchKeys(keys, { now: clock.now, how }));
  const seen = async () => {
    const { version } = openKeyring(keys).keys.list;
    for (const watch of watches) await watch.sees(version);
  };
  await seen();
  let [from, to] = [join(keys, "private"), next];
  for (let i = 0; i < 3; i++) {
    await rotate({ rootFolder: from, nextRootFolder: to });
    // A running issuer follows to the next root by the list that names both, so it has to see each.
    await seen();
    await rotate({ rootFolder: to });
    await seen();
    [from, to] = [to, join(keys, "..", `stick${i + 3}`)];
  }
  for (const watch of watches) {
    const { reads, lists } = await watch.end();
    expect(reads).toBeGreaterThan(lists.length);
    expect(lists).toHaveLength(7);
  }
});
