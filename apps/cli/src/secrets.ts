import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Failure } from "@doorproof/verify/verbs";

const NAMES = ["CODE_SECRET", "LINK_SECRET", "DATA_SECRET"] as const;

/**
 * The issuer's secrets as texts: from the environment, from the file that NAME_FILE names, or from
 * `private/secrets.env` in the key folder. Never from a flag, where every other user of the machine reads it.
 */
export function readSecrets(
  environment: NodeJS.ProcessEnv,
  folder: string,
): { name: (typeof NAMES)[number]; text: string | undefined }[] {
  const path = join(folder, "private", "secrets.env");
  const kept = existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
  return NAMES.map((name) => {
    const file = environment[`${name}_FILE`];
    return { name, text: environment[name] ?? (file === undefined ? kept[name] : readFileSync(file, "utf8").trim()) };
  });
}

/**
 * The newest of the secrets that short codes are derived from.
 * @returns 32 bytes
 * @throws {Failure} `inputOutput`: nowhere, or not 64 hex digits
 */
export function readCodeSecret(environment: NodeJS.ProcessEnv, folder: string): Uint8Array {
  const { text } = readSecrets(environment, folder)[0] ?? {};
  const [newest] = text?.split(",") ?? [];
  if (newest === undefined) {
    const hint = "set CODE_SECRET to 64 hex digits, or run doorproof keys init";
    throw new Failure("inputOutput", `${join(folder, "private", "secrets.env")}: no CODE_SECRET`, hint);
  }
  if (!/^[0-9a-f]{64}$/i.test(newest.trim()))
    throw new Failure("inputOutput", "CODE_SECRET: not 32 bytes as 64 hex digits");
  return new Uint8Array(Buffer.from(newest.trim(), "hex"));
}
