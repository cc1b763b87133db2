/**
 * The issuer's key folder on this machine: the one that was named, else KEYS_DIR, else `keys`. Every verb asks here, so
 * that none looks for keys where another did not put them. An empty KEYS_DIR is none, as for the issuer.
 */
export function keyFolder(environment: NodeJS.ProcessEnv, named?: string): string {
  return named ?? (environment["KEYS_DIR"] || "keys");
}
