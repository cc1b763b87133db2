import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure, keyFolder, toIso } from "@doorproof/verify/verbs";
import { keyId, NAME, toHex } from "@doorproof/voucher/codec";
import type { Declare, OperatorContext } from "../../context.ts";
import { mendable } from "../../mendable.ts";

export const declare: Declare = (command, context) => {
  command
    .description("make an issuer's keys, for a year")
    .option("--dir <folder>", "where keys go (default: KEYS_DIR, or keys)")
    .option(
      "--issuer <name>",
      "the name that every document carries, as your domain (default: PUBLIC_URL's host, or localhost)",
    )
    .option("--root <folder>", "where the root's private key goes; best on a stick that leaves (default: DIR/private)")
    .option("--json", "one object: {issuer, dir, root, keys: [{kid, use, from, to}]}")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => init(options, context));
};

const EXAMPLES = `
Example:
  doorproof keys init --issuer demo.example --root /media/stick

Published: jwks.json, cose-keys.cbor, keys.cose, revocations.cose, root.pub.pem. Private, mode 0600, never to be
committed: private/. Nothing that exists is overwritten.`;

interface Options {
  readonly dir?: string;
  readonly issuer?: string;
  readonly root?: string;
  readonly json?: boolean;
}

async function init(options: Options, { terminal, environment, now, random }: OperatorContext): Promise<void> {
  const folder = keyFolder(environment, options.dir);
  const issuer = options.issuer ?? issuerFrom(environment);
  const rootFolder = options.root ?? join(folder, "private");
  if (!NAME.test(issuer))
    throw new Failure("usage", "--issuer: a name is 1 to 64 printable ASCII characters, as demo.example");
  if (existsSync(join(folder, "keys.cose"))) {
    throw new Failure(
      "inputOutput",
      `${folder}: holds keys already, and nothing is overwritten`,
      "--dir names another folder",
    );
  }
  // Loaded here, because it brings the issuer and its database along: keys list needs neither.
  const { initKeyFolder } = await import("@doorproof/issuer/operations");
  const { root, keys } = await mendable(() => initKeyFolder({ folder, rootFolder }, { issuer, now: now(), random }));
  if (options.json) {
    const listed = keys.map(({ use, publicKey, from, to }) => ({
      kid: toHex(keyId(publicKey)),
      use,
      from: toIso(from),
      to: toIso(to),
    }));
    await terminal.print(JSON.stringify({ issuer, dir: folder, root: toHex(root.kid), keys: listed }));
  }
  terminal.say(
    `made the keys of ${issuer} in ${folder}: a root, ${keys.length / 2} for vouchers and ${keys.length / 2} for documents`,
  );
  terminal.say(
    `publish ${join(folder, "jwks.json")}, or keys.cose with root.pub.pem: that is all that verifying takes`,
  );
  terminal.say(`keep ${join(folder, "private")} to yourself`);
  terminal.hint(
    `${join(rootFolder, "root.pem")} must leave this machine: it is needed again in a year, or when a key leaks`,
  );
}

function issuerFrom(environment: NodeJS.ProcessEnv): string {
  const url = environment["PUBLIC_URL"];
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : "localhost";
}
