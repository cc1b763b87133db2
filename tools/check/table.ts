// Who may import what. What is not listed is refused: no exceptions, here or in the files. A file may import what any
// of the rows that match it says. `./` is the room's own folder, `/` the root; everything else is a module's specifier
// as it stands in the import.

import { NOTHING_THAT_SIGNS, PACKAGES, type Room, type Row, TESTS } from "./room.ts";
import { DRIVER } from "./table-driver.ts";

const WEB = ["fastify", "@fastify/**", "typebox/**", "prom-client"];

const HTTP = ["@doorproof/api/**", "@doorproof/voucher", "@doorproof/voucher/codec", ...WEB, "node:crypto"];

/** A subject of the issuer's domain, and the subjects below it. */
function subject(name: string, below: readonly string[]): Row {
  return {
    files: `src/domain/${name}/**`,
    may: [
      `./src/domain/${name}/**`,
      "./src/domain/*.ts",
      ...below.map((other) => `./src/domain/${other}/index.ts`),
      ...PACKAGES,
      "@doorproof/api/lists",
    ],
  };
}

/** The handlers of a subject: of other handlers they know what all of them share. */
function handlers(name: string, served: readonly string[]): Row {
  return {
    files: `src/http/${name}/**`,
    may: [
      `./src/http/${name}/**`,
      "./src/http/frame/**",
      "./src/domain/{ports,errors}.ts",
      ...served.map((one) => `./src/domain/${one}/index.ts`),
      ...HTTP,
    ],
  };
}

/** A subject's rows, in SQL and in memory. */
function rows(files: string, name: string): Row {
  return {
    files: `src/store/{sql,memory}/${files}.ts`,
    may: [
      "./src/store/{sql,memory}/{tables,inserted}.ts",
      `./src/domain/${name}/index.ts`,
      "@doorproof/api/lists",
      "kysely/**",
    ],
  };
}

