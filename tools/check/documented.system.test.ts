import { expect, test } from "vitest";
import { checkDocumented } from "./documented.ts";

const treeOf = (files: Readonly<Record<string, string>>) => ({
  files: Object.keys(files).sort(),
  read: (path: string) => files[path] ?? "",
});

const room = {
  "packages/door/src/index.ts":
    '/** Locks. */\nexport const lock = 1;\nexport { open, type Key as DoorKey } from "./open.ts";',
  "packages/door/src/open.ts":
    "/** Opens. */\nexport function open(): void {}\n/** Turns. */\nexport interface Key {}\nexport const unseen = 1;",
};
const explain = (index: string) => checkDocumented(treeOf({ ...room, "packages/door/src/index.ts": index })).faults;

test("an export is explained where it is declared", () => {
  expect(checkDocumented(treeOf(room))).toEqual({ faults: [], note: "3 exports at 1 doors explained" });
});

test.each([
  ['export { unseen } from "./open.ts";', "packages/door/src/open.ts:5: unseen is exported"],
  ['export { unseen as open } from "./open.ts";', "packages/door/src/open.ts:5: open is exported"],
  ['export { gone } from "./open.ts";', "packages/door/src/index.ts:1: gone is exported"],
  ['export { open } from "./gone.ts";', "packages/door/src/index.ts:1: open is exported"],
  ['export { open } from "@doorproof/voucher/codec";', "packages/door/src/index.ts:1: open is exported"],
  ['export * from "./open.ts";', "packages/door/src/index.ts:1: all of ./open.ts is exported"],
  ["export type Lock = 1;", "packages/door/src/index.ts:1: Lock is exported"],
  ["// Locks.\nexport class Lock {}", "packages/door/src/index.ts:2: Lock is exported"],
  ["/* Locks. */\nexport class Lock {}", "packages/door/src/index.ts:2: Lock is exported"],
  ["/** */\nexport class Lock {}", "packages/door/src/index.ts:2: Lock is exported"],
  ["/** Of another. */\nconst key = 1;\nexport const lock = key;", "packages/door/src/index.ts:3: lock is exported"],
  ["const key = 1;", "packages/door/src/index.ts: exports nothing"],
])("%s", (index, fault) => {
  const faults = explain(index);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});
