import { expect, test } from "vitest";
import { checkPublished } from "./published.ts";
import type { Tree } from "./tree.ts";

test("what holds no key has no fault, and the one file of known trial keys is none", () => {
  const files = {
    "docs/trying.md": "",
    "apps/issuer/test/fixtures/be8a529/keys.json": btoa(`-----${"BEGIN PRIVATE"} KEY-----`),
  };
  expect(checkPublished(treeOf(files)).faults).toEqual([]);
});

test.each([
  {
    name: "a private key in a file",
    files: {
      "docs/trying.md": `-----${"BEGIN PRIVATE"} KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----`,
    },
    fault: "docs/trying.md: holds a private key",
  },
  {
    name: "a private key in base64",
    files: { "apps/demo/test/keys.json": `{ "root.pem": "${btoa(`-----${"BEGIN PRIVATE"} KEY-----\nMC4CAQAw`)}" }` },
    fault: "apps/demo/test/keys.json: holds a private key in base64",
  },
  {
    name: "a private key beside the one that is known",
    files: Object.fromEntries(
      ["keys.json", "more.json"].map((name) => [
        `apps/issuer/test/fixtures/be8a529/${name}`,
        btoa(`-----${"BEGIN PRIVATE"} KEY-----`),
      ]),
    ),
    fault: "apps/issuer/test/fixtures/be8a529/more.json: holds a private key in base64",
  },
  {
    name: "a file of the private folder",
    files: { "keys/private/notes.txt": "" },
    fault: "keys/private/notes.txt: lies in a folder of private keys",
  },
  {
    name: "the private member of a JWK",
    files: { "keys/jwks.json": '{ "keys": [{ "kty": "OKP", "d": "…" }] }' },
    fault: "keys/jwks.json: holds the private member",
  },
])("$name", ({ files, fault }) => {
  const { faults } = checkPublished(treeOf(files));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});

function treeOf(files: Readonly<Record<string, string>>): Tree {
  return { files: Object.keys(files).sort(), read: (path) => files[path] ?? "" };
}
