import { ascii, equalBytes } from "./bytes.ts";
import { MAX_ROOTS } from "./keys.ts";
import { malformed } from "./refusal.ts";

/**
 * The roots of a PEM file (RFC 7468), as they are handed out and pinned by hand: a block each, two of them while one
 * root follows the other. What stands between the blocks is for people.
 *
 * @returns public keys, 32 bytes each; whether they are points that may be trusted is the verifier's to check
 * @throws {Refusal} `malformed`, step `keys`: no block or more than five, one cut short, or one that is no Ed25519
 * public key (RFC 8410)
 */
export function readPem(text: string): readonly Uint8Array[] {
  if (text.length > MAX_LENGTH) malformed("keys");
  const blocks = [...text.matchAll(BLOCK)];
  // A block that was cut short is refused, not skipped: else somebody would believe a root to be pinned that is not.
  if (blocks.length === 0 || blocks.length > MAX_BLOCKS) malformed("keys");
  if (blocks.length !== text.split("-----BEGIN ").length - 1) malformed("keys");
  return blocks.map(([, label, body = ""]) => (label === "PUBLIC KEY" ? readBlock(body) : malformed("keys")));
}

const BLOCK = /-----BEGIN ([^-\r\n]+)-----([^-]*)-----END \1-----/g;
/** As many as are ever pinned: the root that signed a list, and those that it names. */
const MAX_BLOCKS = 1 + MAX_ROOTS;
/** Five blocks of 115 characters, and more than as much again for what people write between them. */
const MAX_LENGTH = 2048;

/** SubjectPublicKeyInfo of Ed25519, up to the 32 key bytes. */
const SPKI_HEAD = /* @__PURE__ */ Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

function readBlock(body: string): Uint8Array {
  const base64 = body.replace(/\s/g, "");
  // 44 bytes, and the one spelling of them
  if (!/^[A-Za-z0-9+/]{58}[AEIMQUYcgkosw048]=$/.test(base64)) malformed("keys");
  const bytes = ascii(atob(base64));
  if (!equalBytes(bytes.subarray(0, SPKI_HEAD.length), SPKI_HEAD)) malformed("keys");
  return bytes.subarray(SPKI_HEAD.length);
}
