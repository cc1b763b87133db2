// Checking, with public keys alone: nothing here can sign, and nothing here fetches, stores or asks a clock.

export type { Held, HeldBy } from "./document.ts";
export type { VerifySignature } from "./ed25519.ts";
export {
  type BareKeySet,
  type KeySet,
  type ListedKeySet,
  readCoseKeys,
  readJwksKeys,
  readKeyList,
  type TrustedKey,
} from "./keys.ts";
export { openManifest, openShortCode, type Scrypt } from "./manifest.ts";
export { readRevocations } from "./revocations.ts";
export { type Note, type Question, type ValidVoucher, verifyVoucher } from "./verify.ts";
