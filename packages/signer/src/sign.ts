import { createPublicKey, type PublicKeyHandle, verify } from "node:crypto";
import { bytesToSign, equalBytes, keyId, type Signed, type SignedKind } from "@doorproof/voucher/codec";
import { type SigningKey, SPKI_HEAD } from "./signing-key.ts";

/** The use that a key must have to sign each kind. Checked here and not by callers, so that none can forget it. */
const SIGNED_BY: Record<SignedKind, SigningKey["use"]> = {
  voucher: "vouchers",
  manifest: "documents",
  revocations: "documents",
  receipt: "documents",
  keys: "root",
};

/**
 * Signs one payload, and verifies what the key answered before it leaves the room: Ed25519's nonces are deterministic,
 * so one faulty signature beside a good one of the same bytes gives the private key away.
 *
 * @param selfCheck false only where speed was weighed against that by policy
 * @throws {Error} the key has another use, or its signature does not verify: stop signing
 */
export async function sign(
  kind: SignedKind,
  payload: Uint8Array,
  { key, selfCheck = true }: { key: SigningKey; selfCheck?: boolean },
): Promise<Signed> {
  if (key.use !== SIGNED_BY[kind]) throw new Error(`a key for ${key.use} does not sign a ${kind}`);
  const bytes = bytesToSign(kind, key.kid, payload);
  const signature = await key.sign(bytes);
  if (signature.length !== 64) throw new Error("the key's answer is not an Ed25519 signature");
  if (selfCheck && !verify(null, bytes, publicHandle(key), signature)) {
    throw new Error("the key's signature does not verify: the key store or this machine is faulty, sign nothing more");
  }
  return { kid: key.kid, payload, signature };
}

const publicHandles = new WeakMap<SigningKey, PublicKeyHandle>();

function publicHandle(key: SigningKey): PublicKeyHandle {
  const known = publicHandles.get(key);
  if (known) return known;
  // A misconfigured key store names one key and holds another: nothing that it signs would ever verify.
  if (!equalBytes(key.kid, keyId(key.publicKey))) throw new Error("the key's kid is not its public key's");
  const handle = createPublicKey({ key: Uint8Array.of(...SPKI_HEAD, ...key.publicKey), format: "der", type: "spki" });
  publicHandles.set(key, handle);
  return handle;
}
