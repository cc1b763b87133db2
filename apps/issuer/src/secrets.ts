import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { fromHex } from "@doorproof/voucher/codec";
import { ConfigError } from "./config-error.ts";
import type { Secrets } from "./domain/ports.ts";

const SECRET_NAMES = ["CODE_SECRET", "LINK_SECRET", "DATA_SECRET"] as const;
type SecretName = (typeof SECRET_NAMES)[number];

/**
 * The secrets as the issuer and the command line read them: from the environment, from the file that NAME_FILE names,
 * from KEYS_DIR/private/secrets.env, in this order. An empty variable counts as none.
 *
 * @param required false: if there is none of the three, that is no fault
 * @param faults what is wrong is added, a sentence each; none of them repeats a value
 * @returns null: not all three are there and of the right shape
 */
export function readSecrets(
  environment: NodeJS.ProcessEnv,
  { keysDir, required, faults }: { keysDir: string; required: boolean; faults: string[] },
): Secrets | null {
  const kept = readKept(keysDir, faults);
  const found = SECRET_NAMES.map((name) => ({ name, text: findSecret(environment, name, { kept, faults }) }));
  const absent = found.filter(({ text }) => text === undefined);
  if (absent.length === SECRET_NAMES.length && !required) return null;
  for (const { name } of absent) faults.push(missing(name, keysDir));
  const wrong = found.filter(({ text }) => text !== undefined && !SHAPE.test(text));
  for (const { name } of wrong) faults.push(malformed(name));
  const [codes, links, data] = found.map(({ text }) => splitList(text ?? ""));
  if (absent.length + wrong.length > 0 || !codes || !links || !data) return null;
  const all = [...codes, ...links, ...data].map((secret) => secret.toLowerCase());
  if (new Set(all).size !== all.length) faults.push("CODE_SECRET, LINK_SECRET, DATA_SECRET: one secret stands twice");
  return { codes: codes.map(fromHex), links: links.map(fromHex), data: data.map(fromHex) };
}

/**
 * The same, for whoever looks whether an issuer could start here.
 * @returns secrets null: see `faults`, a sentence each
 */
export function inspectSecrets(
  environment: NodeJS.ProcessEnv,
  keysDir: string,
): { readonly secrets: Secrets | null; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const secrets = readSecrets(environment, { keysDir, required: true, faults });
  return { secrets, faults };
}

/**
 * Those that short codes are derived from, for whoever signs with no database and needs no other secret.
 * @returns newest first, 32 bytes each
 * @throws {ConfigError} CODE_SECRET is missing or cannot be used
 */
export function readCodeSecrets(environment: NodeJS.ProcessEnv, keysDir: string): readonly Uint8Array[] {
  const faults: string[] = [];
  const text = findSecret(environment, "CODE_SECRET", { kept: readKept(keysDir, faults), faults });
  if (text === undefined) faults.push(missing("CODE_SECRET", keysDir));
  else if (!SHAPE.test(text)) faults.push(malformed("CODE_SECRET"));
  if (text === undefined || faults.length > 0) throw new ConfigError(faults);
  return splitList(text).map(fromHex);
}

/** Newest first: the first makes what is new, any opens what is there. */
const SHAPE = /^[0-9a-f]{64}(?:,[0-9a-f]{64})*$/i;

function readKept(keysDir: string, faults: string[]): NodeJS.ProcessEnv {
  const path = keptIn(keysDir);
  if (!existsSync(path)) return {};
  if (statSync(path).mode & 0o077) faults.push(`KEYS_DIR: ${path} can be read by others: chmod 600 it`);
  return parseEnv(readFileSync(path, "utf8"));
}

function keptIn(keysDir: string): string {
  return join(keysDir, "private", "secrets.env");
}

function findSecret(
  environment: NodeJS.ProcessEnv,
  name: SecretName,
  { kept, faults }: { kept: NodeJS.ProcessEnv; faults: string[] },
): string | undefined {
  const value = environment[name] || undefined;
  const path = environment[`${name}_FILE`] || undefined;
  if (path === undefined) return value ?? kept[name];
  if (value !== undefined) {
    faults.push(`${name}: given twice, here and in ${name}_FILE`);
    return value;
  }
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    faults.push(`${name}_FILE: ${path} cannot be read`);
    return kept[name];
  }
}

// Never made anew where there are keys: what the older secret encrypted would be lost, and nobody told.
function missing(name: SecretName, keysDir: string): string {
  return `${name}: missing. Restore ${keptIn(keysDir)}, or set ${name} (64 hex digits) or ${name}_FILE`;
}

function malformed(name: SecretName): string {
  return `${name}: 32 random bytes as 64 hex digits, newest first with commas between`;
}

/** @param text with commas between; what is empty does not count */
export function splitList(text: string): string[] {
  return text.split(",").flatMap((entry) => entry.trim() || []);
}
