import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";
import { makeFolder } from "./world.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const C = "c".repeat(64);
const D = "d".repeat(64);

const SECRETS = { CODE_SECRET: A, LINK_SECRET: B, DATA_SECRET: C };

/** Names of the settings that are found wanting, in order. */
function faults(environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((fault) => fault.split(":")[0] ?? "");
  }
}

function makeKeysDir({ secrets, mode = 0o600 }: { secrets?: string; mode?: number } = {}): string {
  const folder = makeFolder();
  mkdirSync(join(folder, "private"));
  writeFileSync(join(folder, "keys.cose"), "");
  if (secrets !== undefined) writeFileSync(join(folder, "private", "secrets.env"), secrets);
  if (secrets !== undefined) chmodSync(join(folder, "private", "secrets.env"), mode);
  return folder;
}

test("an empty environment is localhost, with everything at its default and nothing made yet", () => {
  const keysDir = join(makeFolder(), "keys");
  expect(readConfig({ KEYS_DIR: keysDir })).toEqual({
    publicUrl: "http://localhost:8080",
    production: false,
    host: "127.0.0.1",
    port: 8080,
    dataDir: "./data",
    keysDir,
    smsGateway: "log",
    retention: { phoneDays: 14, nameDays: 90 },
    publicDocs: true,
    trustProxy: [],
    logLevel: "warn",
    defaultCountry: null,
    recordsAnHour: 5000,
    hasKeys: false,
    secrets: null,
  });
});

test("an empty value is no value", () => {
  expect(readConfig({ KEYS_DIR: makeFolder(), PORT: "", PUBLIC_URL: "", DATABASE_URL: "", TRUST_PROXY: "" }).port).toBe(
    8080,
  );
});

test("localhost follows the port", () => {
  expect(readConfig({ KEYS_DIR: makeFolder(), PORT: "9000" }).publicUrl).toBe("http://localhost:9000");
});

test("production", () => {
  const keysDir = makeKeysDir({ secrets: `CODE_SECRET=${A}\nLINK_SECRET=${B}\nDATA_SECRET=${C}\n` });
  const config = readConfig({
    KEYS_DIR: keysDir,
    PUBLIC_URL: "https://dp.example/",
    HOST: "::",
    TRUST_PROXY: "10.0.0.0/8, ::1",
    DEFAULT_COUNTRY: "GB",
  });
  expect(config).toMatchObject({
    publicUrl: "https://dp.example",
    production: true,
    host: "::",
    trustProxy: ["10.0.0.0/8", "::1"],
    logLevel: "info",
    defaultCountry: "GB",
  });
  expect(config.secrets?.links).toEqual([new Uint8Array(32).fill(0xbb)]);
});

