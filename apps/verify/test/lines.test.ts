import fc from "fast-check";
import { expect, it } from "vitest";
import { readLines } from "../src/lines.ts";

async function linesOf(chunks: readonly Uint8Array[], longest = 232): Promise<string[]> {
  const source = async function* () {
    yield* chunks;
  };
  const lines: string[] = [];
  for await (const line of readLines(source(), { longest })) lines.push(line);
  return lines;
}

it.each([
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\r\nb\n", ["a", "b"]],
  ["\n", [""]],
  ["\n\n", ["", ""]],
  ["\na", ["", "a"]],
  ["a\r\r\n", ["a\r"]],
  ["a\rb\n", ["a\rb"]],
  ["a\r", ["a\r"]],
  ["a\u2028b\u0085c\n", ["a\u2028b\u0085c"]],
  [" a \t\n", [" a \t"]],
])("%j", async (text, lines) => expect(await linesOf([Buffer.from(text)])).toEqual(lines));

it("takes one LF or CRLF off a line and nothing else, however the stream was cut", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n", " ", "é", "\u2028") });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.integer({ min: 1, max: 7 })), async (text, cuts) => {
      const lines = text.split("\n");
      const last = lines.pop() ?? "";
      const expected = [...lines.map((line) => line.replace(/\r$/, "")), ...(last === "" ? [] : [last])];
      expect(await linesOf(cut(Buffer.from(text), cuts))).toEqual(expected);
    }),
  );
});

it("cuts what is too long, in time and memory, and leaves it too long to be anything", async () => {
  const megabyte = Buffer.alloc(1024 * 1024, "a");
  const chunks = [...Array.from({ length: 32 }, () => megabyte), Buffer.from("\nb\n")];
  const [long = "", short] = await linesOf(chunks, 8);
  expect([long.length > 8, long.length <= 10, short]).toEqual([true, true, "b"]);
  for (const length of [7, 8, 9, 10]) {
    for (const end of ["\n", "\r\n", ""]) {
      const [line = ""] = await linesOf([Buffer.from("a".repeat(length) + end)], 8);
      expect(line.length > 8, `${length} and ${JSON.stringify(end)}`).toBe(length > 8);
    }
  }
});

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}
