import { NOTHING_THAT_SIGNS, PACKAGES, type Room, TESTS } from "./room.ts";

/** What the driver's other rooms see of its ledger: the verbs and the rows, and never the database. */
const DRIVER_LEDGER = ["./src/ledger/{already-used,device-state,drafts,entry,ledger,memory,rows}.ts"];

/** The driver's rows of the import table: walls around it, and between the rooms inside. */
export const DRIVER: Room = {
  folder: "apps/driver",
  because: "it checks with public keys alone, on a phone that may be in the wrong hands: no signer, no issuer",
  never: NOTHING_THAT_SIGNS,
  rows: [
    // What is trusted knows nobody. Of another room only the files that stand here are its door.
    {
      files: "src/trust/**",
      may: ["./src/trust/**", "@doorproof/voucher", "@doorproof/voucher/codec", "@doorproof/verifier"],
    },
    { files: "src/trust/documents.ts", may: ["@noble/hashes/utils.js"] },
    // Types, closed lists and times: the shapes themselves are a library more, and stay with the issuer.
    { files: "src/{ledger,sync,door,day,languages,screens}/**", may: ["@doorproof/api/lists"] },
    { files: "src/sync/wire.ts", may: ["@doorproof/api", "@doorproof/api/time"] },
    {
      files: "src/ledger/**",
      may: [
        "./src/ledger/**",
        "./src/trust/{accept,clock,documents}.ts",
        "@doorproof/voucher",
        "@doorproof/verifier",
        "@preact/signals",
      ],
    },
    { files: "src/ledger/database.ts", may: ["idb"] },
    {
      files: "src/sync/**",
      may: [
        "./src/sync/**",
        ...DRIVER_LEDGER,
        "./src/trust/{accept,clock,documents,heal-floor,pin-source,stated-time}.ts",
        "@doorproof/voucher",
        "@doorproof/voucher/codec",
        "@preact/signals",
      ],
    },
    {
      files: "src/door/**",
      may: [
        "./src/door/**",
        ...DRIVER_LEDGER,
        "./src/trust/{clock,documents,stop-bits,stop-line}.ts",
        "@doorproof/voucher",
        "@doorproof/verifier",
        "@preact/signals",
      ],
    },
    {
      files: "src/day/**",
      may: [
        "./src/day/**",
        "./src/door/{door,pause}.ts",
        ...DRIVER_LEDGER,
        "./src/ledger/owner.ts",
        "./src/sync/{by-file,schedule,trouble}.ts",
        "./src/trust/{clock,documents,pin-source,stop-bits,stop-line}.ts",
        "@doorproof/voucher",
        "@doorproof/verifier",
        "@preact/signals",
      ],
    },
    // The browser's own things, which know nothing of vouchers; what a camera read is bytes to it.
    { files: "src/hardware/**", may: ["./src/hardware/**"] },
    { files: "src/hardware/decoder.worker.ts", may: ["zxing-wasm/**", "@doorproof/voucher/codec"] },
    { files: "src/hardware/kdf{,.worker}.ts", may: ["hash-wasm", "@noble/hashes/**", "@doorproof/verifier"] },
    {
      files: "src/languages/**",
      may: [
        "./src/languages/**",
        "./src/day/{day,log,readiness,stops}.ts",
        "./src/ledger/entry.ts",
        "@doorproof/voucher",
        "@doorproof/verifier",
      ],
    },
    // A screen shows what day and door say, and asks them for all else: no ledger, no sync, no verdict of its own.
    {
      files: "src/screens/**",
      may: [
        "./src/screens/**",
        "./src/day/{day,log,readiness,stops}.ts",
        "./src/door/{door,outcome,pasted}.ts",
        "./src/hardware/{camera,sound}.ts",
        "./src/languages/{catalogue,format,language}.ts",
        "./src/ledger/entry.ts",
        "./src/sw/update.ts",
        "./src/trust/pin-source.ts",
        "@doorproof/voucher",
        "preact/**",
        "@preact/signals",
      ],
    },
    { files: "src/screens/{short-code.tsx,code-field.ts}", may: ["@doorproof/voucher/codec"] },
    { files: "src/screens/{result-text.ts,readiness.tsx}", may: ["@doorproof/verifier"] },
    {
      files: "src/sw/**",
      may: ["./src/sw/**", "workbox-precaching", "workbox-routing", "workbox-window", "@preact/signals"],
    },
    // The files that put the rooms together, main.* among them. Who has no network is handed none.
    {
      files: "src/*",
      may: ["./src/*", "./src/{day,hardware,languages,screens,sw}/*", "./src/ledger/ledger.ts", "@preact/signals"],
    },
    { files: "src/main.ts", may: ["./src/sync/schedule.ts"] },
    { files: "src/main.page.ts", may: ["./src/sync/{published,without-network}.ts"] },
    { files: "*.ts", may: ["./*.ts", "./package.json", "vite", "vite-plugin-pwa", "workbox-build", "node:**"] },
    {
      files: "test/**",
      may: [
        ...TESTS,
        ...PACKAGES,
        "@doorproof/api/**",
        "typebox/**",
        "@preact/signals",
        "preact/**",
        "axe-core",
        "esbuild",
        "qrcode",
        "vite",
      ],
    },
  ],
};
