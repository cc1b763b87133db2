/** One room of the import table: `./` is its own folder, `/` the root; everything else is a module's specifier as it stands in the import. */
export interface Room {
  readonly folder: string;
  /** Why the walls stand here: printed with each fault. */
  readonly because: string;
  /** Rooms that it must not depend on, not even through others: the graph of the manifests is searched for them. */
  readonly never?: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly files: string;
  readonly may: readonly string[];
}

/** What every room's tests may stand on. */
export const TESTS = [
  "./**",
  "/tools/{chromium,compile-cache,patience,skips}.ts",
  "/packages/voucher/{vectors/**,test/{vector-files,refuses}.ts}",
  "vitest",
  "fast-check",
  "playwright-core",
  "pngjs",
  "zxing-wasm/reader",
  "@noble/hashes/**",
  "node:**",
];

export const PACKAGES = ["@doorproof/voucher", "@doorproof/voucher/codec", "@doorproof/verifier", "@doorproof/signer"];

/** Whoever holds what only checks is to hold it all: the signer, and the issuer, who signs. */
export const NOTHING_THAT_SIGNS = ["packages/signer", "apps/issuer"];