export const TABLE: readonly Room[] = [
  {
    folder: "packages/voucher",
    because: "it says what bytes mean: no keys, no clock, no platform, no other room",
    rows: [
      { files: "src/**", may: ["./src/**", "@noble/hashes/**"] },
      { files: "src/cbor-write.ts", may: ["cbor-x/index-no-eval"] },
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
      // Takes payloads apart that no door hands out, to change them and sign them again.
      { files: "test/resigned.long.test.ts", may: ["/packages/voucher/src/cbor.ts"] },
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
    because:
      "rules know no HTTP and no SQL, a subject is entered by its index alone, and no arrow between subjects runs up",
    rows: [
      // What every subject of the domain stands on; it knows none of them.
      { files: "src/domain/*", may: ["./src/domain/*", ...PACKAGES, "@doorproof/api/lists", "node:crypto"] },
      subject("audit", []),
      subject("messages", ["audit"]),
      { files: "src/domain/messages/text.ts", may: ["sms-segments-calculator"] },
      subject("vouchers", ["audit", "messages"]),
      { files: "src/domain/vouchers/derive.ts", may: ["node:crypto"] },
      { files: "src/domain/vouchers/phone.ts", may: ["libphonenumber-js/max"] },
      subject("dispatch", ["audit", "vouchers"]),
      { files: "src/domain/dispatch/routes.ts", may: ["libphonenumber-js/max"] },
      { files: "src/domain/dispatch/renew-manifest.ts", may: ["node:crypto"] },
      subject("clock", ["audit"]),
      subject("redemptions", ["audit", "vouchers", "dispatch"]),
      { files: "src/domain/redemptions/report.ts", may: ["node:timers/promises"] },
      subject("personal-data", ["audit", "vouchers"]),
      subject("access", ["audit", "dispatch"]),

      { files: "src/http/frame/**", may: ["./src/http/frame/**", "./src/domain/{ports,errors}.ts", ...HTTP] },
      { files: "src/http/frame/access.ts", may: ["./src/domain/access/index.ts"] },
      { files: "src/http/frame/bad-http.ts", may: ["node:net"] },
      handlers("audit", ["audit"]),
      { files: "src/http/audit/metrics.ts", may: ["./src/domain/messages/index.ts"] },
      handlers("messages", []),
      handlers("vouchers", ["vouchers"]),
      // One request issues a voucher and puts its delivery on a route.
      { files: "src/http/vouchers/{vouchers,delivery-request,once}.ts", may: ["./src/domain/dispatch/index.ts"] },
      { files: "src/http/vouchers/vouchers.ts", may: ["./src/domain/rehearse.ts"] },
      { files: "src/http/vouchers/customer.ts", may: ["@doorproof/customer-page"] },
      handlers("dispatch", ["dispatch"]),
      handlers("redemptions", ["redemptions"]),
      { files: "src/http/redemptions/records.ts", may: ["node:timers/promises"] },
      handlers("access", ["access"]),
      { files: "src/http/access/enrolment.ts", may: ["@doorproof/customer-page"] },
      handlers("open", []),

      { files: "src/store/store.ts", may: ["./src/domain/*/index.ts", "./src/domain/ports.ts"] },
      { files: "src/store/{sqlite,memory}.ts", may: ["./src/store/store.ts"] },
      {
        files: "src/store/sqlite.ts",
        may: ["./src/store/{sql,migrations,sqlite}/**", "kysely/**", "better-sqlite3"],
      },
      {
        files: "src/store/sqlite/**",
        may: ["./src/store/sqlite/**", "./src/domain/errors.ts", "kysely/**", "better-sqlite3", "node:fs", "node:path"],
      },
      { files: "src/store/migrations/**", may: ["./src/store/migrations/**", "kysely/**"] },
      { files: "src/store/sql/{rows,tables}.ts", may: ["./src/store/sql/**", "./src/store/store.ts", "kysely/**"] },
      { files: "src/store/{sql,memory}/tables.ts", may: ["./src/domain/*/index.ts"] },
      { files: "src/store/sql/inserted.ts", may: ["kysely/**"] },
      { files: "src/store/memory.ts", may: ["./src/store/memory/**"] },
      { files: "src/store/memory/table{,s}.ts", may: ["./src/store/memory/table.ts"] },
      rows("audit", "audit"),
      rows("messages", "messages"),
      rows("{deliveries,vouchers}", "vouchers"),
      rows("{routes,devices,carries,dispatch}", "dispatch"),
      rows("redemptions", "redemptions"),
      rows("personal-data", "personal-data"),
      { files: "src/store/memory/personal-data.ts", may: ["./src/store/memory/table.ts"] },
      rows("access", "access"),
      rows("clock", "clock"),

      {
        files: "src/gateways/**",
        may: ["./src/gateways/**", "./src/domain/messages/index.ts", "node:fs", "node:fs/promises", "node:path"],
      },
      {
        files: "src/import/**",
        may: [
          "./src/import/**",
          "@doorproof/api/lists",
          "./src/domain/{ports,errors}.ts",
          "./src/domain/vouchers/index.ts",
          "@doorproof/api/time",
          "csv-parse/**",
          "node:stream",
        ],
      },
      { files: "src/export/**", may: ["./src/export/**"] },
      {
        files: "src/keys/**",
        may: [
          "./src/keys/**",
          "./src/domain/{ports,errors}.ts",
          "./src/domain/vouchers/index.ts",
          ...PACKAGES,
          "node:fs",
          "node:path",
        ],
      },
      // The files that put the rooms together, main.* among them: config, the app, the workers, the door for the command line.
      {
        files: "src/*",
        may: [
          "./src/*",
          "./src/domain/{ports,errors}.ts",
          "./src/domain/*/index.ts",
          "./src/http/*/*.ts",
          "./src/store/{store,sqlite,sqlite/read-clock,sqlite/unbound-keys}.ts",
          "./src/{gateways,import,keys}/**",
          ...PACKAGES,
          "@doorproof/api/**",
          "fastify",
          "@fastify/**",
          "typebox",
          "env-schema",
          "pino",
          "close-with-grace",
          "node:**",
        ],
      },
      // The address of a trial's outbox is derived from a secret.
      { files: "src/server.ts", may: ["./src/domain/encryption.ts"] },
      {
        files: "test/**",
        may: [
          ...TESTS,
          ...PACKAGES,
          "@doorproof/api/**",
          "@doorproof/customer-page",
          ...WEB,
          "kysely/**",
          "better-sqlite3",
        ],
      },
      // Property 9 is of an issuer and of phones: theirs is the driver's own code, and no model of it.
      {
        files: "test/property9.test.ts",
        may: ["/apps/driver/src/trust/{accept,clock,documents,heal-floor,stated-time}.ts"],
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
      { files: "src/commands/{keys,issue,seal}{.ts,/**}", may: ["@doorproof/signer"] },
      {
        files:
          "src/{context.ts,phone.ts,with-operations.ts,commands/{import,api-key,device,serve,keys,issue,seal,doctor,reencrypt}{.ts,/**}}",
        may: ["@doorproof/issuer/operations"],
      },
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
  DRIVER,
  {
    folder: "apps/demo",
    because: "it runs every party as a process of its own, and knows none from inside",
    rows: [
      { files: "src/**", may: ["./src/**", "node:**"] },
      { files: "test/**", may: TESTS },
    ],
  },
];
