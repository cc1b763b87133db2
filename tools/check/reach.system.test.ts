import { describe, expect, test } from "vitest";
import { treeOf } from "./clean-tree.ts";
import { checkPageDoor, checkReach, checkVoucherDoor } from "./reach.ts";

describe("what is shipped", () => {
  test("neither signs nor makes keys", async () => {
    const { faults } = await checkReach(treeOf({}));
    expect(faults.filter((fault) => !fault.includes("bytes gzip"))).toEqual([]);
  });

  test.each([
    {
      name: "the curve's own sign",
      entry:
        'import { sign } from "@noble/ed25519";\nexport { verifyVoucher } from "@doorproof/verifier";\nexport const prove = (text, key) => sign(text, key);',
      folder: "packages/verifier",
      fault: "can sign or make keys: sign",
    },
    {
      name: "a key made by the curve's library",
      entry: 'import { keygen } from "@noble/ed25519";\nexport const make = () => keygen();',
      folder: "packages/verifier",
      fault: "can sign or make keys: keygen",
    },
    {
      name: "the platform's sign",
      entry: 'export const prove = (key, bytes) => crypto.subtle.sign("Ed25519", key, bytes);',
      folder: "packages/verifier",
      fault: "can sign or make keys: sign",
    },
    {
      name: "a module of the signer",
      entry: 'export { isTestKey } from "./src/test-keys.ts";',
      folder: "packages/signer",
      fault: "holds packages/signer/src/test-keys.ts",
    },
    {
      name: "a module of Node",
      entry: 'export { deriveShortCode } from "./src/short-code.ts";',
      folder: "packages/signer",
      fault: 'Could not resolve "node:crypto"',
    },
    {
      name: "cbor-x",
      entry: 'export { writeManifest } from "@doorproof/voucher/codec";',
      folder: "packages/verifier",
      fault: "holds node_modules/cbor-x/",
    },
    {
      name: "too many bytes",
      entry: 'export * from "@doorproof/verifier";',
      folder: "packages/verifier",
      fault: "bytes gzip, more than 10000",
    },
  ])("fails with $name inside", async ({ entry, folder, fault }) => {
    const { faults } = await checkVoucherDoor(entry, folder);
    expect(faults.join("\n")).toContain(fault);
  });
});

describe("what a verifier page starts", () => {
  test.each([
    {
      name: "the app that has a network",
      entry: 'import "./src/main.ts";',
      faults: ["holds apps/driver/src/sync/network.ts", "can ask a network: fetch", "can ask a network: serviceWorker"],
    },
    {
      name: "a fetch under another name",
      entry: 'import "./src/main.page.ts";\nconst { fetch: look } = globalThis;\nlook("/");',
      faults: ["can ask a network: fetch"],
    },
    {
      name: "a beacon spelled as a text",
      entry: 'import "./src/main.page.ts";\nnavigator["sendBeacon"]("/");',
      faults: ["can ask a network: sendBeacon"],
    },
  ])("is refused with $name inside", async ({ entry, faults }) => {
    const found = await checkPageDoor(entry);
    for (const fault of faults) expect(found.faults.join("\n")).toContain(`verifier page: ${fault}`);
  });
});
