import { type SigningKey, signKeyList } from "@doorproof/signer";
import { keyId, toHex } from "@doorproof/voucher/codec";
import { Point } from "@noble/ed25519";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { codeOf } from "../../voucher/test/refuses.ts";
import { add, BASE, encode, multiply, scalarOf, T8 } from "../../voucher/vectors/generator/curve.ts";
import { bytesOf } from "../../voucher/vectors/octets.ts";
import { type Held, openKeyList } from "../src/index.ts";
import { DAY, NOW, vectorKey, vectors } from "./world.ts";

// Whom a reader pins after a key list (docs/format.md section 5): a root goes when another one signs, and no list
// leaves a reader without one.

const ISSUER = "acme";
const ROOTS = {
  old: vectorKey("root", "root"),
  new: vectorKey("nextRoot", "root"),
  third: vectorKey("foreign", "root"),
  twin: vectorKey("twin", "root"),
  otherTwin: vectorKey("otherTwin", "root"),
};
type Name = keyof typeof ROOTS;

const seed = Buffer.from(vectors.given.testKeys["voucher"]?.seed ?? "", "hex");
const UNSOUND: Readonly<Record<string, Uint8Array>> = {
  "the identity": Uint8Array.of(1, ...new Uint8Array(31)),
  "order 8": encode(T8),
  "a torsion part": encode(add(multiply(BASE, scalarOf(seed)), T8)),
  "no point": Uint8Array.of(2, ...new Uint8Array(31)),
};

const publicKeyOf = (name: string) => UNSOUND[name] ?? ROOTS[name as Name].publicKey;

function listOf(signer: SigningKey, named: readonly string[], version = 1): Promise<Uint8Array> {
  const key = {
    use: "documents",
    publicKey: vectorKey("document", "documents").publicKey,
    from: NOW,
    to: NOW + DAY,
  } as const;
  const times = { issuedAt: NOW, expiresAt: NOW + DAY, grace: 0 };
  return signKeyList(
    { issuer: ISSUER, version, ...times, keys: [key], roots: named.map(publicKeyOf) },
    { root: signer },
  );
}

function namesOf(roots: readonly Uint8Array[]): string[] {
  return roots.map((root) => Object.entries(ROOTS).find(([, key]) => toHex(key.publicKey) === toHex(root))?.[0] ?? "?");
}

describe("pinned, signed by, named: pinned from then on", () => {
  test.each<[readonly Name[], Name, readonly string[], readonly Name[]]>([
    [["old"], "old", ["old"], ["old"]],
    [["old"], "old", ["old", "new"], ["old", "new"]],
    [["old", "new"], "new", ["new"], ["new"]],
    [["old", "new"], "new", ["new", "third"], ["new", "third"]],
    // while the successor has not signed, it can be taken back or another one named
    [["old", "new"], "old", ["old"], ["old"]],
    [["old", "new"], "old", ["old", "third"], ["old", "third"]],
    // a root does not end itself: nobody may have the one that it names
    [["old"], "old", ["new"], ["old", "new"]],
    [["old"], "old", ["new", "new", "old"], ["old", "new"]],
    // none, or none that is a key
    [["old"], "old", [], ["old"]],
    [["old", "new"], "new", [], ["old", "new"]],
    [["old", "new"], "new", Object.keys(UNSOUND), ["old", "new"]],
    [["old"], "old", [...Object.keys(UNSOUND).slice(0, 3), "new"], ["old", "new"]],
    // two keys of one kid: one of them would end the other, and a list the root that signed it
    [["twin"], "twin", ["otherTwin", "twin"], ["twin"]],
    [["old", "twin"], "twin", ["otherTwin"], ["old", "twin"]],
    [["old"], "old", ["otherTwin", "twin"], ["old", "otherTwin"]],
    [["old", "twin"], "old", ["otherTwin"], ["old", "otherTwin"]],
  ])("%j, %s, %j: %j", async (pinned, signer, named, expected) => {
    const document = await listOf(ROOTS[signer], named);
    const pins = { issuer: ISSUER, roots: pinned.map(publicKeyOf), held: () => null };
    const { root, roots } = openKeyList(document, pins);
    expect([namesOf([root]), namesOf(roots)]).toEqual([[signer], expected]);
    // Read again, as a device does at each start, it changes nothing more.
    expect(openKeyList(document, { ...pins, roots }).roots).toEqual(roots);
  });
});

