import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "@doorproof/verify/verbs";

/**
 * The issuer's key folder, for verbs that write to its database.
 * @param folder another than the environment's
 * @throws {Failure} `inputOutput`: it holds none
 */
export function requireKeyFolder(
  environment: NodeJS.ProcessEnv,
  folder: string = environment["KEYS_DIR"] ?? "keys",
): string {
  if (existsSync(join(folder, "keys.cose"))) return folder;
  throw new Failure(
    "inputOutput",
    `${folder}: no keys there`,
    "KEYS_DIR names another folder; doorproof keys init makes keys",
  );
}
