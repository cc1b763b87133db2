import { createHash } from "node:crypto";
import type { Given, KeySource } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, hex, join, NULL, tstr, uint } from "./bytes.ts";
import { document, kidOf, makeVoucher, packed, phoneHash, seal, sub, type TestKey, testKey } from "./make.ts";

/** 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000;
export const HOUR = 3600;
export const DAY: number = 24 * HOUR;
export const GRACE: number = 18 * HOUR;
export const ISSUER = "doorproof-test";

export const SECRET: Bytes = Uint8Array.from({ length: 32 }, (_, i) => i);

function seedOf(name: string): Bytes {
  return new Uint8Array(createHash("sha256").update(`doorproof test key: ${name}`).digest());
}

const key = (name: string): TestKey => testKey(seedOf(name));

export const KEYS = {
  root: key("root"),
  nextRoot: key("next root"),
  voucher: key("voucher"),
  /** Its window is from NOW - 1000 to NOW + 1000. */
  brief: key("brief"),
  revoked: key("revoked"),
  document: key("document"),
  nextDocument: key("next document"),
  /** Another issuer's. */
  foreign: key("foreign"),
  /** Two keys of one kid: found among 134,734, as anybody can. */
  twin: key("twin 84028"),
  otherTwin: key("twin 134733"),
  /** Its kid is also that of {@link NO_POINT_TWIN}. */
  soundTwin: key("sound twin 11690"),
  rfc8032: testKey(fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")),
} as const;

/** 32 bytes that are no point, under the kid of `soundTwin`. */
export const NO_POINT_TWIN: Bytes = fromHex(`02000a18f5${"00".repeat(27)}`);

export const FROM: number = NOW - 10 * DAY;
export const TO: number = NOW + 20 * DAY;

type Listed = readonly [use: number, publicKey: Bytes, from: number, to: number];

export const LISTED: readonly Listed[] = [
  [1, KEYS.voucher.publicKey, FROM, TO],
  [1, KEYS.brief.publicKey, NOW - 1000, NOW + 1000],
  [1, KEYS.revoked.publicKey, NOW - 5 * DAY, NOW + 5 * DAY],
  [2, KEYS.document.publicKey, FROM, TO],
  [2, KEYS.nextDocument.publicKey, NOW + 10 * DAY, NOW + 40 * DAY],
];

export interface ListFields {
  issuer?: string;
  version?: number;
  iat?: number;
  exp?: number;
  grace?: number;
  keys?: readonly Listed[];
  roots?: readonly Bytes[];
}

export function keyListPayload(fields: ListFields = {}): Bytes {
  const { issuer = ISSUER, version = 3, iat = NOW - HOUR, exp = NOW + 7 * DAY, grace = GRACE } = fields;
  const keys = (fields.keys ?? LISTED).map(([use, x, from, to]) => array(uint(use), bstr(x), uint(from), uint(to)));
  const roots = (fields.roots ?? [KEYS.nextRoot.publicKey]).map(bstr);
  return array(tstr(issuer), uint(version), uint(iat), uint(exp), uint(grace), array(...keys), array(...roots));
}

export interface RevocationFields {
  issuer?: string;
  version?: number;
  iat?: number;
  next?: number;
  kids?: Bytes;
  ctis?: Bytes;
}

/** The ctis on the revocation list: the first, one between and the last. */
export const REVOKED_CTIS = ["0000000000000001", "7f00000000000000", "ffffffffffffffff"].map(fromHex);
/** The cti of an earlier voucher of a stop, on the manifest. */
export const SUPERSEDED_CTI: Bytes = fromHex("5555555555555555");

export function revocationPayload(fields: RevocationFields = {}): Bytes {
  const { issuer = ISSUER, version = 5, iat = NOW - HOUR / 2, next = NOW + 6 * HOUR } = fields;
  const kids = fields.kids ?? packed(KEYS.revoked.kid, fromHex("00000000"), fromHex("ffffffff"));
  const ctis = fields.ctis ?? packed(...REVOKED_CTIS, fromHex("1234567812345678"), fromHex("aaaaaaaaaaaaaaaa"));
  return array(tstr(issuer), uint(version), uint(iat), uint(next), kids, ctis);
}

