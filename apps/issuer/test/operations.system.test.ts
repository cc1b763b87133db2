import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "@doorproof/voucher/codec";
import { expect, test } from "vitest";
import { inspectSecrets, keysDirOf, newestSigningKey, readCodeSecrets, readPhoneNumber } from "../src/operations.ts";
import { makeWorld } from "./sqlite-world.ts";
import { DAY, makeFolder, T0 } from "./world.ts";

// What the command line takes from the issuer, so that both say the same of a number, a secret and a key.

test.each([
  { phone: "+447700900123", country: null, read: { number: "+447700900123" } },
  { phone: "07700 900123", country: "GB", read: { number: "+447700900123" } },
  { phone: "07700 900123", country: null, read: { fault: { code: "phone" } } },
  { phone: "+447700900123 ext 5", country: null, read: { fault: { code: "phone" } } },
  { phone: "07700 900123 or so", country: "GB", read: { fault: { code: "phone" } } },
  { phone: "+442079460123", country: null, read: { fault: { code: "phone-fixed-line" } } },
  { phone: "07700 900123", country: "XX", read: { fault: { code: "country" } } },
])("$phone in $country", ({ phone, country, read }) => {
  expect(readPhoneNumber(phone, country)).toMatchObject(read);
});

test.each([
  { environment: {}, folder: "./keys" },
  { environment: { KEYS_DIR: "" }, folder: "./keys" },
  { environment: { KEYS_DIR: "/srv/keys" }, folder: "/srv/keys" },
])("the key folder of $environment", ({ environment, folder }) => {
  expect(keysDirOf(environment)).toBe(folder);
});

test("the newest key of a folder signs, of those whose window covers the time", async () => {
  const { folder, deps } = await makeWorld();
  const keysDir = join(folder, "keys");
  const at = { use: "vouchers", now: T0, until: T0 + DAY } as const;
  const found = newestSigningKey(keysDir, at);
  expect(found && toHex(found.key.kid)).toBe(toHex(deps.keyring.voucherKey({ now: T0, expiresAt: T0 + DAY }).key.kid));
  expect(newestSigningKey(keysDir, { ...at, now: T0 - DAY })).toBeUndefined();
});

test("a code secret comes from the environment, a file, or the folder, and no other secret is asked for", async () => {
  const { folder, deps } = await makeWorld();
  const keysDir = join(folder, "keys");
  const [one, other] = ["1".repeat(64), "2".repeat(64)];
  const file = join(folder, "code-secret");
  writeFileSync(file, `${other}\n`);
  const codes = (environment: NodeJS.ProcessEnv, dir = keysDir) => readCodeSecrets(environment, dir).map(toHex);
  expect(readCodeSecrets({}, keysDir)).toEqual(deps.secrets.codes);
  expect(codes({ CODE_SECRET: `${one},${other}` })).toEqual([one, other]);
  expect(codes({ CODE_SECRET_FILE: file })).toEqual([other]);
  expect(codes({ CODE_SECRET: one }, makeFolder())).toEqual([one]);
  expect(() => codes({ CODE_SECRET: one, CODE_SECRET_FILE: file })).toThrow(/CODE_SECRET: given twice/);
  expect(() => codes({ CODE_SECRET: "short" })).toThrow(/CODE_SECRET: 32 random bytes/);
  expect(() => codes({}, makeFolder())).toThrow(/CODE_SECRET: missing/);
  expect(inspectSecrets({}, keysDir)).toEqual({ secrets: deps.secrets, faults: [] });
  rmSync(join(keysDir, "private", "secrets.env"));
  expect(inspectSecrets({}, keysDir).faults).toHaveLength(3);
});
