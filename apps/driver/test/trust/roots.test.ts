import { toHex } from "@doorproof/voucher/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../src/door/check.ts";
import { accept, type Trusted } from "../../src/trust/accept.ts";
import { base, fresh, identity, offer, version } from "../fixtures/offered-documents.ts";
import {
  DAY,
  HOUR,
  ISSUER,
  issue,
  keyList,
  makeKey,
  manifest,
  NOW,
  revocations,
  root,
  rootPin,
  stop,
} from "../fixtures/signed-documents.ts";

describe("a root is replaced by two lists", () => {
  const next = makeKey("root");
  const stranger = makeKey("root");
  const pins = ({ identity }: Trusted) => (identity.kind === "keys-pinned" ? [] : identity.roots);
  const listed = ({ trust }: Trusted) => trust?.keys.list?.version;
  const first = keyList();
  const both = keyList({ version: 2, roots: [root.publicKey, next.publicKey] });
  const alone = keyList({ version: 3, roots: [next.publicKey] }, next);
  const keys = async (list: Promise<Uint8Array>) => ["keys", await list] as const;

  test("the one that names both, then the one that the next root signs: the old one is believed no more", async () => {
    const overlap = await offer(await base(), await keys(both));
    expect([pins(overlap), listed(overlap)]).toEqual([[rootPin, toHex(next.publicKey)], 2]);
    const after = await offer(overlap, await keys(alone));
    expect([after.refused, pins(after), listed(after)]).toEqual([[], [toHex(next.publicKey)], 3]);
    // Replayed, or signed by whoever has the old root now: whatever its version, nothing of it is taken. Of the bytes
    // that it holds already a device says nothing.
    const stolen = keyList({ version: 2 ** 32 - 1, roots: [root.publicKey, stranger.publicKey] });
    for (const [list, refused] of [
      [first, ["unknown-key"]],
      [stolen, ["unknown-key"]],
      [both, []],
    ] as const) {
      const replayed = await offer(after, await keys(list));
      expect([replayed.refused, pins(replayed), listed(replayed)]).toEqual([refused, pins(after), 3]);
    }
    // What the list's keys signed stays: manifest and revocations are of the same keys.
    expect(version(after)).toEqual([5, 5]);
  });

  test("a device that missed the first keeps its list and learns the rest; enrolled again, it knows the new root", async () => {
    const missed = await offer(await base(), await keys(alone), ["revocations", await revocations({ version: 6 })]);
    expect([missed.refused, pins(missed), listed(missed), version(missed)]).toEqual([
      ["unknown-key"],
      [rootPin],
      1,
      [6, 5],
    ]);
    const roots = [toHex(next.publicKey)];
    // As the ledger has it: the same route, so its documents stay.
    const again = { ...missed, identity: { ...identity, roots }, trust: null };
    const enrolled = await offer(again, await keys(alone));
    expect([enrolled.refused, listed(enrolled), version(enrolled)]).toEqual([[], 3, [6, 5]]);
  });

  test("in the wrong order: the second is taken when the first has come", async () => {
    const after = await offer(await base(), await keys(alone), await keys(both), await keys(alone));
    expect([after.refused, listed(after)]).toEqual([["unknown-key"], 3]);
  });

  test("each root counts its own versions", async () => {
    const high = keyList({ version: 4_000_000_000, roots: [root.publicKey, next.publicKey] });
    const after = await offer(
      await base(),
      await keys(high),
      await keys(keyList({ version: 1, roots: [next.publicKey] }, next)),
    );
    expect([after.refused, listed(after), pins(after)]).toEqual([[], 1, [toHex(next.publicKey)]]);
  });

  test("of a device that holds lists of both and believes both, the last one taken holds, and none is played against it", async () => {
    const named = keyList({ version: 1, roots: [root.publicKey, next.publicKey] }, next);
    const after = await offer(await base(), await keys(both), await keys(named), await keys(both), await keys(first));
    expect([after.refused, listed(after), pins(after).length]).toEqual([["older-document"], 1, 2]);
  });

  test("what is stored with the list are the roots to be pinned, in the same write", async () => {
    const written: unknown[] = [];
    const ledger = { accept: async (...write: unknown[]) => void written.push(write), lowerFloor: async () => {} };
    const before = await base();
    const document = await both;
    await accept(ledger, before, "keys", { document, etag: null, time: null });
    const roots = [rootPin, toHex(next.publicKey)];
    expect(written).toEqual([[expect.objectContaining({ kind: "keys", version: 2, document }), { floor: NOW, roots }]]);
  });

  test.each<[string, readonly Uint8Array[]]>([
    ["none", []],
    ["a key that nobody has", [stranger.publicKey]],
    ["the identity, with which everybody signs", [Uint8Array.of(1, ...new Uint8Array(31))]],
    ["what is no key at all", [new Uint8Array(32).fill(2)]],
  ])("a list that names %s leaves the root that signed it, and it signs the next", async (_, roots) => {
    const named = await offer(await base(), await keys(keyList({ version: 2, roots })));
    const after = await offer(named, await keys(keyList({ version: 3, roots: [root.publicKey] })));
    expect([named.refused, pins(named).includes(rootPin), after.refused, listed(after)]).toEqual([[], true, [], 3]);
    expect(pins(after)).toEqual([rootPin]);
  });

  test("whatever lists of both came, in whatever order: the next one of a root that it believes heals it, and ends the other root", async () => {
    const mine = await issue("PARCEL-1");
    const right = NOW + 2 * HOUR;
    const signers = { root, next };
    const any = fc.record({
      by: fc.constantFrom("root" as const, "next" as const),
      names: fc.subarray(["root", "next", "stranger", "nothing"] as const),
      version: fc.integer({ min: 1, max: 9 }),
    });
    const publicKeys = {
      root: root.publicKey,
      next: next.publicKey,
      stranger: stranger.publicKey,
      nothing: new Uint8Array(32).fill(2),
    };
    const good = async (by: "root" | "next") =>
      keys(
        keyList({ version: 10, issuedAt: right, expiresAt: right + DAY, roots: [signers[by].publicKey] }, signers[by]),
      );
    const revoked = ["revocations", await revocations({ issuedAt: right, next: right + DAY })] as const;
    const route = { issuedAt: right, expiresAt: right + DAY, stops: [stop("PARCEL-1")] };
    const stops = ["manifest", await manifest(route)] as const;
    let [switched, stayed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 6 }), async (lists) => {
        let trusted: Trusted = await offer(fresh, await keys(first));
        for (const { by, names, version } of lists) {
          const named = names.map((name) => publicKeys[name]);
          trusted = await offer(trusted, await keys(keyList({ version, roots: named }, signers[by])));
          // Nothing that was taken leaves a device without keys.
          expect(trusted.trust?.keys.keys.size).toBe(3);
        }
        // The issuer's own root of this day: the last one whose list was taken.
        const believed = pins(trusted);
        const by = believed.includes(toHex(next.publicKey)) ? "next" : "root";
        if (by === "next") switched += 1;
        else stayed += 1;
        const healed = await offer(trusted, await good(by), revoked, stops);
        expect([healed.refused, pins(healed)]).toEqual([[], [toHex(signers[by].publicKey)]]);
        const state = { issuer: ISSUER, enrolled: true, trust: healed.trust, now: right, seen: healed.floor };
        const asked = { ...state, delivery: "PARCEL-1", agreed: false, dispatcherAsked: false, used: () => undefined };
        expect(check(mine.text, asked)).toMatchObject({ kind: "valid", voucher: { notes: [] } });
        const other = by === "next" ? "root" : "next";
        expect((await offer(healed, await good(other))).refused).toEqual(["unknown-key"]);
      }),
      { numRuns: 80 },
    );
    expect(Math.min(switched, stayed)).toBeGreaterThan(5);
  });
});
