import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";
import { playTranscript } from "../../verify/test/transcript.ts";

const FOLDER = join(import.meta.dirname, "transcripts");
const OF_VERIFY = join(import.meta.dirname, "../../verify/test/transcripts");
const COMMAND = { name: "doorproof", main: join(import.meta.dirname, "../src/main.ts") };

it.each(readdirSync(FOLDER))("%s is what happens", (name) => {
  playTranscript(readFileSync(join(FOLDER, name), "utf8"), COMMAND);
});

// The verbs that check are another package's: under this name they say the same, word for word.
it.each(readdirSync(OF_VERIFY))("%s is what happens here too", (name) => {
  playTranscript(readFileSync(join(OF_VERIFY, name), "utf8").replaceAll("doorproof-verify", "doorproof"), COMMAND);
});
