import { EXIT_CODES, VERIFY_VERBS, type Verb } from "@doorproof/verify/verbs";
import type { OperatorContext } from "./context.ts";

/**
 * The command line's table of contents. A verb's file is loaded when it is asked for: what verifies never loads what
 * signs, and no courier waits for an issuer's database.
 */
export const VERBS: Readonly<Record<string, Verb<OperatorContext>>> = {
  verify: VERIFY_VERBS.verify,
  inspect: VERIFY_VERBS.inspect,
  expand: VERIFY_VERBS.expand,
  qr: VERIFY_VERBS.qr,
  keys: {
    summary: "make an issuer's keys, list, rotate, publish and withdraw them",
    load: () => import("./commands/keys.ts"),
  },
  issue: { summary: "sign a voucher from keys alone", load: () => import("./commands/issue.ts") },
  seal: {
    summary: "make a route's manifest, each voucher sealed under its short code",
    load: () => import("./commands/seal.ts"),
  },
  open: VERIFY_VERBS.open,
  "publish-verifier": {
    summary: "write a page that checks vouchers on any phone, with nothing to install",
    load: () => import("./commands/publish-verifier.ts"),
  },
  "code-strength": {
    summary: "print what searching a short code costs",
    load: () => import("./commands/code-strength.ts"),
  },
  import: {
    summary: "take a CSV of deliveries into the issuer's database",
    load: () => import("./commands/import.ts"),
  },
  "api-key": { summary: "make an API key of the issuer", load: () => import("./commands/api-key.ts") },
  device: {
    summary: "enrol a driver's phone for a route, list phones, revoke one",
    load: () => import("./commands/device.ts"),
  },
  erase: {
    summary: "take a person out of the issuer's database: a delivery that is over",
    load: () => import("./commands/erase.ts"),
  },
  reencrypt: {
    summary: "encrypt the issuer's database under the newest DATA_SECRET, so that an older one can go",
    load: () => import("./commands/reencrypt.ts"),
  },
  clock: {
    summary: "say that the issuer's clock is right, when it doubts it",
    load: () => import("./commands/clock.ts"),
  },
  serve: { summary: "start the issuer", load: () => import("./commands/serve.ts") },
  doctor: { summary: "say what is wrong with keys, clock and database", load: () => import("./commands/doctor.ts") },
  completion: {
    summary: "print a completion script for bash, zsh or fish",
    load: () => import("./commands/completion.ts"),
  },
};

/** What stands below the list of verbs. */
export const HELP = `
Try it:
  doorproof keys init --issuer demo.example
  doorproof issue --delivery RR123456785DE --phone +447700900123 --expires 48h > voucher.txt
  doorproof verify - < voucher.txt
${EXIT_CODES}`;
