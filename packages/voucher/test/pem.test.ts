import { generateKeyPairSync } from "node:crypto";
import { publicKeyPem } from "@doorproof/signer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPem } from "../src/codec.ts";
import { join } from "../vectors/generator/bytes.ts";
import { codeOf, expectRefusal } from "./refuses.ts";

// root.pub.pem: pinned by hand, so whatever is not just public keys is refused, and nothing in it is passed over.

const keys = Array.from({ length: 9 }, (_, i) => new Uint8Array(32).fill(i + 1));
const [one, two] = keys.map(publicKeyPem) as [string, string];
const SPKI_HEAD = Uint8Array.from(Buffer.from("302a300506032b6570032100", "hex"));
const [first, second] = keys as [Uint8Array, Uint8Array];

describe("is read", () => {
  test.each<[string, string, readonly Uint8Array[]]>([
    ["one block", one, [first]],
    ["two, in their order", two + one, [second, first]],
    ["five", keys.slice(0, 5).map(publicKeyPem).join(""), keys.slice(0, 5)],
    ["with words around them", `the root until May:\n${one}\nand from then on:\n${two}`, [first, second]],
    ["with the line ends of another system", one.replaceAll("\n", "\r\n"), [first]],
    ["with its base64 in short lines", one.replace(/.{16}(?=.*=)/g, "$&\n"), [first]],
    ["with no line end at its end", one.trimEnd(), [first]],
  ])("%s", (_, text, expected) => {
    expect(readPem(text)).toEqual(expected);
  });
});

describe("is refused", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = (type: string) =>
    (privateKey.export({ format: "pem", type: "pkcs8" }) as string).replaceAll("PRIVATE", type);
  const curve = (namedCurve: string) =>
    generateKeyPairSync("ec", { namedCurve }).publicKey.export({ format: "pem", type: "spki" }) as string;
  test.each<[string, string]>([
    ["nothing", ""],
    ["a page", "<html>"],
    ["a private key", pem("PRIVATE")],
    ["a public key with a private one beside it", one + pem("PRIVATE")],
    ["a private key that calls itself public", pem("PUBLIC")],
    ["a public key under another label", one.replaceAll("PUBLIC KEY", "TRUSTED KEY")],
    ["a key on another curve", curve("P-256")],
    ["an X25519 key", generateKeyPairSync("x25519").publicKey.export({ format: "pem", type: "spki" }) as string],
    ["a second block that was cut short", one + two.slice(0, -30)],
    ["a block with the end of another", one.replace("END PUBLIC", "END PRIVATE")],
    ["base64 that ends early", one.replace(/.=\n/, "\n")],
    ["base64 with bits to spare", one.replace(/(.)=\n/, (_, last: string) => `${next(last)}=\n`)],
    ["a key of 33 bytes", block(join(SPKI_HEAD, first, Uint8Array.of(0)))],
    ["32 bytes of another key's kind", block(join(SPKI_HEAD.with(8, 0x6e), first))],
    ["six blocks", keys.slice(0, 6).map(publicKeyPem).join("")],
    ["2,049 characters", one.padEnd(2049)],
    ["more than a handful, and long", keys.map(publicKeyPem).join("").repeat(3)],
  ])("%s", (_, text) => {
    expectRefusal("malformed: keys", () => readPem(text));
  });

  function block(der: Uint8Array): string {
    return `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der).toString("base64")}\n-----END PUBLIC KEY-----\n`;
  }

  // 44 bytes end in a character with two bits that must be 0.
  function next(character: string): string {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return alphabet[alphabet.indexOf(character) + 1] ?? "";
  }
});

test("whatever keys: what is written is read", () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), (keys) => {
      expect(readPem(keys.map(publicKeyPem).join(""))).toEqual(keys);
    }),
  );
});

test("whatever text: keys or malformed", () => {
  const piece = fc.constantFrom(
    "-----BEGIN PUBLIC KEY-----",
    "-----END PUBLIC KEY-----",
    "\n",
    one,
    two.slice(0, 90),
    "=",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      try {
        expect(readPem(pieces.join("")).length).toBeGreaterThan(0);
      } catch (error) {
        expect(codeOf(error)).toBe("malformed: keys");
      }
    }),
  );
});
