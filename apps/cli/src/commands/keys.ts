import type { Declare } from "../context.ts";
import { declare as compromised } from "./keys/compromised.ts";
import { declare as init } from "./keys/init.ts";
import { declare as list } from "./keys/list.ts";
import { declare as publish } from "./keys/publish.ts";
import { declare as revoke } from "./keys/revoke.ts";
import { declare as rotate } from "./keys/rotate.ts";

const VERBS: Readonly<Record<string, Declare>> = { init, list, rotate, publish, revoke, compromised };

export const declare: Declare = (command, context) => {
  command.usage(`${Object.keys(VERBS).join("|")} [options]`).addHelpText("after", EXAMPLES);
  for (const [name, declareVerb] of Object.entries(VERBS)) declareVerb(command.command(name), context);
};

const EXAMPLES = `
Examples:
  doorproof keys init --issuer demo.example --root /media/stick
  doorproof keys list
  doorproof keys rotate --root /media/stick
  doorproof keys compromised 1a2b3c4d --root /media/stick`;
