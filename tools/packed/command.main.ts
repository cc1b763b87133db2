import { askCommand } from "./command.ts";

// `node command.main.ts NODE FOLDER`: whether the packed doorproof-verify says by this Node what is so. For
// tools/runtimes.
const [, , node = "node", folder = "."] = process.argv;
const { valid, refused } = await askCommand(node, folder);
const isRight =
  valid.code === 0 &&
  valid.stdout.startsWith('{"ok":true') &&
  refused.code === 1 &&
  refused.stdout.includes('"code":"bad-signature"');
if (!isRight) console.error("doorproof-verify:", valid, refused);
process.exitCode = isRight ? 0 : 1;
