import { describe, expect, test } from "vitest";
import { DOCUMENT } from "../openapi/document.ts";
import { checkClient } from "./client.ts";
import { checkOpenApi, lint } from "./openapi.ts";
import { ROOT, readTree, type Tree } from "./tree.ts";

const real = readTree(ROOT);
const written = real.read(DOCUMENT);

/** The tree, with the description as somebody left it. */
function withDescription(text: string): Tree {
  return { ...real, read: (path) => (path === DOCUMENT ? text : real.read(path)) };
}

describe("the description", () => {
  test("that the routes make has no fault", async () => {
    expect((await checkOpenApi(real)).faults).toEqual([]);
  });

  test("of a field that no route answers is shown as a diff, with the command that mends it", async () => {
    const stale = written.replace('"shortCode": {', '"code": {');
    const { faults } = await checkOpenApi(withDescription(stale));
    expect(faults[0]).toMatch(/openapi\.json:\d+: not what the routes say.* pnpm@[\d.]+ openapi$/);
    expect(faults.slice(1)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^- .*"code"/), expect.stringMatching(/^\+ .*"shortCode"/)]),
    );
    expect(faults.length).toBeLessThan(30);
  });

  test("that is not there is one too", async () => {
    const { faults } = await checkOpenApi({ ...real, files: real.files.filter((path) => path !== DOCUMENT) });
    expect(faults[0]).toContain("openapi.json:1: not what the routes say");
  });

  test.each([
    ["no security", '"security": [],', "", "security-defined"],
    ["a scheme that is not defined", '"deviceToken": []', '"phoneToken": []', "security-defined"],
    ["an operation without a name", '"operationId": "listVouchers",', "", "operation-operationId"],
    [
      "a reference that leads nowhere",
      '"#/components/schemas/Fault"',
      '"#/components/schemas/Flaw"',
      "no-unresolved-refs",
    ],
  ])("with %s displeases the linter", async (_, from, to, rule) => {
    expect(written).toContain(from);
    expect(await lint(written.replace(from, to))).toEqual(
      expect.arrayContaining([expect.stringContaining(`(${rule})`)]),
    );
  });
});

describe("a generated client", () => {
  test("compiles", async () => expect((await checkClient(real)).faults).toEqual([]));

  test.each([
    ["a field has another name", '"shortCode"', '"code"', /calls\.ts\(\d+,\d+\): error TS2339: .*shortCode/],
    [
      "a limit must be given",
      '"name": "limit",\n            "required": false',
      '"name": "limit",\n            "required": true',
      /calls\.ts.*error TS2\d+/,
    ],
    ["a status is none of the list", '"neighbour"', '"neighbor"', /calls\.ts.*error TS2820: .*neighbour/],
  ])("does not where %s", async (_, from, to, fault) => {
    expect(written).toContain(from);
    const { faults } = await checkClient(withDescription(written.replaceAll(from, to)));
    expect(faults.join("\n")).toMatch(fault);
  });
});
