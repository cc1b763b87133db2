import { type SigningKey, signKeyList } from "@doorproof/signer";
import { keyId, toHex } from "@doorproof/voucher/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../voucher/test/refuses.ts";
import { add, BASE, encode, multiply, scalarOf, T8 } from "../../voucher/vectors/generator/curve.ts";
import { type Held, openKeyList } from "../src/index.ts";
import { DAY, NOW, vectorKey, vectors } from "./world.ts";

// Whom a reader pins after a key list (docs/format.md section 5): a root goes when another one signs, and no list
// leaves a reader without one.

const ISSUER = "acme";
const ROOTS = {
  old: vectorKey("root", "root"),
  new: vectorKey("nextRoot", "root"),
  third: vectorKey("foreign", "root"),
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
    [["old"], "old", [...Object.keys(UNSOUND), "new"], ["old", "new"]],
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
        try {
          roots = openKeyList(document, pins()).roots;
          held.set(toHex(keyId(ROOTS[signer].publicKey)), { version, document });
          taken += 1;
        } catch (error) {
          expect(codeOf(error)).toBe(isPinned ? "older-document" : "unknown-key");
          continue;
        }
        expect(namesOf(roots)).toContain(signer);
        expect(openKeyList(document, pins()).roots).toEqual(roots);
        const next = await listOf(ROOTS[signer], [signer], 99);
        expect(namesOf(openKeyList(next, pins()).roots)).toEqual([signer]);
      }
    }),
    { numRuns: 60 },
  );
  expect(taken).toBeGreaterThan(30);
});
