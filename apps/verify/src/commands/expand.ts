import { expandVoucher, readText } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import type { Declare } from "../command.ts";

export const declare: Declare = (command, { program, terminal }) => {
  command
    .argument("<text>", "the voucher, in single quotes")
    .option("--json", 'one object: {"cose": "d284…"}')
    .addHelpText("after", examples(program))
    .action(async (text: string, options: { readonly json?: boolean }) => {
      const cose = toHex(expandVoucher(readText(text)));
      await terminal.print(options.json ? JSON.stringify({ cose }) : cose);
    });
};

const examples = (program: string) => `
Example:
  ${program} expand 'DP1:…' | xxd -r -p > voucher.cose

Any COSE library verifies what this prints (RFC 9052, Ed25519). Nothing is checked here but the length.`;
