import { createHash } from "node:crypto";
import type { QuestionData, ValidCase } from "../schema.ts";
import { hex } from "./bytes.ts";
import { DAY, GRACE, HOUR, ISSUER, KEYS, NOW, PHONE, SECRET, STOPS, TO } from "./given.ts";
import { type Made, makeVoucher, phoneHash } from "./make.ts";

export interface Wanted {
  key?: keyof typeof KEYS;
  deliveryId?: string;
  expiresAt?: number;
  cti?: string;
  phone?: string;
  phoneHash?: number | null;
}

/**
 * A voucher as an issuer makes it; what is not said is RR123456785DE, two days and the phone number of everybody here.
 */
export function issued(name: string, wanted: Wanted = {}): Made {
  const { key = "voucher", deliveryId = "RR123456785DE", expiresAt = NOW + 2 * DAY, phone = PHONE } = wanted;
  const cti = wanted.cti ?? createHash("sha256").update(`cti ${name}`).digest("hex").slice(0, 16);
  const hash = wanted.phoneHash === undefined ? phoneHash(phone) : wanted.phoneHash;
  const claims = { deliveryId, expiresAt, cti, phoneHash: hash };
  return makeVoucher(claims, { key: KEYS[key], secret: SECRET, ...(wanted.phoneHash === undefined ? { phone } : {}) });
}

type Row = readonly [name: string, wanted: Wanted, question: Partial<QuestionData>, notes: readonly string[]];

// Of a bare set, without a revocation list or a manifest.
const BARE = ["keys-unsigned", "no-revocations", "assignment-not-checked"];
const SIGNED = { keys: "listed", revocations: "current" };
const FULL = { ...SIGNED, manifest: "route-7", phones: [PHONE] };
const UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

