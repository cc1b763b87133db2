import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { doorproof } from "../src/party.ts";

test("while a party's command runs, the story goes on hearing: a connection that the issuer closes is noticed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doorproof-demo-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  vi.spyOn(console, "log").mockReturnValue(undefined);
  let heard = 0;
  const timer = setInterval(() => {
    heard += 1;
  }, 1);
  onTestFinished(() => clearInterval(timer));

  const party = { name: "courier", folder, environment: COMPILE_CACHE, node: process.execPath };
  const { status } = await doorproof(party, ["--help"], { quiet: true });

  expect(status).toBe(0);
  expect(heard).toBeGreaterThan(0);
});
