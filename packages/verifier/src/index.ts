// Checking, with public keys alone: nothing here can sign, and nothing here fetches, stores or asks a clock.

export { CLOCK_TOLERANCE, type Held, type HeldBy, type Reception } from "./document.ts";
export type { VerifySignature } from "./ed25519.ts";
export { type JwksFile, readJwksFile } from "./jwks-file.ts";
export type { BareKeySet, KeySet, ListedKeySet, TrustedKey } from "./key-set.ts";
export { openKeyList, readCoseKeys, readJwksKeys } from "./keys.ts";
export { openEarlierManifest, openManifest, openShortCode, type Scrypt } from "./manifest.ts";
export { openRevocations } from "./revocations.ts";
export { type Note, type Question, type ValidVoucher, verifyVoucher } from "./verify.ts";
