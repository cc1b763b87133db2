import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { MAX_RECORDS } from "@doorproof/api/lists";
import envSchema from "env-schema";
import Type, { type Static } from "typebox";
import { ConfigError } from "./config-error.ts";
import type { Retention } from "./domain/personal-data/index.ts";
import type { Secrets } from "./domain/ports.ts";
import { readSecrets, splitList } from "./secrets.ts";

export { ConfigError } from "./config-error.ts";

/** The environment, read once. Paths are as given, relative to where the program was started. */
export interface Config {
  /**
   * Where links point, without a trailing slash. Never taken from a request: whoever writes the Host header would write
   * our SMS.
   */
  readonly publicUrl: string;
  /** True with a PUBLIC_URL of https. Keys and secrets are then never made up: without them the start is refused. */
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly keysDir: string;
  readonly smsGateway: "log" | "none";
  /** Days after a delivery's end for which what is about a person is kept. */
  readonly retention: Retention;
  /** The API's description is open to everybody. */
  readonly publicDocs: boolean;
  /** Proxies whose X-Forwarded-For is believed, as CIDR. */
  readonly trustProxy: readonly string[];
  readonly logLevel: LogLevel;
  /** ISO 3166, for numbers without +. */
  readonly defaultCountry: string | null;
  /** Records that a device, or an API key, may report in an hour. */
  readonly recordsAnHour: number;
  /** KEYS_DIR holds a published key list. */
  readonly hasKeys: boolean;
  /** null only on localhost, before the first start has made them. */
  readonly secrets: Secrets | null;
}

export type LogLevel = NonNullable<Static<typeof Environment>["LOG_LEVEL"]>;

const Environment = Type.Object({
  PUBLIC_URL: Type.Optional(Type.String({ format: "public-url" })),
  HOST: Type.String({ format: "host", default: "127.0.0.1" }),
  PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080 }),
  DATA_DIR: Type.String({ default: "./data" }),
  KEYS_DIR: Type.String({ default: "./keys" }),
  SMS_GATEWAY: Type.Enum(["log", "none"], { default: "log" }),
  RETAIN_PHONE_DAYS: Type.Integer({ minimum: 1, maximum: 3650, default: 14 }),
  RETAIN_NAMES_DAYS: Type.Integer({ minimum: 1, maximum: 3650, default: 90 }),
  PUBLIC_DOCS: Type.Optional(Type.Enum(["on", "off"])),
  TRUST_PROXY: Type.String({ format: "cidr-list", default: "" }),
  LOG_LEVEL: Type.Optional(Type.Enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])),
  DEFAULT_COUNTRY: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })),
  // One full upload, or it could never be taken.
  RECORDS_PER_HOUR: Type.Integer({ minimum: MAX_RECORDS, maximum: 1_000_000, default: 5000 }),
});

const EXPECTED: Readonly<Record<string, string>> = {
  PUBLIC_URL: "https://NAME, or http://localhost:PORT for trials; no path, no user",
  HOST: "an IP address or a host name, as 127.0.0.1",
  PORT: "a number from 1 to 65535",
  SMS_GATEWAY: "log, or none",
  RETAIN_PHONE_DAYS: "days, from 1 to 3650",
  RETAIN_NAMES_DAYS: "days, from 1 to 3650",
  PUBLIC_DOCS: "on or off",
  TRUST_PROXY: "addresses of proxies with commas between, as 10.0.0.0/8,::1",
  LOG_LEVEL: "fatal, error, warn, info, debug, trace or silent",
  DEFAULT_COUNTRY: "two capital letters, as GB",
  RECORDS_PER_HOUR: `a number from ${MAX_RECORDS} to 1000000`,
};

const FORMATS = { "public-url": isPublicUrl, host: isHost, "cidr-list": isCidrList };

/**
 * @throws {ConfigError} with everything that is wrong, not only the first of it
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const variables = withoutEmpty(environment);
  const faults: string[] = [];
  const values = readValues(variables, faults);
  const keysDir = keysDirOf(environment);
  const publicUrl = variables["PUBLIC_URL"]?.replace(/\/$/, "") ?? `http://localhost:${values?.PORT ?? 8080}`;
  const production = publicUrl.startsWith("https:");
  const hasKeys = existsSync(join(keysDir, "keys.cose"));
  const secrets = readSecrets(variables, { keysDir, required: production || hasKeys, faults });

  if (variables["DATABASE_URL"] !== undefined) {
    faults.push(
      "DATABASE_URL: this version keeps its data in SQLite, in DATA_DIR; PostgreSQL joins later. Leave it out",
    );
  }
  if (production && !hasKeys) {
    faults.push(`KEYS_DIR: no keys in ${keysDir}. Make them with: doorproof keys init --dir ${keysDir} --issuer NAME`);
  }
  if (faults.length > 0 || values === null) throw new ConfigError(faults);
  return {
    publicUrl,
    production,
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    keysDir,
    smsGateway: values.SMS_GATEWAY,
    retention: { phoneDays: values.RETAIN_PHONE_DAYS, nameDays: values.RETAIN_NAMES_DAYS },
    publicDocs: values.PUBLIC_DOCS === undefined ? !production : values.PUBLIC_DOCS === "on",
    trustProxy: splitList(values.TRUST_PROXY),
    logLevel: values.LOG_LEVEL ?? (production ? "info" : "warn"),
    defaultCountry: values.DEFAULT_COUNTRY ?? null,
    recordsAnHour: values.RECORDS_PER_HOUR,
    hasKeys,
    secrets,
  };
}

/** KEYS_DIR, or ./keys; an empty value counts as none. */
export function keysDirOf(environment: NodeJS.ProcessEnv): string {
  return environment["KEYS_DIR"] || "./keys";
}

function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""));
}

function readValues(variables: NodeJS.ProcessEnv, faults: string[]): Static<typeof Environment> | null {
  try {
    return envSchema<Static<typeof Environment>>({
      // A copy, because envSchema changes the schema that it is handed.
      schema: { ...Environment },
      data: variables,
      env: false,
      ajv: {
        customOptions(ajv) {
          for (const [name, validate] of Object.entries(FORMATS)) ajv.addFormat(name, validate);
          return ajv;
        },
      },
    });
  } catch (error) {
    if (!hasSchemaErrors(error)) throw error;
    const names = new Set(error.errors.map(({ instancePath }) => instancePath.slice(1)));
    for (const name of names) faults.push(`${name}: ${EXPECTED[name] ?? "not understood"}`);
    return null;
  }
}

function hasSchemaErrors(error: unknown): error is Error & { errors: readonly { instancePath: string }[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

// Over plain http, links can be read by everybody on the same network; on this machine alone there is nobody else.
function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(text);
  if (pathname !== "/" || search || hash || username || password) return false;
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}

function isHost(text: string): boolean {
  return (
    isIP(text) !== 0 || /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text)
  );
}

function isCidrList(text: string): boolean {
  return splitList(text).every((entry) => {
    const [address = "", prefix, ...rest] = entry.split("/");
    const bits = isIP(address) === 4 ? 32 : 128;
    // A prefix of 0 would believe everybody's header.
    const fits = prefix === undefined || (/^[1-9][0-9]{0,2}$/.test(prefix) && Number(prefix) <= bits);
    return isIP(address) !== 0 && fits && rest.length === 0;
  });
}
