import { hex } from "./bytes.ts";
import { DAY, GRACE, HOUR, KEYS, NOW, PHONE, REVOKED_CTIS, STOPS, SUPERSEDED_CTI, TO } from "./given.ts";
import type { Row } from "./refused-row.ts";
import { issued, type Wanted } from "./valid.ts";

// Step 6: genuine vouchers. Where two reasons apply, the first of the table in docs/format.md section 6 is told.

const LISTED = { keys: "listed", revocations: "current" };
const FULL = { ...LISTED, manifest: "route-7", phones: [PHONE] };
const UUID = STOPS[1];
/** This delivery was accepted here ten minutes ago, by another voucher. */
const USED = [{ kid: hex(KEYS.brief.kid), cti: "00000000000000ab", deliveryId: "RR123456785DE", at: NOW - 600 }];

type Judged = readonly [name: string, expect: string, wanted: Wanted, question: Row["question"]];

const ROWS: readonly Judged[] = [
  ["a voucher that outlives its key by a second", "key-not-valid", { expiresAt: TO + 1 }, { keys: "listed" }],
  ["a voucher that never ends", "key-not-valid", { expiresAt: 2 ** 32 - 1 }, { keys: "listed" }],
  [
    "a voucher that outlives its key, by a clock that is behind",
    "key-not-valid",
    { expiresAt: TO + DAY },
    { keys: "listed", now: NOW - DAY },
  ],

  [
    "a voucher that outlives its key, and the lists are stale",
    "key-not-valid",
    { expiresAt: TO + 1 },
    { keys: "ageing", revocations: "ageing", now: NOW + HOUR + GRACE },
  ],

  [
    "a voucher that outlives its key, before the key's window, by a clock that is behind",
    "key-not-valid",
    { expiresAt: TO + 1 },
    { keys: "listed", now: NOW - 11 * DAY },
  ],

  [
    "301 s behind the key list, before the key's window",
    "clock-behind",
    { key: "brief", expiresAt: NOW },
    { keys: "listed", now: NOW - HOUR - 301 },
  ],
  [
    "behind the revocation list alone, before the key's window",
    "clock-behind",
    { key: "brief", expiresAt: NOW },
    { keys: "published-early", revocations: "current", now: NOW - HOUR },
  ],
  [
    "behind the last record alone, before the key's window",
    "clock-behind",
    { key: "brief", expiresAt: NOW },
    { keys: "published-early", now: NOW - DAY, seen: NOW - DAY + 301 },
  ],
  ["weeks behind, before the key's window", "clock-behind", {}, { keys: "listed", now: NOW - 11 * DAY }],

  ["301 s behind the key list", "clock-behind", {}, { keys: "listed", now: NOW - HOUR - 301 }],
  ["301 s behind the revocation list", "clock-behind", {}, { ...LISTED, now: NOW - HOUR / 2 - 301 }],
  ["301 s behind the manifest", "clock-behind", {}, { ...FULL, now: NOW - HOUR / 4 - 301 }],
  ["301 s behind the last record", "clock-behind", {}, { seen: NOW + 301 }],
  ["days behind, and another delivery's", "clock-behind", { deliveryId: "ANOTHER" }, { ...FULL, now: NOW - 2 * DAY }],

  [
    "301 s behind the last record, and the key list is stale",
    "clock-behind",
    {},
    { keys: "ageing", now: NOW + HOUR + GRACE, seen: NOW + HOUR + GRACE + 301 },
  ],
  [
    "301 s behind the last record, and the revocation list is stale",
    "clock-behind",
    {},
    { ...LISTED, revocations: "ageing", now: NOW + HOUR + GRACE, seen: NOW + HOUR + GRACE + 301 },
  ],
  ["301 s behind the last record, and used here", "clock-behind", {}, { seen: NOW + 301, used: USED }],

  ["the key list's grace is over", "stale-keys", {}, { keys: "ageing", now: NOW + HOUR + GRACE }],
  ["a key list without grace", "stale-keys", {}, { keys: "no-grace", now: NOW + HOUR }],
  ["the key list's grace is over, and used here", "stale-keys", {}, { keys: "no-grace", now: NOW + HOUR, used: USED }],
  [
    "both lists are stale, and the voucher has expired",
    "stale-keys",
    {},
    { keys: "ageing", revocations: "ageing", now: NOW + 3 * DAY },
  ],

  [
    "the revocation list's grace is over",
    "stale-revocations",
    {},
    { keys: "listed", revocations: "ageing", now: NOW + HOUR + GRACE },
  ],
  [
    "a revocation list, and a key list that grants it no grace",
    "stale-revocations",
    {},
    { keys: "listed-no-grace", revocations: "ageing", now: NOW + HOUR },
  ],
  [
    "the revocation list's grace is over, and used here",
    "stale-revocations",
    {},
    { keys: "listed", revocations: "ageing", now: NOW + HOUR + GRACE, used: USED },
  ],
  ["a day past the grace", "stale-revocations", {}, { ...LISTED, now: NOW + 6 * HOUR + GRACE + DAY }],
  [
    "a stale list, and another delivery's voucher",
    "stale-revocations",
    { deliveryId: "ANOTHER" },
    { ...LISTED, now: NOW + 6 * HOUR + GRACE },
  ],

  ["another delivery's voucher", "wrong-delivery", { deliveryId: "RR123456794DE" }, {}],
  ["a delivery ID in another case", "wrong-delivery", { deliveryId: "rr123456785de" }, {}],
  ["a delivery ID that begins like it", "wrong-delivery", { deliveryId: "RR123456785DEX" }, {}],
  ["a UUID in another case", "wrong-delivery", { deliveryId: UUID }, { delivery: UUID.toUpperCase() }],
  [
    "an upper-case UUID, asked for in lower case",
    "wrong-delivery",
    { deliveryId: UUID.toUpperCase() },
    { delivery: UUID },
  ],
  ["asked with a space after it", "wrong-delivery", {}, { delivery: "RR123456785DE " }],
  ["asked with an empty ID", "wrong-delivery", {}, { delivery: "" }],
  ["asked with the beginning of its ID", "wrong-delivery", {}, { delivery: "RR123456785D" }],
  ["another delivery's, and used here", "wrong-delivery", {}, { delivery: "ANOTHER", used: USED }],
  ["another delivery's, and no manifest", "wrong-delivery", {}, { ...LISTED, delivery: "ANOTHER", manifest: null }],
  ["another delivery's, and expired", "wrong-delivery", { deliveryId: "ANOTHER", expiresAt: NOW }, {}],

  [
    "this voucher was used here",
    "already-used",
    { cti: "00000000000000aa" },
    { used: [{ kid: hex(KEYS.voucher.kid), cti: "00000000000000aa", deliveryId: "RR123456785DE", at: NOW - 600 }] },
  ],
  ["another voucher of this delivery was used here", "already-used", {}, { used: USED }],
  [
    "used here, and expired since",
    "already-used",
    { expiresAt: NOW - 60 },
    { used: [{ kid: "00000000", cti: "00000000000000ac", deliveryId: "RR123456785DE", at: NOW - 600 }] },
  ],

  ["used here, and no manifest", "already-used", {}, { ...LISTED, used: USED, manifest: null }],
  [
    "used here, and the manifest has expired",
    "already-used",
    {},
    { ...FULL, used: USED, manifest: "route-7-short", now: NOW + HOUR },
  ],
  ["used here, and not a stop of this route now", "already-used", {}, { ...FULL, used: USED, manifest: "route-8" }],
  [
    "used here, and revoked since",
    "already-used",
    { cti: hex(REVOKED_CTIS[1] as Uint8Array) },
    { ...LISTED, used: USED },
  ],
  ["used here, and superseded since", "already-used", { cti: hex(SUPERSEDED_CTI) }, { ...FULL, used: USED }],

  ["a bare key set, and no manifest", "no-manifest", {}, { manifest: null }],
  ["a device that should have a manifest and has none", "no-manifest", {}, { ...LISTED, manifest: null }],
  [
    "the second in which the manifest expires",
    "no-manifest",
    {},
    { ...FULL, manifest: "route-7-short", now: NOW + HOUR },
  ],
  [
    "an expired manifest, and an expired voucher that it supersedes",
    "no-manifest",
    { cti: hex(SUPERSEDED_CTI), expiresAt: NOW + HOUR },
    { ...FULL, manifest: "route-7-short", now: NOW + HOUR },
  ],
  [
    "an expired manifest that does not name the stop",
    "no-manifest",
    { deliveryId: "ANOTHER" },
    { ...FULL, delivery: "ANOTHER", manifest: "route-7-short", now: NOW + 2 * HOUR },
  ],

  [
    "not a stop of this route",
    "not-on-manifest",
    { deliveryId: "RR123456794DE" },
    { ...FULL, delivery: "RR123456794DE" },
  ],
  [
    "a stop's ID in another case",
    "not-on-manifest",
    { deliveryId: STOPS[2].toLowerCase() },
    { ...FULL, delivery: STOPS[2].toLowerCase() },
  ],
  [
    "not a stop of this route, superseded, expired, and another number",
    "not-on-manifest",
    { cti: hex(SUPERSEDED_CTI), expiresAt: NOW, phone: "+447700900999" },
    { ...FULL, manifest: "route-8" },
  ],
  ["a route without stops", "not-on-manifest", {}, { ...FULL, manifest: "route-7-empty" }],
  [
    "a stop moved to another route, and revoked",
    "not-on-manifest",
    { cti: hex(REVOKED_CTIS[1] as Uint8Array) },
    { ...FULL, manifest: "route-8" },
  ],

  [
    "one of the revoked under another key: the list holds no kid",
    "revoked",
    { key: "brief", cti: hex(REVOKED_CTIS[1] as Uint8Array), expiresAt: NOW + 900 },
    LISTED,
  ],
  ["the first of the revoked", "revoked", { cti: hex(REVOKED_CTIS[0] as Uint8Array) }, LISTED],
  ["one between the revoked", "revoked", { cti: hex(REVOKED_CTIS[1] as Uint8Array) }, LISTED],
  [
    "the last of the revoked, and expired",
    "revoked",
    { cti: hex(REVOKED_CTIS[2] as Uint8Array), expiresAt: NOW },
    LISTED,
  ],
  ["an earlier voucher of the stop, by the manifest", "revoked", { cti: hex(SUPERSEDED_CTI) }, FULL],

  [
    "an earlier voucher of the stop, expired",
    "revoked",
    { cti: hex(SUPERSEDED_CTI), expiresAt: NOW - 1, phone: "+447700900999" },
    FULL,
  ],

  ["the second of its expiry", "expired", { expiresAt: NOW }, {}],
  ["a second after its expiry", "expired", { expiresAt: NOW - 1 }, {}],
  ["an expiry of 0", "expired", { expiresAt: 0 }, {}],
  ["the last second that there is, and a bare key set", "expired", { expiresAt: 2 ** 32 - 1 }, { now: 2 ** 32 - 1 }],
  ["expired on a full question, with the wrong number", "expired", { expiresAt: NOW, phone: "+447700900999" }, FULL],

  ["another number", "phone-mismatch", { phone: "+447700900999" }, { phones: [PHONE] }],
  ["neither of two numbers", "phone-mismatch", { phone: "+447700900999" }, { phones: [PHONE, "+447700900124"] }],
  ["phone hash 0, and another number", "phone-mismatch", { phoneHash: 0 }, { phones: [PHONE] }],
  ["phone hash 0, and no number understood", "phone-mismatch", { phoneHash: 0 }, { phones: [] }],
  ["no number understood", "phone-mismatch", {}, { phones: [] }],
  ["another number, on a full question", "phone-mismatch", { phone: "+447700900999" }, FULL],
];

export function judged(): readonly Row[] {
  return ROWS.map(([name, expect, wanted, question]) => ({
    name,
    expect,
    text: issued(name, wanted).text,
    question: question ?? {},
  }));
}
