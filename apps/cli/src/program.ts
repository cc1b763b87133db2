import { Command } from "commander";
import type { Declare } from "./command.ts";
import type { CliContext } from "./context.ts";

type Load = () => Promise<{ declare: Declare }>;

/**
 * The command line's table of contents. A verb's file is loaded when it is asked for: what verifies never loads what signs, and no courier
 * waits for an issuer's database.
 */
const VERBS: Readonly<Record<string, { readonly summary: string; readonly load: Load }>> = {
  verify: { summary: "check vouchers offline, with public keys alone", load: () => import("./commands/verify.ts") },
  inspect: {
    summary: "show every field and byte of a voucher, trusting nothing",
    load: () => import("./commands/inspect.ts"),
  },
  expand: {
    summary: "print the COSE_Sign1 that a voucher abbreviates, in hex",
    load: () => import("./commands/expand.ts"),
  },
  qr: { summary: "draw a voucher's QR in the terminal or into a file", load: () => import("./commands/qr.ts") },
  keys: {
    summary: "make an issuer's keys, list, rotate, publish and withdraw them",
    load: () => import("./commands/keys.ts"),
  },
  issue: { summary: "sign a voucher from keys alone", load: () => import("./commands/issue.ts") },
  seal: {
    summary: "make a route's manifest, each voucher sealed under its short code",
    load: () => import("./commands/seal.ts"),
  },
  open: { summary: "open one stop of a manifest with its short code", load: () => import("./commands/open.ts") },
  "publish-verifier": {
    summary: "write a page that checks vouchers on any phone, with nothing to install",
    load: () => import("./commands/publish-verifier.ts"),
  },
  "code-strength": {
    summary: "print what searching a short code costs",
    load: () => import("./commands/code-strength.ts"),
  },
  import: { summary: "take a CSV of deliveries into the issuer's books", load: () => import("./commands/import.ts") },
  "api-key": { summary: "make an API key of the issuer", load: () => import("./commands/api-key.ts") },
  device: {
    summary: "enrol a driver's phone for a route, list phones, revoke one",
    load: () => import("./commands/device.ts"),
  },
  serve: { summary: "start the issuer", load: () => import("./commands/serve.ts") },
  doctor: { summary: "say what is wrong with keys, clock and database", load: () => import("./commands/doctor.ts") },
  completion: {
    summary: "print a completion script for bash, zsh or fish",
    load: () => import("./commands/completion.ts"),
  },
};

/** @param verb the one to declare in full, if any; the others are only listed */
export async function buildProgram(context: CliContext, { verb }: { verb: string | undefined }): Promise<Command> {
  const program = new Command("doorproof")
    .description("Proof of delivery that a driver checks offline, with a public key alone.")
    .usage("COMMAND [options]")
    .helpOption("-h, --help", "show this, or a command's help")
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", AFTER);
  for (const [name, { summary, load }] of Object.entries(VERBS)) {
    const command = program.command(name).summary(summary).helpOption("-h, --help", "show this");
    // A completion script names the options of every verb.
    if (verb === name || verb === "completion") (await load()).declare(command.description(summary), context);
  }
  return program;
}

const AFTER = `
Try it:
  doorproof keys init --issuer demo.example
  doorproof issue --delivery RR123456785DE --phone +447700900123 --expires 48h > voucher.txt
  doorproof verify - < voucher.txt

Data goes to stdout, talk to stderr; --json prints one object a line; - reads standard input.

Exit codes:
  0  done, or valid                          3  cannot decide: no key, keys too old, clock behind
  1  refused: the voucher is not valid       4  a file, a stream or the network failed
  2  usage                                  70  a bug in doorproof`;