export const PHONE = "+447700900123";
export const STOPS = ["RR123456785DE", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "Parcel/2027-01-15#000000042"] as const;
const LABELS = ["12 Mill Lane", "Zum Mühlbach 4, 2. OG", null];

/** What stops can hold beside an address: the first has all of it, the others nothing. */
const MORE = [
  {
    name: tstr("Y. Tan"),
    hint: tstr("the door behind the bicycle stand"),
    named: tstr("Jo"),
    parcels: [tstr("JD014600006281230001"), tstr("JD014600006281230002")],
    call: tstr("tel:+442079460000"),
    asks: 1 + 8,
    takers: 1 + 2,
  },
];

/** What each stop of the manifest holds: a voucher sealed under its code. */
export const SEALED = STOPS.map((deliveryId, i) => {
  const cti = `c0c0c0c0c0c0c0c${i}`;
  const claims = { deliveryId, expiresAt: NOW + 2 * DAY, cti, phoneHash: phoneHash(PHONE) };
  const made = makeVoucher(claims, { key: KEYS.voucher, secret: SECRET, phone: PHONE });
  const salt = new Uint8Array(createHash("sha256").update(`salt ${i}`).digest().subarray(0, 16));
  const sealed = seal(fromHex(made.voucher), { deliveryId, code: made.shortCode, salt, logN: 15 });
  return { deliveryId, made, salt, sealed };
});

export const STOP_ITEMS: readonly Bytes[] = SEALED.map(({ deliveryId, salt, sealed }, i) => {
  const label = LABELS[i];
  const window = i === 1 ? array(uint(NOW), uint(NOW + 2 * HOUR)) : NULL;
  const { name = NULL, hint = NULL, named = NULL, parcels = [], call = NULL, asks = 0, takers = 15 } = MORE[i] ?? {};
  const read = array(name, label ? tstr(label) : NULL, hint);
  const bits = [uint(asks), uint(takers)];
  return array(sub(deliveryId), read, named, window, array(...parcels), call, ...bits, bstr(salt), bstr(sealed));
});

export interface ManifestFields {
  issuer?: string;
  route?: string;
  version?: number;
  iat?: number;
  exp?: number;
  country?: string;
  logN?: number;
  stops?: readonly Bytes[];
  revoked?: Bytes;
}

export function manifestPayload(fields: ManifestFields = {}): Bytes {
  const { issuer = ISSUER, route = "route-7", version = 12, iat = NOW - HOUR / 4, exp = NOW + 12 * HOUR } = fields;
  const { country = "44", logN = 15, stops = STOP_ITEMS, revoked = packed(SUPERSEDED_CTI) } = fields;
  const times = [uint(version), uint(iat), uint(exp)];
  return array(tstr(issuer), tstr(route), ...times, tstr(country), uint(logN), array(...stops), revoked);
}

function keyList(fields: ListFields): KeySource {
  return { keyList: hex(document("keys", keyListPayload(fields), KEYS.root)), roots: [hex(KEYS.root.publicKey)] };
}

const revocations = (fields: RevocationFields): string =>
  hex(document("revocations", revocationPayload(fields), KEYS.document));

function manifest(fields: ManifestFields): { route: string; document: string } {
  return {
    route: fields.route ?? "route-7",
    document: hex(document("manifest", manifestPayload(fields), KEYS.document)),
  };
}

export function jwk(publicKey: Bytes): Record<string, unknown> {
  const x = Buffer.from(publicKey).toString("base64url");
  return { kty: "OKP", crv: "Ed25519", use: "sig", alg: "EdDSA", kid: hex(kidOf(publicKey)), x };
}

export function coseKey(publicKey: Bytes): Bytes {
  return join(fromHex("a5 01 01 02"), bstr(kidOf(publicKey)), fromHex("03 27 20 06 21"), bstr(publicKey));
}

