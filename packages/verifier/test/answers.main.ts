import { pathToFileURL } from "node:url";
import { readVectors } from "../../voucher/test/vector-files.ts";
import { answerAll } from "./answers.ts";
import { nodeScrypt } from "./node-scrypt.ts";

// A program of its own, to be bundled and run elsewhere: `answers.main.js FOLDER-OF-VECTORS` prints what this engine
// says.
const folder = pathToFileURL(`${process.argv[2]}/`);
console.log(JSON.stringify(await answerAll(readVectors(folder), { scrypt: nodeScrypt })));
