import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure, keyFolder } from "@doorproof/verify/verbs";

/**
 * The issuer's key folder: what goes into its database is signed by the keys beside it.
 * @param named another than the environment's
 * @throws {Failure} `inputOutput`: it holds none
 */
export function requireKeyFolder(environment: NodeJS.ProcessEnv, named?: string): string {
  const folder = keyFolder(environment, named);
  if (existsSync(join(folder, "keys.cose"))) return folder;
  throw new Failure(
    "inputOutput",
    `${folder}: no keys there`,
    "KEYS_DIR names another folder; doorproof keys init makes keys",
  );
}

/** Where the issuer's database lies. An empty DATA_DIR is none, as for the issuer. */
export function dataFolder(environment: NodeJS.ProcessEnv): string {
  return environment["DATA_DIR"] || "data";
}

/** ISO 3166, for numbers without +. */
export function defaultCountry(environment: NodeJS.ProcessEnv): string | undefined {
  return environment["DEFAULT_COUNTRY"] || undefined;
}
