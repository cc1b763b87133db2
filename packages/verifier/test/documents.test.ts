import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf, expectRefusal } from "../../voucher/test/refuses.ts";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { bytesOf } from "../../voucher/vectors/octets.ts";
import { type KeySet, openKeyList, openManifest, openRevocations, readCoseKeys } from "../src/index.ts";
import { countingKeys, vectors } from "./world.ts";

// The verdicts stand in documents.json; here is what no single case shows.

const { given, documents } = vectors;
const roots = [fromHex(given.testKeys["root"]?.publicKey ?? "")];
const held = () => null;
const { issuer } = given;
const listed = given.keySets["listed"];
const keys = openKeyList(fromHex(listed && "keyList" in listed ? listed.keyList : ""), { issuer, roots, held });

const READERS: Record<string, (document: Uint8Array, set: KeySet) => unknown> = {
  keys: (document) => openKeyList(document, { issuer, roots, held }),
  revocations: (document, set) => openRevocations(document, { keys: set, held }),
  manifest: (document, set) => openManifest(document, { keys: set, route: "route-7", held }),
};

describe.each(Object.entries(READERS))("%s", (kind, read) => {
  const good = documents
    .filter((one) => one.read === kind && "accepted" in one.expect)
    .map(({ document }) => bytesOf(document));

  test.each(
    [
      ["keys", 64 * 1024],
      ["revocations", 16 * 1024 * 1024],
      ["manifest", 512 * 1024],
    ].filter(([name]) => name === kind),
  )("%s over %i bytes: refused before the first read", (_, cap) => {
    expectRefusal("malformed: length", () => read(onlyLength(Number(cap) + 1), keys));
  });

  test("altered bytes end in a Refusal, after at most one signature check", () => {
    const altered = fc
      .tuple(fc.constantFrom(...good), fc.nat(2000), fc.uint8Array({ maxLength: 2 }), fc.nat(2))
      .map(([bytes, at, insert, remove]) =>
        Uint8Array.of(...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove)),
      );
    fc.assert(
      fc.property(fc.oneof(altered, fc.uint8Array({ maxLength: 400 })), (document) => {
        const counted = countingKeys(keys, null);
        if (good.some((bytes) => Buffer.compare(bytes, document) === 0)) return;
        expect(outcome(() => read(document, counted.keys))).not.toBe("accepted");
        expect(counted.checks()).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe("any payload, were its signature good", () => {
  const set = countingKeys(keys, true).keys;
  test.each(["revocations", "manifest"])("%s: accepted or a Refusal", (kind) => {
    const documentKeys = [...set.keys.values()].filter(({ use }) => use === "documents");
    expect(documentKeys.length).toBeGreaterThan(0);
    const trusting: KeySet = {
      ...keys,
      keys: new Map(documentKeys.map((key) => [key.kid, { ...key, verify: () => true }])),
    };
    const good = documents
      .filter((one) => one.read === kind && "accepted" in one.expect)
      .map(({ document }) => bytesOf(document));
    const altered = fc
      .tuple(fc.constantFrom(...good), fc.nat(2000), fc.integer({ min: 1, max: 255 }))
      .map(([bytes, at, mask]) => bytes.map((byte, i) => (i === at ? byte ^ mask : byte)));
    const seen = new Set<string>();
    fc.assert(
      fc.property(altered, (document) => void seen.add(outcome(() => READERS[kind]?.(document, trusting)))),
      { numRuns: 3000 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(["accepted", "malformed: frame", "malformed: payload"]));
  });
});

test("a bare set opens no document: it names no key for documents", () => {
  const cose = given.keySets["cose"];
  const bare = readCoseKeys(bytesOf(cose && "coseKeys" in cose ? cose.coseKeys : ""), { issuer });
  const manifest = given.manifests["route-7"]?.document ?? "";
  expectRefusal("unknown-key", () => openManifest(fromHex(manifest), { keys: bare, route: "route-7", held }));
  expect(bare.list).toBeNull();
});

test("what is held is asked for by the kid that signed", () => {
  const asked: string[] = [];
  const remember = (kid: string) => {
    asked.push(kid);
    return null;
  };
  openRevocations(fromHex(given.revocations["current"] ?? ""), { keys, held: remember });
  expect(asked).toEqual([given.testKeys["document"]?.kid]);
});

test("a list's windows and uses come with its keys", () => {
  expect(keys.list?.version).toBe(3);
  const uses = Object.fromEntries([...keys.keys].map(([kid, { use }]) => [kid, use]));
  const kid = (name: string) => given.testKeys[name]?.kid ?? "";
  expect(uses).toEqual({
    [kid("voucher")]: "vouchers",
    [kid("brief")]: "vouchers",
    [kid("revoked")]: "vouchers",
    [kid("document")]: "documents",
    [kid("nextDocument")]: "documents",
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

/** Bytes that may be counted and not looked at. */
function onlyLength(length: number): Uint8Array {
  return new Proxy(new Uint8Array(0), {
    get(_, property) {
      if (property === "length") return length;
      throw new Error(`${String(property)} was read`);
    },
  });
}
