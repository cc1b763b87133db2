// The shapes of the JSON files here. README.md says how to run them.

/** Every case of every file has this member too. */
export interface ForRole {
  /** The first of the README's roles, in the order of its table, that has to agree; so have all after it. */
  role: 1 | 2 | 3 | 4;
}

/** Bytes: as hex, or in parts, one after the other, where hex would fill pages with the same. */
export type Octets = string | readonly Part[];

/**
 * `hex`, `times` times over (once where it is absent). With `countAt`, the four bytes at that offset of `hex` are each
 * time its number, from 0, big-endian; with `digitsAt` the same number in four decimal digits.
 */
export interface Part {
  hex: string;
  times?: number;
  countAt?: number;
  digitsAt?: number;
}

/** Why a case is refused; `step` stands beside `malformed` only. */
export interface Refused {
  code: string;
  step?: string;
}

/** given.json: what the cases refer to by name. Byte strings are lower-case hex, save where `Octets` says otherwise. */
export interface Given {
  issuer: string;
  /** Test keys: their seeds are published here, so nobody may trust them. */
  testKeys: Record<string, { seed: string; publicKey: string; kid: string }>;
  codeSecret: string;
  keySets: Record<string, KeySource>;
  revocations: Record<string, string>;
  manifests: Record<string, { route: string; document: string }>;
}

/** One of three ways in which a reader comes to an issuer's keys. */
export type KeySource = { jwks: unknown } | { coseKeys: Octets } | { keyList: string; roots: string[] };

/** What is asked of a voucher; times in seconds since 1970. */
export interface QuestionData {
  now: number;
  delivery: string | null;
  keys: string;
  revocations?: string;
  phones?: string[];
  manifest?: string | null;
  /** What this device accepted before: the same (kid, cti), or the same delivery, is `already-used`. */
  used?: { kid: string; cti: string; deliveryId: string; at: number }[];
  seen?: number;
}

export interface Stages {
  claims: { deliveryId: string; expiresAt: number; cti: string; phoneHash: number | null };
  /** The number behind the phone hash, where there is one. */
  phone?: string;
  payload: string;
  kid: string;
  bytesToSign: string;
  signature: string;
  voucher: string;
  coseSign1: string;
  shortCode: string;
}

export interface ValidCase {
  name: string;
  text: string;
  question: QuestionData;
  stages: Stages;
  expect: { issuer: string; kid: string; cti: string; deliveryId: string; expiresAt: number; notes: string[] };
}

export interface RefusedCase {
  name: string;
  text: string;
  question: QuestionData;
  /** Number of the step of reading that refuses. */
  reading: number;
  expect: Refused;
}

/**
 * A signed document that is read; `held` is what the device accepted before, by kid, `issuerTime` what the issuer stated
 * as it handed the document out. Without one it came from a file.
 */
export interface DocumentCase {
  name: string;
  read: "keys" | "revocations" | "manifest";
  document: Octets;
  given: {
    keys?: string;
    roots?: string[];
    issuer?: string;
    route?: string;
    held?: Record<string, { version: number; document: string }>;
    issuerTime?: number;
  };
  /** `pinned` stands where a key list is read: the roots that are pinned from then on, in ascending order. */
  expect: { accepted: { issuer: string; version: number; issuedAt: number; pinned?: string[] } } | Refused;
}

/**
 * A bare key set that is read, alone: a JWKS as a value (`jwks`) or as the bytes of a file (`file`), or a COSE_KeySet.
 * `issuer` stands where a file is read: what it calls the issuer, or null.
 */
export interface KeySetCase {
  name: string;
  keys: { jwks: unknown } | { file: Octets } | { coseKeys: Octets };
  expect: { kids: string[]; issuer?: string | null } | Refused;
}

export interface ShortCodes {
  derived: { secret: string; kid: string; cti: string; code: string }[];
  typed: { typed: string; expect: { code: string } | Refused }[];
}

/** A stop of a manifest, opened by what was typed. `kdf: "fails"`: the device has no memory for it. */
export interface SealCase {
  name: string;
  typed: string;
  logN: number;
  stop: { deliveryId: string; salt: string; sealed: string };
  kdf?: "fails";
  expect: { text: string } | Refused;
}

/**
 * Calls that are the caller's mistake: each ends in the error that a language has for that, and in no verdict, whatever
 * else is in them.
 */
export interface Misuse {
  questions: { name: string; text: string; question: QuestionData }[];
  phones: { name: string; number: string }[];
  seals: { name: string; typed: string; logN: number; stop: SealCase["stop"] }[];
}

export interface Primitives {
  base45: { bytes: string; text: string; source: string }[];
  base45Refused: { name: string; text: string }[];
  /** What a scanner hands over, byte by byte, and the voucher's bytes in it. */
  scanned: { name: string; octets: string; expect: { voucher: string } | Refused }[];
  phones: { number: string; hash: number }[];
  /**
   * What a person types on a route of this calling code, and the numbers that they may have meant, in the order in
   * which they are tried.
   */
  phonesTyped: { typed: string; country: string; numbers: string[] }[];
  /** `key: refused`: the public key may not be imported, whatever it signs. */
  signatures: {
    name: string;
    publicKey: string;
    message: string;
    signature: string;
    expect: "valid" | "invalid" | "key-refused";
    source: string;
  }[];
}
