import type { DocumentCase } from "../schema.ts";
import { type Bytes, fromHex, hex } from "./bytes.ts";
import { add, BASE, encode, multiply, scalarOf, T8 } from "./curve.ts";
import { reading } from "./document-case.ts";
import { HOUR, KEYS, keyListPayload, NO_POINT_TWIN, NOW } from "./given.ts";
import { document, type TestKey } from "./make.ts";

// Whom a reader pins (docs/format.md section 5): what a pinned set may be, which is judged before a list is looked at,
// and what a list makes of it.

export function pinnedRoots(): DocumentCase[] {
  return [...pinnedSets(), ...followed(), ...bounds()];
}

const ROOTS = {
  root: KEYS.root.publicKey,
  next: KEYS.nextRoot.publicKey,
  third: KEYS.foreign.publicKey,
  fourth: KEYS.brief.publicKey,
  fifth: KEYS.rfc8032.publicKey,
  sixth: KEYS.revoked.publicKey,
  twin: KEYS.twin.publicKey,
  otherTwin: KEYS.otherTwin.publicKey,
  soundTwin: KEYS.soundTwin.publicKey,
  noPointTwin: NO_POINT_TWIN,
  identity: Uint8Array.of(1, ...new Uint8Array(31)),
  eighth: encode(T8),
  torsion: encode(add(multiply(BASE, scalarOf(KEYS.voucher.seed)), T8)),
  noncanonical: fromHex(`ee${"ff".repeat(30)}7f`),
  noPoint: Uint8Array.of(2, ...new Uint8Array(31)),
} as const;
type Name = keyof typeof ROOTS;

const UNSOUND = ["identity", "eighth", "torsion", "noncanonical", "noPoint"] as const;

const publicKeys = (names: readonly Name[]): readonly Bytes[] => names.map((name) => ROOTS[name]);
const pins = (names: readonly Name[]) => ({ roots: publicKeys(names).map(hex) });
const listNaming = (named: readonly Name[], signer: TestKey = KEYS.root): Bytes =>
  document("keys", keyListPayload({ roots: publicKeys(named) }), signer);
const TAKEN = { version: 3, issuedAt: NOW - HOUR };

function pinnedSets(): DocumentCase[] {
  const good = listNaming(["root"]);
  const refused = (name: string, pinned: readonly Name[], list = good): DocumentCase =>
    reading("keys", name, list, "malformed: keys", pins(pinned));
  return [
    reading("keys", "no root is pinned", good, "unknown-key", pins([])),
    ...UNSOUND.map((name) =>
      refused(`beside the root that signed it one is pinned that is no key: ${name}`, ["root", name]),
    ),
    refused("a pinned root that is no key, before the one that signed", ["noPoint", "root"]),
    refused("the same root pinned twice", ["root", "root"]),
    refused(
      "two pinned roots of one kid, and a list by one of them",
      ["twin", "otherTwin"],
      listNaming(["twin"], KEYS.twin),
    ),
    refused(
      "two pinned roots of one kid, and a list by the other",
      ["twin", "otherTwin"],
      listNaming([], KEYS.otherTwin),
    ),
    refused("two pinned roots of one kid, and a list by a third", ["root", "twin", "otherTwin"]),
    reading("keys", "five roots are pinned", good, { ...TAKEN, pinned: [ROOTS.root] }, pins(FIVE)),
    refused("six roots are pinned", [...FIVE, "sixth"]),
    refused("a pinned root that is no key, and a list of an unknown root", ["noPoint"]),
    refused("a pinned root that is no key, and no document", ["noPoint"], new Uint8Array(0)),
    refused(
      "two pinned roots of one kid, and a list that is too long",
      ["twin", "otherTwin"],
      new Uint8Array(2 ** 16 + 1),
    ),
  ];
}

const FIVE = ["root", "next", "third", "fourth", "fifth"] as const;

function followed(): DocumentCase[] {
  return FOLLOWED.map(([name, pinned, signer, named, then]) =>
    reading("keys", name, listNaming(named, signer), { ...TAKEN, pinned: publicKeys(then) }, pins(pinned)),
  );
}

type Followed = readonly [
  name: string,
  pinned: readonly Name[],
  signer: TestKey,
  named: readonly Name[],
  then: readonly Name[],
];

const FOLLOWED: readonly Followed[] = [
  ["a root that names itself", ["root"], KEYS.root, ["root"], ["root"]],
  ["a root that names the next one beside itself", ["root"], KEYS.root, ["root", "next"], ["root", "next"]],
  ["a root that names the next one alone stays", ["root"], KEYS.root, ["next"], ["root", "next"]],
  ["the next root, which ends the one before", ["root", "next"], KEYS.nextRoot, ["next"], ["next"]],
  ["a successor that is taken back", ["root", "next"], KEYS.root, ["root"], ["root"]],
  ["a successor in the place of another", ["root", "next"], KEYS.root, ["root", "third"], ["root", "third"]],
  ["no root is named: the pins stay", ["root", "next"], KEYS.nextRoot, [], ["root", "next"]],
  ["no key is among the named: the pins stay", ["root", "next"], KEYS.nextRoot, UNSOUND.slice(0, 4), ["root", "next"]],
  ["a named root that is no key is passed over", ["root"], KEYS.root, ["noPoint", "next"], ["root", "next"]],
  ["a root that is named twice is pinned once", ["root"], KEYS.root, ["next", "root", "next"], ["root", "next"]],
  ["a named root with the kid of the signer", ["twin"], KEYS.twin, ["twin", "otherTwin"], ["twin"]],
  ["a named root with the kid of the signer, before it", ["twin"], KEYS.twin, ["otherTwin", "twin"], ["twin"]],
  ["with the kid of the signer, and another", ["twin", "root"], KEYS.twin, ["otherTwin", "next"], ["twin", "next"]],
  ["with the kid of the signer alone: the pins stay", ["twin", "root"], KEYS.twin, ["otherTwin"], ["twin", "root"]],
  ["two named roots of one kid: the first is pinned", ["root"], KEYS.root, ["twin", "otherTwin"], ["root", "twin"]],
  ["in the other order the other", ["root"], KEYS.root, ["otherTwin", "twin"], ["root", "otherTwin"]],
  ["the twin of a root that goes", ["root", "twin"], KEYS.root, ["otherTwin"], ["root", "otherTwin"]],
  ["the twin of a root that stays", ["root", "twin"], KEYS.root, ["twin", "otherTwin"], ["root", "twin"]],
  // The kid of an earlier one in `roots` decides, whatever that one is.
  [
    "the twin of one that is no key",
    ["root", "third"],
    KEYS.root,
    ["noPointTwin", "soundTwin", "next"],
    ["root", "next"],
  ],
  ["one that is no key, after its twin", ["root"], KEYS.root, ["soundTwin", "noPointTwin"], ["root", "soundTwin"]],
  [
    "the twin of one that is no key, alone: the pins stay",
    ["root", "third"],
    KEYS.root,
    ["noPointTwin", "soundTwin"],
    ["root", "third"],
  ],
];

function bounds(): DocumentCase[] {
  const many = (name: string, named: readonly Name[], expect: "malformed: payload" | readonly Name[]): DocumentCase =>
    reading(
      "keys",
      name,
      listNaming(named),
      typeof expect === "string" ? expect : { ...TAKEN, pinned: publicKeys(expect) },
    );
  return [
    many("four roots named", FIVE.slice(1), FIVE),
    many("five roots named", FIVE, "malformed: payload"),
    many(
      "five roots named, all the same",
      FIVE.map(() => "next" as const),
      "malformed: payload",
    ),
  ];
}
