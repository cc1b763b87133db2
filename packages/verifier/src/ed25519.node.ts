import { createPublicKey, verify } from "node:crypto";
import { checkPublicKey, hasIdentity, type VerifySignature } from "./ed25519.ts";

/**
 * As in `ed25519.ts`, by the platform's own curve: the same verdicts, 13 times faster. Deno and Bun take this file too,
 * since they answer to "node": other libraries stand under their node:crypto, and tools/runtimes holds them to every
 * vector's verdict. What is bundled for a Worker or a page does not ask for "node", and takes noble's.
 *
 * @param publicKey 32 bytes
 * @throws {Refusal} `malformed`, step `keys`
 */
export function importPublicKey(publicKey: Uint8Array): VerifySignature {
  checkPublicKey(publicKey);
  // Made once a key: making it costs a tenth of a verification.
  const handle = createPublicKey({ key: Uint8Array.of(...SPKI_HEAD, ...publicKey), format: "der", type: "spki" });
  return (message, signature) => !hasIdentity(signature) && verify(null, message, handle, signature);
}

/** SubjectPublicKeyInfo of Ed25519 (RFC 8410 section 4), up to the 32 key bytes. */
const SPKI_HEAD = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
