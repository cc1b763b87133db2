import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { importPublicKey as importByNode } from "../src/ed25519.node.ts";
import { importPublicKey as importByNoble } from "../src/ed25519.ts";
import { vectorKey } from "./world.ts";

// The public edge cases of Ed25519: C2SP's Wycheproof and CCTV, and the speccheck of "Taming the many EdDSAs". Where
// they come from is in suites/README.md. packages/voucher/vectors has a case for each rule that they try.

const SHA256 = {
  "wycheproof-ed25519.json": "752d2ea7d7c6cf4736381b6cbacb61f8182b126ab7cd9b058f00c50084975536",
  "ed25519-speccheck.json": "08e47a36d9aead288664930505584f353fff113ab854f2800db1e4f5b3540450",
  "cctv-ed25519.json": "b38e84caf3e7e89170ff520292dbeae421b0a794c27408ce5ce973018fe3d7f9",
};

type Verdict = "valid" | "invalid" | "key-refused";

function verdictBy(importKey: typeof importByNode, { key, message, signature }: Case): Verdict {
  try {
    return importKey(fromHex(key))(fromHex(message), fromHex(signature)) ? "valid" : "invalid";
  } catch (error) {
    expect(Refusal.is(error, "malformed")).toBe(true);
    return "key-refused";
  }
}

interface Case {
  name: string;
  key: string;
  message: string;
  signature: string;
}

describe("one verdict by noble and by node:crypto", () => {
  // As published: a case that was edited to pass, or a checkout that changed line ends, is not the suite.
  const read = (name: keyof typeof SHA256) => {
    const bytes = readFileSync(join(import.meta.dirname, "suites", name));
    expect(createHash("sha256").update(bytes).digest("hex"), name).toBe(SHA256[name]);
    return JSON.parse(bytes.toString());
  };

  const bothSay = (one: Case): Verdict => {
    const verdict = verdictBy(importByNode, one);
    expect(verdictBy(importByNoble, one), one.name).toBe(verdict);
    return verdict;
  };

  test("Wycheproof: what it expects", () => {
    const groups: { publicKey: { pk: string }; tests: { tcId: number; msg: string; sig: string; result: string }[] }[] =
      read("wycheproof-ed25519.json").testGroups;
    const cases = groups.flatMap(({ publicKey, tests }) =>
      tests.map(({ tcId, msg, sig, result }) => ({
        name: `${tcId}`,
        key: publicKey.pk,
        message: msg,
        signature: sig,
        result,
      })),
    );
    expect(cases).toHaveLength(151);
    for (const one of cases) expect(bothSay(one), one.name).toBe(one.result);
  });

  test("speccheck: none accepted", () => {
    const cases: { message: string; pub_key: string; signature: string }[] = read("ed25519-speccheck.json");
    expect(cases).toHaveLength(12);
    for (const [i, { message, pub_key, signature }] of cases.entries()) {
      expect(bothSay({ name: `${i}`, key: pub_key, message, signature }), `${i}`).not.toBe("valid");
    }
  });

  test("CCTV: exactly the one without flags", () => {
    const cases: { number: number; key: string; sig: string; msg: string; flags: string[] | null }[] =
      read("cctv-ed25519.json");
    expect(cases).toHaveLength(914);
    let importable = 0;
    for (const { number, key, sig, msg, flags } of cases) {
      const message = Buffer.from(msg).toString("hex");
      const verdict = bothSay({ name: `${number}`, key, message, signature: sig });
      if (verdict !== "key-refused") importable++;
      expect(verdict === "valid", `${number}`).toBe((flags ?? []).length === 0);
    }
    expect(importable).toBe(28);
  });
});

describe("a signature of another length is no signature, and no crash", () => {
  const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  test.each([0, 1, 31, 32, 33, 63, 65, 128])("%i bytes", (length) => {
    const signature = new Uint8Array(length).fill(3);
    expect(importByNode(key)(new Uint8Array(), signature)).toBe(false);
    expect(importByNoble(key)(new Uint8Array(), signature)).toBe(false);
  });

  // An S below 2^248 leaves the last byte 0: to a reader that does not look at the length, 63 bytes say the same.
  test("63 bytes of a good one whose last byte is 0", async () => {
    const found = await findShort();
    expect(importByNode(found.key)(found.message, found.signature)).toBe(true);
    expect(importByNoble(found.key)(found.message, found.signature)).toBe(true);
    expect(importByNode(found.key)(found.message, found.signature.subarray(0, 63))).toBe(false);
    expect(importByNoble(found.key)(found.message, found.signature.subarray(0, 63))).toBe(false);
  });
});

test.each([0, 31, 33])("a key of %i bytes is refused", (length) => {
  for (const importKey of [importByNode, importByNoble])
    expect(() => importKey(new Uint8Array(length))).toThrow(Refusal);
});

/** One signature of sixteen ends in 0. */
async function findShort(): Promise<{ key: Uint8Array; message: Uint8Array; signature: Uint8Array }> {
  const key = vectorKey("voucher", "vouchers");
  for (let i = 0; ; i++) {
    const message = Uint8Array.of(i);
    const signature = await key.sign(message);
    if (signature[63] === 0) return { key: key.publicKey, message, signature };
  }
}
