// The pages tell how to check a key with what every machine has. Each command is run as it stands there, and must say what the program says.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyFile, publicKeyPem } from "@doorproof/signer";
import { writeJwks } from "@doorproof/voucher";
import { fingerprint, keyId, toHex } from "@doorproof/voucher/codec";
import { afterAll, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "doorproof-by-hand-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Enough for each of base64's signs, those of its URL form among them.
const make = (name: string, use: "vouchers" | "root") => {
  mkdirSync(join(folder, name), { recursive: true });
  return createKeyFile(join(folder, name), { use, taken: new Set() }).publicKey;
};
const vouchers = Array.from({ length: 13 }, () => make("private", "vouchers"));
const [root, next] = [make("STICK", "root"), make("stick2", "root")];
writeFileSync(join(folder, "jwks.json"), JSON.stringify(writeJwks("demo.example", vouchers), null, 2));
writeFileSync(join(folder, "root.pub.pem"), publicKeyPem(root) + publicKeyPem(next));

const commands = ["docs/couriers.md", "keys/README.md"].flatMap((page) =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, command = ""]) => [page, command] as const,
  ),
);

it("is told for each file", () => {
  const files = ["jwks.json", "root.pub.pem", "STICK/root.pem", "root.pub.pem"];
  expect(commands.map(([, command]) => files.find((file) => command.includes(file)))).toEqual(files);
});

const [byOpenssl, byCoreutils] = [true, false].map((is) =>
  commands.filter(([, text]) => text.includes("openssl") === is),
);

it.each(byCoreutils ?? [])("%s: %s", (_, command) => {
  const isSet = command.includes("jwks.json");
  runs(command, isSet ? vouchers : [root, next]);
  if (!isSet) return;
  writeFileSync(join(folder, "jwks.json"), JSON.stringify(writeJwks("demo.example", vouchers)));
  runs(command, vouchers);
});

it.for(byOpenssl ?? [])("%s: %s", ([, command], { skip }) => {
  skip(spawnSync("openssl", ["version"]).status !== 0, "no-openssl");
  runs(command, [root]);
});

function runs(command: string, expected: readonly Uint8Array[]): void {
  for (const shell of ["sh", "bash"]) {
    const { stdout, stderr } = spawnSync(shell, ["-c", command], { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toEqual(expected.map((key) => `${fingerprint(key)}  -`));
  }
}

it("the kid is the fingerprint's beginning", () => {
  for (const key of [...vouchers, root]) expect(fingerprint(key).slice(0, 8)).toBe(toHex(keyId(key)));
});