/** Of types that a reader does not know: a post-quantum key, a key on another curve. */
export const STRANGE_JWKS = [
  { kty: "AKP", alg: "ML-DSA-44", kid: "1f2e3d4c", pub: "AAECAwQFBgcICQ" },
  {
    kty: "EC",
    crv: "P-256",
    kid: "p256",
    x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  },
  { kty: "OKP", crv: "X25519", kid: "x25519", x: "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08" },
];
export const STRANGE_COSE_KEY: Bytes = fromHex("a3 01 07 03 38 2f 20 44 00 01 02 03");

const jwks = (...publicKeys: Bytes[]): KeySource => ({ jwks: { issuer: ISSUER, keys: publicKeys.map(jwk) } });

export const GIVEN: Given = {
  issuer: ISSUER,
  testKeys: Object.fromEntries(
    Object.entries(KEYS).map(([name, { seed, publicKey, kid }]) => [
      name,
      { seed: hex(seed), publicKey: hex(publicKey), kid: hex(kid) },
    ]),
  ),
  codeSecret: hex(SECRET),
  keySets: {
    jwks: jwks(KEYS.voucher.publicKey),
    "jwks-two": jwks(KEYS.brief.publicKey, KEYS.voucher.publicKey),
    "jwks-rfc8032": jwks(KEYS.rfc8032.publicKey),
    "jwks-empty": jwks(),
    "jwks-named": { jwks: { issuer: "another-issuer", keys: [jwk(KEYS.voucher.publicKey)] } },
    "jwks-strange": { jwks: { keys: [...STRANGE_JWKS, jwk(KEYS.voucher.publicKey)] } },
    "jwks-only-strange": { jwks: { keys: STRANGE_JWKS } },
    cose: { coseKeys: hex(array(coseKey(KEYS.voucher.publicKey))) },
    "cose-strange": { coseKeys: hex(array(STRANGE_COSE_KEY, coseKey(KEYS.voucher.publicKey))) },
    listed: keyList({}),
    "published-early": keyList({ version: 2, iat: NOW - 3 * DAY }),
    ageing: keyList({ version: 4, exp: NOW + HOUR }),
    "no-grace": keyList({ version: 4, exp: NOW + HOUR, grace: 0 }),
    "listed-no-grace": keyList({ version: 4, grace: 0 }),
    // what this issuer will sign one day: a reader of today skips it
    "listed-later": keyList({
      version: 4,
      keys: [
        [3, KEYS.voucher.publicKey, FROM, TO],
        [1, KEYS.brief.publicKey, FROM, TO],
        [3, KEYS.document.publicKey, FROM, TO],
        [3, new Uint8Array(1312), FROM, TO],
      ],
    }),
    // exp + grace in 32 bits would be a second before exp
    "long-grace": keyList({ version: 4, exp: NOW + HOUR, grace: 2 ** 32 - 1 }),
  },
  revocations: {
    current: revocations({}),
    empty: revocations({ kids: packed(), ctis: packed() }),
    // `ageing` is due at the same time as the key list of that name
    ageing: revocations({ next: NOW + HOUR, kids: packed(), ctis: packed() }),
    "key-withdrawn": revocations({ version: 6, kids: packed(KEYS.voucher.kid) }),
    "document-key-withdrawn": revocations({ version: 6, kids: packed(KEYS.document.kid) }),
    "many-keys-withdrawn": revocations({
      version: 7,
      kids: packed(KEYS.revoked.kid, ...Array.from({ length: 40 }, (_, i) => kidOf(seedOf(`withdrawn ${i}`)))),
    }),
  },
  manifests: {
    "route-7": manifest({}),
    "route-7-empty": manifest({ version: 13, stops: [] }),
    "route-7-short": manifest({ version: 14, exp: NOW + HOUR }),
    "route-8": manifest({ route: "route-8", version: 2, stops: STOP_ITEMS.slice(1) }),
  },
};