const ROWS: readonly Row[] = [
  // delivery IDs: each has one form
  ["a UPU S10 number", {}, {}, BARE],
  ["an ID of one character", { deliveryId: "7" }, {}, BARE],
  ["an ID of 23 characters: the longest with a head of one byte", { deliveryId: "A".repeat(23) }, {}, BARE],
  ["an ID of 24 characters: a head of two bytes", { deliveryId: "B".repeat(24) }, {}, BARE],
  ["an ID of 28 characters", { deliveryId: "JVGL0123456789012345678-0001" }, {}, BARE],
  ["an ID of 64 characters, the longest", { deliveryId: "z".repeat(64) }, {}, BARE],
  ["an ID of the first and the last printable characters", { deliveryId: "!~!~" }, {}, BARE],
  ["an ID of punctuation", { deliveryId: "#\"'\\<>&%$;:,.?/|`^*()[]{}=+-_@" }, {}, BARE],
  ["an ID of 16 characters: text, not the 16 bytes of a UUID", { deliveryId: "0123456789abcdef" }, {}, BARE],
  ["an ID of 32 hex digits: text", { deliveryId: "e481f51cbdc54678b7cc49136f2d6af7" }, {}, BARE],
  ["a lower-case UUID: 16 bytes", { deliveryId: UUID }, {}, BARE],
  ["the nil UUID: 16 bytes", { deliveryId: "00000000-0000-0000-0000-000000000000" }, {}, BARE],
  ["an upper-case UUID: text", { deliveryId: UUID.toUpperCase() }, {}, BARE],
  ["a UUID with one upper-case digit: text", { deliveryId: UUID.replace("f", "F") }, {}, BARE],
  ["a UUID in braces: text", { deliveryId: `{${UUID}}` }, {}, BARE],
  ["36 characters like a UUID but for a g: text", { deliveryId: UUID.replace("f", "g") }, {}, BARE],
  ["an ID that looks like a number", { deliveryId: "0042" }, {}, BARE],
  ["an ID that looks like a keyword", { deliveryId: "null" }, {}, BARE],

  // expiry, in each width
  [
    "expiry in a head alone, and the shortest voucher: 82 bytes",
    { deliveryId: "1", expiresAt: 23, phoneHash: null },
    { now: 5 },
    BARE,
  ],
  ["expiry 24: one byte after its head", { expiresAt: 24 }, { now: 23 }, BARE],
  ["expiry 255", { expiresAt: 255 }, { now: 0 }, BARE],
  ["expiry 256: two bytes", { expiresAt: 256 }, { now: 0 }, BARE],
  ["expiry 65535", { expiresAt: 65535 }, { now: 0 }, BARE],
  ["expiry 65536: four bytes", { expiresAt: 65536 }, { now: 65535 }, BARE],
  ["expiry 2^32-1, the latest", { expiresAt: 2 ** 32 - 1 }, { now: 2 ** 32 - 2 }, BARE],
  ["the second before expiry", { expiresAt: NOW + 1 }, {}, BARE],

  // cti and phone hash
  ["cti of zeros", { cti: "0000000000000000" }, {}, BARE],
  ["cti of ones", { cti: "ffffffffffffffff" }, {}, BARE],
  ["phone hash 0", { phoneHash: 0 }, {}, BARE],
  ["phone hash 23", { phoneHash: 23 }, {}, BARE],
  ["phone hash 24", { phoneHash: 24 }, {}, BARE],
  ["phone hash 255", { phoneHash: 255 }, {}, BARE],
  ["phone hash 256", { phoneHash: 256 }, {}, BARE],
  ["phone hash 4095", { phoneHash: 4095 }, {}, BARE],
  ["no phone hash, and none asked", { phoneHash: null }, {}, BARE],
  ["no phone hash, but a number asked", { phoneHash: null }, { phones: [PHONE] }, [...BARE, "phone-not-in-voucher"]],
  [
    "no phone hash, but two numbers asked",
    { phoneHash: null },
    { phones: [PHONE, "+4401234567"] },
    [...BARE, "phone-not-in-voucher"],
  ],
  ["no phone hash, and no number understood", { phoneHash: null }, { phones: [] }, [...BARE, "phone-not-in-voucher"]],
  ["phone hash 0: a number that fits", { phone: "+447700900572" }, { phones: ["+447700900572"] }, BARE],
  ["the number fits", {}, { phones: [PHONE] }, BARE],
  ["the second of two numbers fits", {}, { phones: ["+447700900124", PHONE] }, BARE],
  ["the shortest number", { phone: "+1234567" }, { phones: ["+1234567"] }, BARE],
  ["the longest number", { phone: "+123456789012345" }, { phones: ["+123456789012345"] }, BARE],
  ["the longest voucher: 152 bytes, 232 characters", { deliveryId: "y".repeat(64), phoneHash: 4095 }, {}, BARE],

  // key sets
  ["a COSE_KeySet", {}, { keys: "cose" }, BARE],
  ["a JWKS of two keys", {}, { keys: "jwks-two" }, BARE],
  ["the other key of the two", { key: "brief" }, { keys: "jwks-two" }, BARE],
  ["a JWKS with keys of unknown types", {}, { keys: "jwks-strange" }, BARE],
  ["a COSE_KeySet with a key of an unknown type", {}, { keys: "cose-strange" }, BARE],
  ["a JWKS that names another issuer", {}, { keys: "jwks-named" }, BARE],
  ["a voucher by the key of RFC 8032's first test", { key: "rfc8032" }, { keys: "jwks-rfc8032" }, BARE],
  ["a signed key list", {}, { keys: "listed" }, ["no-revocations", "assignment-not-checked"]],
  [
    "the first second of a key's window",
    { key: "brief", expiresAt: NOW + 1000 },
    { keys: "listed", now: NOW - 1000 },
    ["no-revocations", "assignment-not-checked"],
  ],
  [
    "the last second of a key's window, by a voucher that ends with it",
    { key: "brief", expiresAt: NOW + 1000 },
    { keys: "listed", now: NOW + 999 },
    ["no-revocations", "assignment-not-checked"],
  ],
  [
    "a voucher that ends with its key",
    { expiresAt: TO },
    { keys: "listed" },
    ["no-revocations", "assignment-not-checked"],
  ],

  [
    "a signed key list with keys of uses that no reader knows",
    { key: "brief" },
    { keys: "listed-later" },
    ["no-revocations", "assignment-not-checked"],
  ],

  // revocations
  ["a revocation list that names others", {}, SIGNED, ["assignment-not-checked"]],
  ["an empty revocation list", {}, { keys: "listed", revocations: "empty" }, ["assignment-not-checked"]],
  [
    "a withdrawn key, but no list that says so",
    { key: "revoked" },
    { keys: "listed" },
    ["no-revocations", "assignment-not-checked"],
  ],
  [
    "another key is withdrawn",
    { key: "brief", expiresAt: NOW + 500 },
    { keys: "listed", revocations: "key-withdrawn" },
    ["assignment-not-checked"],
  ],
  ["a cti next to a revoked one", { cti: "7f00000000000001" }, SIGNED, ["assignment-not-checked"]],

  [
    "the document key is withdrawn by mistake: its manifest holds still",
    {},
    { ...FULL, revocations: "document-key-withdrawn" },
    [],
  ],

  // delivery, memory, manifest: nothing left to note
  ["everything asked and everything answered", {}, FULL, []],
  ["everything asked, of a UUID", { deliveryId: STOPS[1] }, { ...FULL }, []],
  ["everything asked, of the last stop", { deliveryId: STOPS[2] }, { ...FULL }, []],
  ["everything asked, and the number is not in the voucher", { phoneHash: null }, FULL, ["phone-not-in-voucher"]],
  [
    "nobody compares the delivery",
    {},
    { delivery: null },
    ["keys-unsigned", "no-revocations", "delivery-not-compared", "assignment-not-checked"],
  ],
  ["nobody compares the delivery, with a manifest", {}, { ...FULL, delivery: null }, ["delivery-not-compared"]],
  [
    "nobody compares the delivery, with a key list",
    {},
    { ...SIGNED, delivery: null },
    ["delivery-not-compared", "assignment-not-checked"],
  ],
  [
    "others were used here",
    {},
    { used: [{ kid: hex(KEYS.voucher.kid), cti: "0123456701234567", deliveryId: "ANOTHER", at: NOW - 60 }] },
    BARE,
  ],
  [
    "the same cti under another key was used here",
    { cti: "0123456701234567" },
    { used: [{ kid: "00000000", cti: "0123456701234567", deliveryId: "ANOTHER", at: NOW - 60 }] },
    BARE,
  ],
  [
    "another spelling of its UUID was used here, which is another delivery",
    { deliveryId: UUID },
    { used: [{ kid: "00000000", cti: "0123456701234567", deliveryId: UUID.toUpperCase(), at: NOW - 60 }] },
    BARE,
  ],
  ["the second before the manifest expires", {}, { ...FULL, manifest: "route-7-short", now: NOW + HOUR - 1 }, []],

  // the clock: 300 seconds are forgiven
  [
    "300 s behind the key list",
    {},
    { keys: "listed", now: NOW - HOUR - 300 },
    ["no-revocations", "assignment-not-checked"],
  ],
  ["300 s behind the revocation list", {}, { ...SIGNED, now: NOW - HOUR / 2 - 300 }, ["assignment-not-checked"]],
  ["300 s behind the manifest", {}, { ...FULL, now: NOW - HOUR / 4 - 300 }, []],
  ["300 s behind the last record", {}, { seen: NOW + 300 }, BARE],

  // stale is not invalid
  [
    "the last second of a key list",
    {},
    { keys: "ageing", now: NOW + HOUR - 1 },
    ["no-revocations", "assignment-not-checked"],
  ],
  [
    "the key list expires",
    {},
    { keys: "ageing", now: NOW + HOUR },
    ["keys-old", "no-revocations", "assignment-not-checked"],
  ],
  [
    "the last second of a key list's grace",
    {},
    { keys: "ageing", now: NOW + HOUR + GRACE - 1 },
    ["keys-old", "no-revocations", "assignment-not-checked"],
  ],
  ["an old key list and a full question", {}, { ...FULL, keys: "ageing", now: NOW + 2 * HOUR }, ["keys-old"]],
  [
    "the last second of a revocation list",
    {},
    { keys: "listed", revocations: "ageing", now: NOW + HOUR - 1 },
    ["assignment-not-checked"],
  ],
  [
    "the next revocation list is due",
    {},
    { keys: "listed", revocations: "ageing", now: NOW + HOUR },
    ["revocations-old", "assignment-not-checked"],
  ],
  [
    "the last second of a revocation list's grace",
    {},
    { keys: "listed", revocations: "ageing", now: NOW + HOUR + GRACE - 1 },
    ["revocations-old", "assignment-not-checked"],
  ],
  [
    "a grace that ends after 2^32",
    {},
    { keys: "long-grace", revocations: "ageing", now: NOW + HOUR },
    ["keys-old", "revocations-old", "assignment-not-checked"],
  ],
  [
    "both lists are old",
    {},
    { keys: "ageing", revocations: "ageing", now: NOW + 3 * HOUR },
    ["keys-old", "revocations-old", "assignment-not-checked"],
  ],
];

export function validCases(): ValidCase[] {
  return ROWS.map(([name, wanted, asked, notes]) => {
    const { text, ...stages } = issued(name, wanted);
    const { deliveryId, expiresAt, cti } = stages.claims;
    const question = { now: NOW, delivery: deliveryId, keys: "jwks", ...asked };
    return {
      name,
      text,
      question,
      stages,
      expect: { issuer: ISSUER, kid: stages.kid, cti, deliveryId, expiresAt, notes: [...notes] },
    };
  });
}
