import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { Refusal, readText } from "@doorproof/voucher";
import {
  bytesToSign,
  type DocumentKind,
  joinVoucher,
  readKeyList,
  readManifest,
  readPayload,
  readRevocationList,
  readSign1,
  splitVoucher,
  toHex,
  voucherBytesToSign,
  writeKeyList,
  writeManifest,
  writePayload,
  writeRevocationList,
  writeSign1,
  writeText,
} from "@doorproof/voucher/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CborItem, decodeCbor } from "../../voucher/src/cbor.ts";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { array, bstr, head, NULL, tstr, uint } from "../../voucher/vectors/generator/bytes.ts";
import { bytesOf } from "../../voucher/vectors/octets.ts";
import { openKeyList, openManifest, openRevocations, verifyVoucher } from "../src/index.ts";
import { NOW, vectors } from "./world.ts";

// What somebody with a key may sign: payloads changed by their structure and signed again, so that they come past the
// signature, where altered bytes end. FUZZ_RUNS=3000000 takes about an hour; another FUZZ_SEED tries something else.

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 3000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
/**
 * Milliseconds of CPU for one document; the first hundred warm up. Twice what our own code may take at a stretch, since a
 * millisecond is less on a machine that is shared.
 */
const MOST_CPU = 100;
/** Bytes: of a list of 64 keys each key is a point to be decoded, which is its price and not the change's. */
const LONGEST = 2048;

const { given, documents } = vectors;
const { issuer } = given;
const roots = [fromHex(given.testKeys["root"]?.publicKey ?? "")];
const held = () => null;
const listed = given.keySets["listed"];
const keys = openKeyList(fromHex(listed && "keyList" in listed ? listed.keyList : ""), { issuer, roots, held });
const privateKeys = new Map(Object.values(given.testKeys).map(({ kid, seed }) => [kid, privateKey(seed)]));

/** A kind of document, on the wire and inside: how it is opened, and its payload read and written again. */
interface Kind {
  readonly good: readonly Uint8Array[];
  /** Without what the format has readers skip. */
  meant(payload: CborItem): CborItem;
  payloadOf(bytes: Uint8Array): { readonly kid: Uint8Array; readonly payload: Uint8Array };
  resign(kid: Uint8Array, payload: Uint8Array): Uint8Array;
  open(bytes: Uint8Array): unknown;
  rewrite(payload: Uint8Array): Uint8Array;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "key list": document("keys", (bytes) => openKeyList(bytes, { issuer, roots, held }), {
    rewrite: (payload) => writeKeyList(readKeyList(payload)),
    meant: withoutOtherUses,
  }),
  "revocation list": document("revocations", (bytes) => openRevocations(bytes, { keys, held }), {
    rewrite: (payload) => writeRevocationList(readRevocationList(payload)),
    meant: (payload) => payload,
  }),
  manifest: document("manifest", (bytes) => openManifest(bytes, { keys, route: "route-7", held }), {
    rewrite: (payload) => writeManifest(readManifest(payload)),
    meant: (payload) => payload,
  }),
  voucher: {
    good: vectors.valid.map(({ text }) => readText(text)).filter((bytes) => known(splitVoucher(bytes).kid)),
    payloadOf: splitVoucher,
    resign(kid, payload) {
      return joinVoucher({ kid, payload, signature: signed(kid, voucherBytesToSign(kid, payload)) });
    },
    open: (bytes) => verifyVoucher(writeText(bytes), { keys: { ...keys, list: null }, now: NOW, delivery: null }),
    rewrite: (payload) => writePayload(readPayload(payload)),
    meant: (payload) => payload,
  },
};

