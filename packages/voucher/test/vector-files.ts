import { readFileSync } from "node:fs";
import type {
  DocumentCase,
  Given,
  KeySetCase,
  Misuse,
  Primitives,
  RefusedCase,
  SealCase,
  ShortCodes,
  ValidCase,
} from "../vectors/schema.ts";

/** The vectors as they are committed. */
export interface VectorFiles {
  given: Given;
  valid: readonly ValidCase[];
  refused: readonly RefusedCase[];
  documents: readonly DocumentCase[];
  /** Apart, because some are megabytes: a property test that alters any of `documents` should not meet them. */
  documentsLarge: readonly DocumentCase[];
  keySets: readonly KeySetCase[];
  shortCodes: ShortCodes;
  seals: readonly SealCase[];
  primitives: Primitives;
  misuse: Misuse;
}

/** @param folder ends in a slash */
export function readVectors(folder: URL = new URL("../vectors/", import.meta.url)): VectorFiles {
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
  return {
    given: read("given.json"),
    valid: read("vouchers-valid.json"),
    refused: read("vouchers-refused.json"),
    documents: read("documents.json"),
    documentsLarge: read("documents-large.json"),
    keySets: read("key-sets.json"),
    shortCodes: read("short-codes.json"),
    seals: read("seals.json"),
    primitives: read("primitives.json"),
    misuse: read("misuse.json"),
  };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
