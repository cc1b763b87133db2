import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { playTranscript } from "./transcript.ts";

const FOLDER = join(import.meta.dirname, "transcripts");
const MAIN = join(import.meta.dirname, "../src/main.ts");
const COMMAND = { name: "doorproof-verify", main: MAIN };

it.each(readdirSync(FOLDER))("%s is what happens", (name) => {
  playTranscript(readFileSync(join(FOLDER, name), "utf8"), COMMAND);
});

it("a transcript that says something else fails", () => {
  const silent = "$ doorproof-verify expand DP1:000\n[1]\n";
  expect(() => playTranscript(silent, COMMAND)).toThrow("$ doorproof-verify expand DP1:000");
});
