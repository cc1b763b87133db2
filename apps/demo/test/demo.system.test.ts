import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");

test("the whole job is told, each step as it happened, and ends well", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN], { encoding: "utf8", env: COMPILE_CACHE });

  expect(stderr).toBe("");
  expect(status).toBe(0);
  const told = [
    "valid ",
    "wrong-delivery",
    "bad-signature",
    "unknown-key",
    "code-mistyped",
    "wrong-code",
    "accepted",
    "conflict",
    "Delivered",
  ];
  const found = told.map((word) => stdout.indexOf(word));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
});
