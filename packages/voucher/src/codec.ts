// The door for the verifier, the signer and whoever works on bytes. It may change with any release; the package's main
// door follows semantic versioning.

export { decodeBase45 } from "./base45.ts";
export { ascii, concat, equalBytes, fromHex, toHex, utf8Length } from "./bytes.ts";
export { readEarlierManifest } from "./earlier-manifest.ts";
export { readCoseKeySet, readJwks, writeCoseKeySet } from "./key-set.ts";
export { fingerprint, keyId, MAX_ROOTS, NAME, readKeyList, writeKeyList } from "./keys.ts";
export {
  LOG_N,
  MAX_PARCELS,
  MAX_REVOKED,
  MAX_STOPS,
  readManifest,
  SEAL_NONCE,
  sealContext,
  sealSalt,
  writeManifest,
} from "./manifest.ts";
export { readPayload, writePayload } from "./payload.ts";
export { readPem } from "./pem.ts";
export { malformed } from "./refusal.ts";
export { hasEntry, packEntries, readRevocationList, writeRevocationList } from "./revocations.ts";
export { CODE_ALPHABET, CODE_DIGITS, writeShortCode } from "./short-code.ts";
export { bytesToSign, type DocumentKind, readSign1, type Signed, type SignedKind, writeSign1 } from "./sign1.ts";
export {
  ANYBODY,
  ASK_BITS,
  CALL,
  MAX_LABEL,
  MAX_NAMED,
  MAX_STOP_PARCELS,
  PARCEL,
  readBits,
  STOP_TEXT,
  TAKER_BITS,
  writeBits,
} from "./stop.ts";
export { MAX_TEXT_LENGTH, TEXT_PREFIX } from "./text.ts";
export { encodeBase45, writeText } from "./text-write.ts";
export { foldTyped } from "./typed.ts";
export { joinVoucher, splitVoucher, voucherBytesToSign } from "./voucher.ts";
