// What bytes mean. Nothing here holds a key, asks a clock or checks a signature: what is read is unverified until the verifier says so.

export { decodeBase45 } from "./base45.ts";
export { ascii, concat, equalBytes, toHex } from "./bytes.ts";
export { isDeliveryId } from "./delivery-id.ts";
export { explainRefusal } from "./explain.ts";
export { type Jwks, readCoseKeySet, readJwks, writeCoseKeySet, writeJwks } from "./key-set.ts";
export {
  fingerprint,
  type KeyList,
  type KeyUse,
  keyId,
  type ListedKey,
  NAME,
  readKeyList,
  writeKeyList,
} from "./keys.ts";
export {
  LABEL,
  LOG_N,
  MAX_STOPS,
  type Manifest,
  readManifest,
  SEAL_NONCE,
  type Seal,
  type Stop,
  sealContext,
  sealSalt,
  writeManifest,
} from "./manifest.ts";
export { type Claims, readPayload, writePayload } from "./payload.ts";
export { readPem } from "./pem.ts";
export { hashPhone, readPhone } from "./phone.ts";
export {
  type AuthenticatedClaims,
  type MalformedStep,
  malformed,
  REFUSAL_CODES,
  Refusal,
  type RefusalCode,
  type RefusalFacts,
} from "./refusal.ts";
export { hasEntry, packEntries, type RevocationList, readRevocationList, writeRevocationList } from "./revocations.ts";
export { CODE_ALPHABET, CODE_DIGITS, formatShortCode, readShortCode, writeShortCode } from "./short-code.ts";
export { bytesToSign, type DocumentKind, readSign1, type Signed, type SignedKind, writeSign1 } from "./sign1.ts";
export { MAX_TEXT_LENGTH, readText, TEXT_PREFIX } from "./text.ts";
export { encodeBase45, writeText } from "./text-write.ts";
export { expandVoucher, joinVoucher, splitVoucher, voucherBytesToSign } from "./voucher.ts";