describe("each bad value is named", () => {
  test.each([
    [{ PORT: "http" }, ["PORT"]],
    [{ PORT: "0" }, ["PORT"]],
    [{ PORT: "65536" }, ["PORT"]],
    [{ PORT: "80.5" }, ["PORT"]],
    [{ HOST: "not a host" }, ["HOST"]],
    [{ PUBLIC_URL: "dp.example" }, ["PUBLIC_URL"]],
    [{ PUBLIC_URL: "http://dp.example" }, ["PUBLIC_URL"]],
    [{ PUBLIC_URL: "http://localhost.example:8080" }, ["PUBLIC_URL"]],
    [{ PUBLIC_URL: "http://localhost:8080/path" }, ["PUBLIC_URL"]],
    [{ PUBLIC_URL: "http://user:pass@localhost:8080" }, ["PUBLIC_URL"]],
    [{ PUBLIC_URL: "javascript:alert(1)" }, ["PUBLIC_URL"]],
    [{ SMS_GATEWAY: "twilio" }, ["SMS_GATEWAY"]],
    [{ PUBLIC_DOCS: "yes" }, ["PUBLIC_DOCS"]],
    [{ TRUST_PROXY: "true" }, ["TRUST_PROXY"]],
    [{ TRUST_PROXY: "0.0.0.0/0" }, ["TRUST_PROXY"]],
    [{ TRUST_PROXY: "10.0.0.0/33" }, ["TRUST_PROXY"]],
    [{ LOG_LEVEL: "loud" }, ["LOG_LEVEL"]],
    [{ DEFAULT_COUNTRY: "gb" }, ["DEFAULT_COUNTRY"]],
    [{ DATABASE_URL: "postgres://db/doorproof" }, ["DATABASE_URL"]],
    [{ ...SECRETS, CODE_SECRET: "hunter2" }, ["CODE_SECRET"]],
    [{ ...SECRETS, LINK_SECRET: `${B}${B}` }, ["LINK_SECRET"]],
    [{ ...SECRETS, DATA_SECRET: `${C} ${D}` }, ["DATA_SECRET"]],
    [{ ...SECRETS, DATA_SECRET: A }, ["CODE_SECRET, LINK_SECRET, DATA_SECRET"]],
    [{ CODE_SECRET: A, LINK_SECRET: B }, ["DATA_SECRET"]],
    [{ ...SECRETS, CODE_SECRET_FILE: "/nowhere" }, ["CODE_SECRET"]],
    [{ LINK_SECRET: B, DATA_SECRET: C, CODE_SECRET_FILE: "/nowhere" }, ["CODE_SECRET_FILE", "CODE_SECRET"]],
  ])("%o", (environment, expected) => {
    expect(faults({ KEYS_DIR: makeFolder(), ...environment })).toEqual(expected);
  });

  test("and all of them at once", () => {
    const environment = {
      KEYS_DIR: makeFolder(),
      PUBLIC_URL: "https://dp.example",
      PORT: "x",
      LOG_LEVEL: "loud",
      DATABASE_URL: "x",
      LINK_SECRET: "short",
    };
    expect(faults(environment).toSorted()).toEqual([
      "CODE_SECRET",
      "DATABASE_URL",
      "DATA_SECRET",
      "KEYS_DIR",
      "LINK_SECRET",
      "LOG_LEVEL",
      "PORT",
    ]);
  });

  test("and never repeated: it may be a secret in the wrong place", () => {
    const secret = "hunter2-hunter2";
    const environment = {
      KEYS_DIR: makeFolder(),
      ...Object.fromEntries(
        ["PORT", "PUBLIC_URL", "LINK_SECRET", "DATABASE_URL", "TRUST_PROXY"].map((name) => [name, secret]),
      ),
    };
    expect(() => readConfig(environment)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
    expect(faults(environment)).toContain("LINK_SECRET");
  });
});

describe("secrets", () => {
  test("come from the environment, from NAME_FILE, from the keys' folder, in this order", () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "link"), `${D}\n`);
    const keysDir = makeKeysDir({ secrets: `CODE_SECRET=${A}\nLINK_SECRET=${A}\nDATA_SECRET=${C}\n` });
    const { secrets } = readConfig({
      KEYS_DIR: keysDir,
      CODE_SECRET: `${B},${A}`,
      LINK_SECRET_FILE: join(folder, "link"),
    });
    const bytes = (digit: number) => new Uint8Array(32).fill(digit);
    expect(secrets).toEqual({ codes: [bytes(0xbb), bytes(0xaa)], links: [bytes(0xdd)], data: [bytes(0xcc)] });
  });

  test("are never made anew beside keys that exist, not even on localhost", () => {
    expect(faults({ KEYS_DIR: makeKeysDir() })).toEqual(["CODE_SECRET", "LINK_SECRET", "DATA_SECRET"]);
  });

  test("in a file that others can read are refused", () => {
    const keysDir = makeKeysDir({ secrets: `CODE_SECRET=${A}\nLINK_SECRET=${B}\nDATA_SECRET=${C}\n`, mode: 0o644 });
    expect(faults({ KEYS_DIR: keysDir })).toEqual(["KEYS_DIR"]);
  });
});