test.each(Object.entries(KINDS))(
  `${RUNS} of each kind, changed and signed again: a Refusal, or the very bytes that it means: %s`,
  (_, { good, payloadOf, resign, open, rewrite, meant }) => {
    expect(good.length).toBeGreaterThan(0);
    const counts = { accepted: 0, refused: 0, runs: 0, dearest: 0 };
    fc.assert(
      fc.property(fc.nat(), fc.array(CHANGE, { minLength: 1, maxLength: 3 }), (which, changes) => {
        const { kid, payload } = payloadOf(good[which % good.length] ?? new Uint8Array());
        const changed = encode(changes.reduce(change, decodeCbor(payload, "document")));
        const bytes = resign(kid, changed);
        const isAccepted = isTaken(() => open(bytes));
        counts.runs++;
        if (counts.runs > 100)
          counts.dearest = Math.max(
            counts.dearest,
            cheapest(() => isTaken(() => open(bytes))),
          );
        counts[isAccepted ? "accepted" : "refused"]++;
        if (isAccepted) expect(toHex(rewrite(changed))).toBe(toHex(encode(meant(decodeCbor(changed, "document")))));
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    console.log(JSON.stringify(counts));
    expect(counts.accepted).toBeGreaterThan(5);
    expect(counts.refused).toBeGreaterThan(5);
    expect(counts.dearest).toBeLessThan(MOST_CPU);
  },
);

/** Milliseconds of CPU; of three runs while it looks dear, since a collection of garbage is nobody's cost. */
function cheapest(run: () => void): number {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least >= MOST_CPU; tries++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** @throws whatever is no Refusal: a crash */
function isTaken(open: () => unknown): boolean {
  try {
    open();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function document(kind: DocumentKind, open: Kind["open"], { rewrite, meant }: Pick<Kind, "rewrite" | "meant">): Kind {
  return {
    good: documents
      .filter((one) => one.read === kind && "accepted" in one.expect)
      .map((one) => bytesOf(one.document))
      .filter((bytes) => bytes.length < LONGEST && known(readSign1(kind, bytes).kid)),
    payloadOf: (bytes) => readSign1(kind, bytes),
    resign: (kid, payload) =>
      writeSign1(kind, { kid, payload, signature: signed(kid, bytesToSign(kind, kid, payload)) }),
    open,
    rewrite,
    meant,
  };
}

// A listed key of another use is skipped (docs/format.md section 5, "Growth").
function withoutOtherUses(payload: CborItem): CborItem {
  if (!Array.isArray(payload)) return payload;
  const isOfUse = (key: CborItem) => Array.isArray(key) && (key[0] === 1 || key[0] === 2);
  return payload.map((item, index) => (index === 5 && Array.isArray(item) ? item.filter(isOfUse) : item));
}

function known(kid: Uint8Array): boolean {
  return privateKeys.has(toHex(kid));
}

function signed(kid: Uint8Array, message: Uint8Array): Uint8Array {
  const key = privateKeys.get(toHex(kid));
  if (key === undefined) throw new Error("the vectors have no such key");
  return new Uint8Array(sign(null, message, key));
}

function privateKey(seed: string): KeyObject {
  const key = Buffer.from(`302e020100300506032b657004220420${seed}`, "hex");
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

interface Change {
  readonly do: "replace" | "drop" | "double" | "swap" | "near";
  /** Which node, counted from the top. */
  readonly at: number;
  readonly value: CborItem;
}

const VALUE: fc.Arbitrary<CborItem> = fc.oneof(
  fc.constantFrom<CborItem>(null, true, false, "", [], 0, 1, 23, 24, 2 ** 31, 2 ** 32 - 1, NOW),
  fc.nat(2 ** 32 - 1),
  fc.string({ unit: "binary", maxLength: 80 }).map((text) => text.toWellFormed()),
  fc.uint8Array({ maxLength: 64 }),
  fc.nat(40).map((depth) => Array.from({ length: depth }).reduce<CborItem>((inner) => [inner], [])),
);
const CHANGE: fc.Arbitrary<Change> = fc.record({
  do: fc.constantFrom("replace", "drop", "double", "swap", "near", "near"),
  at: fc.nat(60),
  value: VALUE,
});

function change(item: CborItem, { do: act, at, value }: Change): CborItem {
  let left = at % countNodes(item);
  const visit = (node: CborItem): CborItem[] => {
    if (left-- === 0) {
      if (act === "drop") return [];
      if (act === "double") return [node, node];
      if (act === "swap" && Array.isArray(node)) return [node.toReversed()];
      return [act === "near" ? nearTo(node, at) : value];
    }
    return Array.isArray(node) ? [node.flatMap(visit)] : [node];
  };
  return visit(item)[0] ?? null;
}

// One off: where a bound is tested with the wrong sign, this finds it.
function nearTo(node: CborItem, at: number): CborItem {
  if (typeof node === "number") return Math.max(0, Math.min(2 ** 32 - 1, node + (at % 2 === 0 ? 1 : -1)));
  if (typeof node === "string") return at % 2 === 0 ? `${node}a` : node.slice(1);
  if (node instanceof Uint8Array) return at % 2 === 0 ? node.map((byte) => byte ^ 1) : node.subarray(1);
  return node;
}

function countNodes(item: CborItem): number {
  return 1 + (Array.isArray(item) ? item.reduce((sum: number, one) => sum + countNodes(one), 0) : 0);
}

function encode(item: CborItem): Uint8Array {
  if (item === null) return NULL;
  if (typeof item === "boolean") return head(7, item ? 21 : 20);
  if (typeof item === "number") return uint(item);
  if (typeof item === "string") return tstr(item);
  if (item instanceof Uint8Array) return bstr(item);
  if (Array.isArray(item)) return array(...item.map(encode));
  throw new TypeError("a document holds no map");
}
