import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The issuer's key folder on this machine: the one that was named, else KEYS_DIR, else `keys`. Every verb asks here, so
 * that none looks for keys where another did not put them. An empty KEYS_DIR is none, as for the issuer.
 */
export function keyFolder(environment: NodeJS.ProcessEnv, named?: string): string {
  return named ?? (environment["KEYS_DIR"] || "keys");
}

/**
 * What a key folder answers with when no file is named: the root-signed list, and the revocations beside it. The unsigned set
 * only where there is no signed one: it knows neither windows nor withdrawn keys and vouchers, and nobody who has both
 * would choose the weaker answer.
 * @returns paths; null: there is no revocation list to go with it
 */
export function strongestIn(folder: string): { readonly keys: string; readonly revocations: string | null } {
  const [list, revocations] = [join(folder, "keys.cose"), join(folder, "revocations.cose")];
  if (!existsSync(list)) return { keys: join(folder, "jwks.json"), revocations: null };
  return { keys: list, revocations: existsSync(revocations) ? revocations : null };
}
