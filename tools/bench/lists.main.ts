import { readFileSync } from "node:fs";
import { openKeyList, openRevocations } from "@doorproof/verifier";
import { hasEntry } from "@doorproof/voucher/codec";
import type { Round } from "./lists.ts";

// A program of its own, to be bundled for one engine and run in a new process: `lists.main.js FOLDER ROUNDS` reads both
// lists of that folder again and again, and prints how long each time took.

const [folder, count] = process.argv.slice(2);
const file = (name: string) => new Uint8Array(readFileSync(`${folder}/${name}`));
const root = file("root");
const keyList = file("keys.cose");
const revocationList = file("revocations.cose");
const absent = file("absent");

function read(): Round {
  const began = performance.now();
  const keys = openKeyList(keyList, { issuer: "acme.example", roots: [root], held: () => null });
  const keysRead = performance.now();
  const { ctis } = openRevocations(revocationList, { keys, held: () => null });
  const revocationsRead = performance.now();
  if (hasEntry(ctis, absent) || !hasEntry(ctis, ctis.subarray(0, 8))) throw new Error("a search went wrong");
  const searched = performance.now();
  return {
    keys: keysRead - began,
    revocations: revocationsRead - keysRead,
    search: (searched - revocationsRead) / 2,
    all: searched - began,
  };
}

console.log(JSON.stringify(Array.from({ length: Number(count) }, read)));