test("whatever lists come, in whatever order: the one that was taken holds, and its root can sign the next", async () => {
  const names = Object.keys(ROOTS) as Name[];
  const any = fc.record({
    signer: fc.constantFrom(...names),
    named: fc.uniqueArray(fc.constantFrom(...names, ...Object.keys(UNSOUND)), { maxLength: 4 }),
    version: fc.nat(4),
  });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(any, { maxLength: 8 }), async (lists) => {
      let roots: readonly Uint8Array[] = [ROOTS.old.publicKey];
      const held = new Map<string, Held>();
      const pins = () => ({ issuer: ISSUER, roots, held: (kid: string) => held.get(kid) ?? null });
      for (const { signer, named, version } of lists) {
        const document = await listOf(ROOTS[signer], named, version);
        const isPinned = namesOf(roots).includes(signer);
        const isTwinPinned = roots.some((root) => toHex(keyId(root)) === toHex(keyId(ROOTS[signer].publicKey)));
        try {
          roots = openKeyList(document, pins()).roots;
          held.set(toHex(keyId(ROOTS[signer].publicKey)), { version, document });
          taken += 1;
        } catch (error) {
          const otherwise = isTwinPinned ? "bad-signature" : "unknown-key";
          expect(codeOf(error)).toBe(isPinned ? "older-document" : otherwise);
          continue;
        }
        expect(namesOf(roots)).toContain(signer);
        expect(openKeyList(document, pins()).roots).toEqual(roots);
        expect(new Set(roots.map((root) => toHex(keyId(root)))).size).toBe(roots.length);
        const next = await listOf(ROOTS[signer], [signer], 99);
        expect(namesOf(openKeyList(next, pins()).roots)).toEqual([signer]);
      }
    }),
    { numRuns: 60 },
  );
  expect(taken).toBeGreaterThan(30);
});

describe("a pinned set is judged before any list is read", () => {
  const six = Array.from({ length: 6 }, (_, i) => encode(multiply(BASE, BigInt(i + 2))));
  test.each<[string, readonly Uint8Array[], string]>([
    ["none", [], "malformed: frame"],
    ["five", six.slice(1), "malformed: frame"],
    ["six", six, "malformed: keys"],
    ["one twice", [ROOTS.old.publicKey, ROOTS.old.publicKey], "malformed: keys"],
    ["two of one kid", [ROOTS.twin.publicKey, ROOTS.otherTwin.publicKey], "malformed: keys"],
    ...Object.entries(UNSOUND).map(([name, key]) => [name, [key], "malformed: keys"] as [string, Uint8Array[], string]),
  ])("%s", (_, roots, code) => {
    expect(outcome(() => openKeyList(new Uint8Array(0), { issuer: ISSUER, roots, held: () => null }))).toBe(code);
  });
});

describe("what a list costs: points of the curve that are looked at, at a scalar multiplication each", () => {
  const sound = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => encode(multiply(BASE, BigInt(from + i))));
  const costOf = (document: Uint8Array, issuer: string) => {
    const looked = vi.spyOn(Point, "fromBytes");
    const verdict = outcome(() => openKeyList(document, { issuer, roots: [ROOTS.old.publicKey], held: () => null }));
    const points = looked.mock.calls.length;
    looked.mockRestore();
    return { verdict, points };
  };

  test.each(["keys: 1,899 roots named", "keys: 1,400 keys listed"])("%s: none but the one that is pinned", (name) => {
    const found = vectors.documentsLarge.find((one) => one.name === name);
    const cost = costOf(bytesOf(found?.document ?? ""), vectors.given.issuer);
    expect(cost).toEqual({ verdict: "malformed: payload", points: 1 });
  });

  test("the most that there may be", async () => {
    const keys = sound(64, 2).map((publicKey) => ({ use: "vouchers", publicKey, from: NOW, to: NOW + DAY }) as const);
    const times = { issuedAt: NOW, expiresAt: NOW + DAY, grace: 0 };
    const list = { issuer: ISSUER, version: 1, ...times, keys, roots: sound(4, 100) };
    const cost = costOf(await signKeyList(list, { root: ROOTS.old }), ISSUER);
    expect(cost).toEqual({ verdict: "accepted", points: 1 + 64 + 4 });
  });
});

function outcome(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    return codeOf(error);
  }
}
