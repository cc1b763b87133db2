// KEYS_DIR holds for every verb that looks for keys: each is run where no folder `keys` is, and finds what another has put elsewhere.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "doorproof-keys-dir-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PHONE = ["--phone", "+447700900123", "--expires", "48h"];

/** In order: each stands on what those before it have left. */
const VERBS: readonly {
  readonly name: string;
  readonly words: readonly string[];
  readonly reads?: "voucher" | "stop";
}[] = [
  { name: "keys init", words: ["keys", "init", "--issuer", "demo.example"] },
  { name: "keys list", words: ["keys", "list", "--json"] },
  { name: "issue", words: ["issue", "--delivery", "A1", ...PHONE, "--json"] },
  { name: "seal", words: ["seal", "--route", "north-1", "--country", "GB", "-o", "manifest"], reads: "stop" },
  { name: "verify", words: ["verify", "-"], reads: "voucher" },
  { name: "open", words: ["open", "manifest", "--delivery", "A1", "--code", "CODE"] },
  { name: "keys publish", words: ["keys", "publish"] },
  { name: "keys rotate", words: ["keys", "rotate"] },
  { name: "api-key", words: ["api-key", "create", "--name", "desk", "--scope", "vouchers"] },
  { name: "device", words: ["device", "list"] },
  { name: "import", words: ["import", "deliveries.csv", "--dry-run"] },
  { name: "doctor", words: ["doctor"] },
];

describe("KEYS_DIR=elsewhere", () => {
  let issued = { voucher: "", shortCode: "" };

  it.each(VERBS)("$name", ({ name, words, reads }) => {
    writeFileSync(join(folder, "deliveries.csv"), "deliveryId,phone,expiresAt\n");
    const lines = { voucher: issued.voucher, stop: JSON.stringify(issued) };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [MAIN, ...words.map((word) => word.replace("CODE", issued.shortCode))],
      {
        cwd: folder,
        env: { ...COMPILE_CACHE, KEYS_DIR: "elsewhere" },
        input: reads ? `${lines[reads]}\n` : "",
        encoding: "utf8",
      },
    );
    expect(status, stderr).toBe(0);
    if (name === "issue") issued = JSON.parse(stdout);
  });

  it("is where they were, and nowhere else", () => {
    expect(readdirSync(join(folder, "elsewhere"))).toContain("keys.cose");
    expect(existsSync(join(folder, "keys"))).toBe(false);
  });
});
