import { text } from "node:stream/consumers";
import { isDeepStrictEqual } from "node:util";
import { expectedAnswers } from "../../packages/verifier/test/answers.ts";
import { readVectors } from "../../packages/voucher/test/vector-files.ts";
import { expectedSignings } from "./signings.ts";

// `node judge.main.ts [signer]` reads an engine's answers and closes with how many there are and how many are wrong.
// Compared here and not by the engine itself, which may be wrong in comparing too.

const vectors = readVectors();
const expected = { ...expectedAnswers(vectors), ...(process.argv[2] === "signer" && expectedSignings(vectors)) };
const said = JSON.parse(await text(process.stdin)) as Record<string, Record<string, unknown> | undefined>;

const cases = Object.entries(expected).flatMap(([group, answers]) =>
  Object.entries(answers).map(([name, answer]) => ({ name: `${group}, ${name}`, answer, given: said[group]?.[name] })),
);
const wrong = cases.filter(({ answer, given }) => !isDeepStrictEqual(given, answer));
for (const { name, answer, given } of wrong.slice(0, 5)) {
  console.log(`${name}\n  expected ${JSON.stringify(answer)}\n  got      ${JSON.stringify(given)}`);
}
console.log(`${cases.length} answers, ${wrong.length} wrong`);
process.exitCode = wrong.length > 0 ? 1 : 0;
