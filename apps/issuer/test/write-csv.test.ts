import fc from "fast-check";
import { expect, test } from "vitest";
import { writeCsvRow } from "../src/export/write-csv.ts";
import { readCsv } from "../src/import/csv.ts";

test.each<[name: string, cell: string | number | null, written: string]>([
  ["a formula", '=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
  ["a sum", "+1+1", "'+1+1"],
  ["a text that begins with a dash", "-2+3", "'-2+3"],
  ["a function of old", "@SUM(1)", "'@SUM(1)"],
  ["a command behind a tab", "\t=cmd|' /C calc'!A0", `"'\t=cmd|' /C calc'!A0"`],
  ["a line feed before a formula", "\n=1", `"'\n=1"`],
  ["a wide equals sign", "＝1+1", "'＝1+1"],
  ["a formula behind a semicolon", "a;=1+1", '"a;=1+1"'],
  ["a number below nothing, which is no text", -7, "-7"],
  ["nothing", null, ""],
  ["a quote and a comma", 'Flat "3", Mill Lane', '"Flat ""3"", Mill Lane"'],
  ["a plain ID", "RR123456785DE", "RR123456785DE"],
])("%s", (_, cell, written) => {
  expect(writeCsvRow([cell])).toBe(`${written}\r\n`);
});

test("whatever the cells hold, they are read back as they were, but for the apostrophe before a formula", async () => {
  const text = fc.string({ unit: fc.constantFrom(..."=+-@\t\r\n\",;'aZ0 \u0000ä"), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 2, maxLength: 5 }), async (cells) => {
      const rows: (readonly string[])[] = [];
      const file = writeCsvRow(["a", "b"]) + writeCsvRow(["first", ...cells, "last"]);
      for await (const row of readCsv(chunks(file))) rows.push(row.cells);
      // The reader drops blanks around a cell.
      const expected = cells.map((cell) => (/^[=+\-@\t\r\n\0]/.test(cell) ? `'${cell}` : cell).trim());
      expect(rows).toEqual([
        ["a", "b"],
        ["first", ...expected, "last"],
      ]);
    }),
  );
});

async function* chunks(text: string): AsyncGenerator<string> {
  yield text;
}
