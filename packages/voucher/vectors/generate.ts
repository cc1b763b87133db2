import { writeFileSync } from "node:fs";
import { documentCases } from "./generator/documents.ts";
import { largeDocuments } from "./generator/documents-large.ts";
import { GIVEN } from "./generator/given.ts";
import { keySetFiles } from "./generator/key-set-files.ts";
import { keySetCases } from "./generator/key-sets.ts";
import { misuse } from "./generator/misuse.ts";
import { primitives } from "./generator/primitives.ts";
import { refusedCases } from "./generator/refused.ts";
import { byKind, byQuestion, COURIER, DRIVER, eachForRole, forRole, ISSUER } from "./generator/roles.ts";
import { sealCases, shortCodes } from "./generator/short-codes.ts";
import { validCases } from "./generator/valid.ts";

// Writes the JSON files beside it, the same bytes each time: `node packages/voucher/vectors/generate.ts`.

export function vectorFiles(): Record<string, string> {
  const files = {
    "given.json": GIVEN,
    "vouchers-valid.json": forRole(validCases(), byQuestion),
    "vouchers-refused.json": forRole(refusedCases(), byQuestion),
    "documents.json": forRole(documentCases(), byKind),
    "documents-large.json": forRole(largeDocuments(), byKind),
    "key-sets.json": forRole([...keySetCases(), ...keySetFiles()], COURIER),
    "short-codes.json": eachForRole({ ...shortCodes() }, { derived: ISSUER, typed: DRIVER }),
    "seals.json": forRole(sealCases(), DRIVER),
    "primitives.json": eachForRole(
      { ...primitives() },
      {
        base45: COURIER,
        base45Refused: COURIER,
        scanned: COURIER,
        phones: COURIER,
        phonesTyped: COURIER,
        signatures: COURIER,
      },
    ),
    "misuse.json": eachForRole({ ...misuse() }, { questions: byQuestion, phones: COURIER, seals: DRIVER }),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${ascii(JSON.stringify(value, null, 2))}\n`]),
  );
}

/** In ASCII: one dash looks like another, and some spaces like nothing. */
function ascii(json: string): string {
  return json.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(vectorFiles())) writeFileSync(new URL(name, import.meta.url), text);
}
