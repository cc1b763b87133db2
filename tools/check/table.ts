// Who may import what. What is not listed is refused: no exceptions, here or in the files. A file may import what any
// of the rows that match it says. `./` is the room's own folder, `/` the root; everything else is a module's specifier
// as it stands in the import.

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

const TESTS = [
  "./**",
  "/tools/{chromium,patience,skips}.ts",
  "/packages/voucher/{vectors/**,test/{vector-files,refuses}.ts}",
  "vitest",
  "fast-check",
  "playwright-core",
  "pngjs",
  "zxing-wasm/reader",
  "@noble/hashes/**",
  "node:**",
];

const PACKAGES = ["@doorproof/voucher", "@doorproof/voucher/codec", "@doorproof/verifier", "@doorproof/signer"];

/** Whoever holds what only checks is to hold it all: the signer, and the issuer, who signs. */
const NOTHING_THAT_SIGNS = ["packages/signer", "apps/issuer"];

const WEB = ["fastify", "@fastify/**", "typebox/**", "prom-client"];

const ISSUER_FRAME = [
  "./src/**",
  ...PACKAGES,
  "@doorproof/customer-page",
  ...WEB,
  "csv-parse/**",
  "env-schema",
  "pino",
  "close-with-grace",
  "node:**",
];

export const TABLE: readonly Room[] = [
  {
    folder: "packages/voucher",
    because: "it says what bytes mean: no keys, no clock, no platform, no other room",
    rows: [
      { files: "src/**", may: ["./src/**", "@noble/hashes/**"] },
      { files: "src/cbor.ts", may: ["cbor-x/index-no-eval"] },
      { files: "src/text-write.ts", may: ["base45"] },
      { files: "{test,vectors}/**", may: [...TESTS, ...PACKAGES, "@auth0/cose", "base45", "cbor-x/index-no-eval"] },
    ],
  },
  {
    folder: "packages/verifier",
    because: "it checks with public keys alone: no signer, nothing that can sign",
    never: NOTHING_THAT_SIGNS,
    rows: [
      {
        files: "src/**",
        may: ["./src/**", "@doorproof/voucher", "@doorproof/voucher/codec", "@noble/hashes/**", "#ed25519"],
      },
      { files: "src/ed25519.ts", may: ["@noble/ed25519"] },
      { files: "src/ed25519.node.ts", may: ["node:crypto"] },
      { files: "test/**", may: [...TESTS, ...PACKAGES, "@auth0/cose", "@noble/ed25519", "#ed25519", "esbuild"] },
    ],
  },
  {
    folder: "packages/signer",
    because: "it is the smallest room around a private key: no storage, no HTTP, no verifier",
    rows: [
      { files: "src/**", may: ["./src/**", "@doorproof/voucher", "@doorproof/voucher/codec", "node:crypto"] },
      { files: "src/signing-key.ts", may: ["node:fs", "node:path"] },
      { files: "test/**", may: [...TESTS, ...PACKAGES] },
    ],
  },
  {
    folder: "packages/api",
    because: "it says what crosses a process boundary and does nothing with it: no HTTP, no clock, no storage",
    rows: [
      { files: "src/**", may: ["./src/**", "typebox"] },
      // The closed list of refusals stands where the format is.
      { files: "src/uploads.ts", may: ["@doorproof/voucher"] },
      { files: "test/**", may: [...TESTS, "@doorproof/voucher", "typebox/**"] },
    ],
  },
  {
    folder: "apps/issuer",
    because: "rules know no HTTP and no SQL, handlers decide nothing, stores and gateways know the ports alone",
    rows: [
      {
        files: "src/domain/**",
        may: ["./src/domain/**", ...PACKAGES, "node:crypto", "libphonenumber-js/**", "sms-segments-calculator"],
      },
      {
        files: "src/http/**",
        may: [
          "./src/http/**",
          "./src/domain/**",
          "@doorproof/customer-page",
          "@doorproof/voucher",
          "@doorproof/voucher/codec",
          ...WEB,
          "node:crypto",
        ],
      },
      { files: "src/http/frame/bad-http.ts", may: ["node:net"] },
      {
        files: "src/store/**",
        may: [
          "./src/store/**",
          "./src/domain/{ports,store,errors}.ts",
          "kysely/**",
          "better-sqlite3",
          "node:fs",
          "node:path",
        ],
      },
      {
        files: "src/gateways/**",
        may: ["./src/gateways/**", "./src/domain/ports.ts", "node:fs", "node:fs/promises", "node:path"],
      },
      // The files that put the rooms together, main.* among them: config, keys on disk, the app, the door for the
      // command line.
      { files: "src/*", may: ISSUER_FRAME },
      {
        files: "src/import/**",
        may: ["./src/import/**", "./src/domain/**", "./src/http/frame/time.ts", "csv-parse/**", "node:stream"],
      },
      { files: "src/keys/**", may: ISSUER_FRAME },
      {
        files: "test/**",
        may: [...TESTS, ...PACKAGES, "@doorproof/customer-page", ...WEB, "kysely/**", "better-sqlite3"],
      },
    ],
  },
  {
    folder: "packages/customer-page",
    because: "it shows and decides nothing: no keys, no issuer",
    rows: [
      { files: "src/**", may: ["./src/**", "@doorproof/voucher", "qrcode"] },
      { files: "test/**", may: [...TESTS, ...PACKAGES] },
    ],
  },
  {
    folder: "apps/verify",
    because: "it checks with public keys alone, and strangers install it: no signer, no issuer, no chance",
    never: NOTHING_THAT_SIGNS,
    rows: [
      {
        files: "src/**",
        may: [
          "./src/**",
          "@doorproof/voucher",
          "@doorproof/voucher/codec",
          "@doorproof/verifier",
          "commander",
          "#batch-worker",
          "node:**",
        ],
      },
      { files: "src/commands/qr.ts", may: ["qrcode"] },
      { files: "src/phone.ts", may: ["libphonenumber-js/min"] },
      { files: "test/**", may: [...TESTS, "@doorproof/voucher", "@doorproof/voucher/codec", "@doorproof/verifier"] },
    ],
  },
  {
    folder: "apps/cli",
    because: "what checks is @doorproof/verify; only three verbs sign, and the issuer has one door for its operator",
    rows: [
      {
        files: "src/**",
        may: [
          "./src/**",
          "@doorproof/voucher",
          "@doorproof/voucher/codec",
          "@doorproof/verifier",
          "@doorproof/verify/verbs",
          "commander",
          "node:**",
        ],
      },
      { files: "src/commands/device.ts", may: ["qrcode"] },
      { files: "src/phone.ts", may: ["libphonenumber-js/**"] },
      { files: "src/commands/{keys,issue,seal}{.ts,/**}", may: ["@doorproof/signer"] },
      { files: "src/commands/{import,api-key,device,serve,keys}{.ts,/**}", may: ["@doorproof/issuer/operations"] },
      {
        files: "test/**",
        may: [
          ...TESTS,
          ...PACKAGES,
          "@doorproof/issuer/operations",
          "@doorproof/verify/verbs",
          "/apps/verify/test/transcript.ts",
        ],
      },
    ],
  },
  {
    folder: "apps/driver",
    because: "it checks with public keys alone, on a phone that may be in the wrong hands: no signer, no issuer",
    never: NOTHING_THAT_SIGNS,
    rows: [
      {
        files: "src/**",
        may: [
          "./src/**",
          "@doorproof/voucher",
          "@doorproof/voucher/codec",
          "@doorproof/verifier",
          "preact/**",
          "@preact/signals",
        ],
      },
      { files: "src/trust/documents.ts", may: ["@noble/hashes/utils.js"] },
      { files: "src/ledger/database.ts", may: ["idb"] },
      { files: "src/hardware/decoder.worker.ts", may: ["zxing-wasm/**"] },
      { files: "src/hardware/kdf{,.worker}.ts", may: ["hash-wasm", "@noble/hashes/**"] },
      { files: "src/sw/**", may: ["workbox-precaching", "workbox-routing", "workbox-window"] },
      { files: "*.ts", may: ["./*.ts", "./package.json", "vite", "vite-plugin-pwa", "workbox-build", "node:**"] },
      {
        files: "test/**",
        may: [...TESTS, ...PACKAGES, "@preact/signals", "preact/**", "axe-core", "esbuild", "qrcode", "vite"],
      },
    ],
  },
  {
    folder: "apps/demo",
    because: "it runs every party as a process of its own, and knows none from inside",
    rows: [
      { files: "src/**", may: ["./src/**", "node:**"] },
      { files: "test/**", may: TESTS },
    ],
  },
];
