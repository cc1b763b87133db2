import { pathToFileURL } from "node:url";
import { answerAll } from "../../packages/verifier/test/answers.ts";
import { nodeScrypt } from "../../packages/verifier/test/node-scrypt.ts";
import { readVectors } from "../../packages/voucher/test/vector-files.ts";
import { signAll } from "./signings.ts";

// Bundled into a stranger's folder and run there, by Node, Deno and Bun: `vectors.mjs FOLDER-OF-VECTORS` prints what
// this engine says.
const vectors = readVectors(pathToFileURL(`${process.argv[2]}/`));
console.log(JSON.stringify({ ...(await answerAll(vectors, { scrypt: nodeScrypt })), ...(await signAll(vectors)) }));
