import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeBase45 } from "@doorproof/voucher/codec";
import Database from "better-sqlite3";

/**
 * Everything that lies in the database's folder: the files as they are, write-ahead log included, and the same once
 * more as rows.
 */
export function dumpDatabase(database: string): Buffer {
  const copy = new Database(database);
  const names = copy.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
  const rows = names.map((name) => JSON.stringify(copy.prepare(`select * from "${name}"`).all()));
  const raw = readdirSync(dirname(database)).map((name) => readFileSync(join(dirname(database), name)));
  copy.close();
  return Buffer.concat([...raw, Buffer.from(rows.join("\n"))]);
}

/** Is it in there: raw, as hex, base64 or base45, whatever stands before and after it? */
export function holds(haystack: Buffer, secret: Uint8Array): boolean {
  return needles(secret).some((needle) => haystack.includes(needle));
}

function needles(bytes: Uint8Array): Buffer[] {
  const hex = Buffer.from(bytes).toString("hex");
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const middle = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const base45 = [0, 1].map((before) =>
    encodeBase45(bytes.subarray(before, bytes.length - ((bytes.length - before) % 2))),
  );
  return [Buffer.from(bytes), ...[hex, hex.toUpperCase(), ...base64, ...base45].map((text) => Buffer.from(text))];
}
