import type { DocumentCase } from "../schema.ts";
import { type Bytes, hex, join } from "./bytes.ts";
import { PAYLOAD, READERS, type Reader, reading, SIGNER } from "./document-case.ts";
import { documentFrames } from "./documents-frames.ts";
import { documentPayloads } from "./documents-payloads.ts";
import { pinnedRoots } from "./documents-roots.ts";
import { DAY, FROM, HOUR, KEYS, keyListPayload, manifestPayload, NOW, TO } from "./given.ts";
import { bytesToSign, coseSign1, document, type Kind, RESERVED, signature, type TestKey } from "./make.ts";

export function documentCases(): DocumentCase[] {
  return [
    ...READERS.flatMap(versions),
    ...READERS.flatMap(otherKinds),
    ...READERS.flatMap(otherKeys),
    ...windows(),
    ...READERS.flatMap(future),
    ...READERS.flatMap(firstReason),
    ...documentFrames(),
    ...documentPayloads(),
    ...pinnedRoots(),
  ];
}

function versions(read: Reader): DocumentCase[] {
  const key = SIGNER[read];
  const iat = NOW - HOUR;
  const made = (version: number, changed = iat): Bytes => document(read, PAYLOAD[read]({ version, iat: changed }), key);
  const held = (version: number, bytes: Bytes, kid = key.kid) => ({
    held: { [hex(kid)]: { version, document: hex(bytes) } },
  });
  const of = (issuer: string): Bytes => document(read, PAYLOAD[read]({ issuer }), key);
  const foreign = of("another-issuer");
  const cases = [
    reading(read, "the first", made(1), { version: 1, issuedAt: iat }),
    reading(read, "a newer one", made(9), { version: 9, issuedAt: iat }, held(8, made(8))),
    reading(read, "the one that is held", made(9), { version: 9, issuedAt: iat }, held(9, made(9))),
    reading(
      read,
      "the one that is held, under another number",
      made(9),
      { version: 9, issuedAt: iat },
      held(12, made(9)),
    ),
    reading(read, "a version far above the one held", made(1000), { version: 1000, issuedAt: iat }, held(9, made(9))),
    reading(read, "the highest version", made(2 ** 32 - 1), { version: 2 ** 32 - 1, issuedAt: iat }, held(9, made(9))),
    reading(
      read,
      "a lower version than another key's",
      made(2),
      { version: 2, issuedAt: iat },
      held(2 ** 32 - 1, made(9), KEYS.foreign.kid),
    ),
    reading(read, "an older one", made(8), "older-document", held(9, made(9))),
    reading(read, "the oldest", made(0), "older-document", held(9, made(9))),
    reading(read, "the same version with other bytes", made(9, iat + 1), "older-document", held(9, made(9))),
    reading(read, "version 0, the first", made(0), { version: 0, issuedAt: iat }),
    reading(read, "another issuer's", foreign, "foreign-document"),
    reading(read, "of an issuer whose name begins so", of("doorproof-test2"), "foreign-document"),
    reading(read, "of an issuer whose name is the beginning", of("doorproof-tes"), "foreign-document"),
    reading(read, "of an issuer in another case", of("Doorproof-Test"), "foreign-document"),
    reading(read, "another issuer's, and older", foreign, "foreign-document", held(2 ** 32 - 1, made(9))),
  ];
  if (read === "keys")
    return [
      ...cases,
      reading(
        read,
        "one of two roots that are pinned",
        made(3),
        { version: 3, issuedAt: iat },
        { roots: [KEYS.root, KEYS.nextRoot].map((root) => hex(root.publicKey)) },
      ),
      reading(read, "an issuer's name of 64 characters", of("d".repeat(64)), LIST, { issuer: "d".repeat(64) }),
      reading(read, "an issuer's name of one character", of("~"), LIST, { issuer: "~" }),
      reading(read, "an issuer's name with a space in it", of("! test"), LIST, { issuer: "! test" }),
      reading(
        read,
        "the root key that follows, when it is pinned",
        document("keys", keyListPayload(), KEYS.nextRoot),
        { version: 3, issuedAt: iat, pinned: [KEYS.nextRoot.publicKey] },
        { roots: [KEYS.root, KEYS.nextRoot].map((root) => hex(root.publicKey)) },
      ),
    ];
  if (read === "manifest") {
    const route = document("manifest", manifestPayload({ route: "route-8" }), key);
    return [
      ...cases,
      reading(read, "another route's", route, "foreign-document"),
      reading(read, "another route's, and older", route, "foreign-document", held(2 ** 32 - 1, made(9))),
      reading(read, "of a route whose name begins so", made(1), "foreign-document", { route: "route-" }),
      reading(read, "of a route whose name is the beginning", made(1), "foreign-document", { route: "route-77" }),
      reading(read, "a route in another case", made(1), "foreign-document", { route: "Route-7" }),
    ];
  }
  return cases;
}

const LIST = { version: 3, issuedAt: NOW - HOUR };

// Of two reasons the first of section 4 is told.
function firstReason(read: Reader): DocumentCase[] {
  const key = SIGNER[read];
  const payload = PAYLOAD[read]();
  const forged = (kid: Bytes, said: Bytes): Bytes =>
    coseSign1(read, { kid, payload: said, signed: new Uint8Array(64) });
  const held = { held: { [hex(key.kid)]: { version: 2 ** 32 - 1, document: hex(document(read, payload, key)) } } };
  const foreign = { issuer: "another-issuer", version: 1 };
  const early = document(read, PAYLOAD[read]({ ...foreign, iat: FROM - 1 }), key);
  const nonsense = Uint8Array.of(0xff);
  const cut = document(read, PAYLOAD[read](foreign).subarray(0, -1), key);
  return [
    reading(read, "a frame of another kind, by an unknown key", document("receipt", payload, KEYS.foreign), FRAME),
    reading(read, "a forgery under an unknown key", forged(KEYS.foreign.kid, payload), "unknown-key"),
    reading(read, "nonsense by an unknown key", document(read, nonsense, KEYS.foreign), "unknown-key"),
    reading(read, "nonsense, forged", forged(key.kid, nonsense), "bad-signature"),
    reading(read, "another issuer's, cut short", cut, "malformed: payload", held),
    ...(read === "keys"
      ? [
          reading(read, "another issuer's, with a key that is not sound", unsound(foreign), "malformed: keys", held),
          reading(read, "an older one, with a key that is not sound", unsound({ version: 1 }), "malformed: keys", held),
          reading(read, "a key that is not sound, and no life", unsound({ iat: NOW, exp: NOW }), "malformed: payload"),
        ]
      : [
          reading(read, "another issuer's, made before its key's window", early, "foreign-document", held),
          reading(
            read,
            "an older one, made before its key's window",
            document(read, PAYLOAD[read]({ version: 1, iat: FROM - 1 }), key),
            "key-not-valid",
            held,
          ),
        ]),
    ...(read === "manifest"
      ? [
          reading(
            read,
            "another route's, made before its key's window",
            document(read, manifestPayload({ route: "route-8", iat: FROM - 1 }), key),
            "foreign-document",
            held,
          ),
        ]
      : []),
  ];
}

const FRAME = "malformed: frame";

function unsound(fields: Parameters<typeof keyListPayload>[0]): Bytes {
  const identity = join(Uint8Array.of(1), new Uint8Array(31));
  return document("keys", keyListPayload({ ...fields, keys: [[1, identity, FROM, TO]] }), KEYS.root);
}

// Each ordered pair of kinds: as it was made, and with the header exchanged for the reader's.
function otherKinds(read: Reader): DocumentCase[] {
  const kinds: readonly Kind[] = ["voucher", "keys", "revocations", "manifest", ...RESERVED];
  const key = SIGNER[read];
  return kinds
    .filter((kind) => kind !== read)
    .flatMap((kind) => {
      const payload = PAYLOAD[read]();
      const signed = signature(key, bytesToSign(kind, key.kid, payload));
      const disguised = coseSign1(read, { kid: key.kid, payload, signed });
      return [
        reading(read, `signed and sent as ${kind}`, document(kind, payload, key), "malformed: frame"),
        reading(read, `signed as ${kind}, sent as ${read}`, disguised, "bad-signature"),
      ];
    });
}

function otherKeys(read: Reader): DocumentCase[] {
  const payload = PAYLOAD[read]();
  const others = Object.entries(KEYS).filter(
    ([name, key]) => key !== SIGNER[read] && !(name === "nextDocument" && read !== "keys") && !/twin/i.test(name),
  );
  const later = { keys: "listed-later" };
  return [
    ...others.map(([name, key]) =>
      reading(read, `signed by the ${name} key`, document(read, payload, key), "unknown-key"),
    ),
    ...(read === "keys"
      ? []
      : [
          reading(
            read,
            "signed by a key of an unknown use",
            document(read, payload, KEYS.document),
            "unknown-key",
            later,
          ),
        ]),
  ];
}

function windows(): DocumentCase[] {
  return (["revocations", "manifest"] as const).flatMap((read) => {
    const made = (iat: number, key: TestKey): Bytes => document(read, PAYLOAD[read]({ version: 1, iat }), key);
    return [
      reading(read, "made in the first second of its key's window", made(FROM, KEYS.document), {
        version: 1,
        issuedAt: FROM,
      }),
      reading(read, "made in the last second of its key's window", made(TO - 1, KEYS.document), {
        version: 1,
        issuedAt: TO - 1,
      }),
      reading(read, "made a second before its key's window", made(FROM - 1, KEYS.document), "key-not-valid"),
      reading(read, "made a second after its key's window", made(TO, KEYS.document), "key-not-valid"),
      reading(read, "made next year, to lift the clock's floor", made(NOW + 365 * DAY, KEYS.document), "key-not-valid"),
      reading(read, "made today by the key that follows", made(NOW, KEYS.nextDocument), "key-not-valid"),
    ];
  });
}

// `issuerTime` is what the issuer stated as it handed the document out: `now` of an answer over https.
function future(read: Reader): DocumentCase[] {
  const key = SIGNER[read];
  const made = (version: number, iat: number, issuer?: string): Bytes =>
    document(read, PAYLOAD[read]({ version, iat, ...(issuer !== undefined && { issuer }) }), key);
  const taken = { version: 9, issuedAt: NOW + 301 };
  const held = (bytes: Bytes) => ({ held: { [hex(key.kid)]: { version: 9, document: hex(bytes) } } });
  const stated = { issuerTime: NOW };
  const ahead = made(9, NOW + 301);
  return [
    reading(read, "dated 300 s after the issuer's time", made(9, NOW + 300), { ...taken, issuedAt: NOW + 300 }, stated),
    reading(read, "dated 301 s after the issuer's time", ahead, "future-document", stated),
    reading(read, "dated days after the issuer's time", made(9, NOW + 3 * DAY), "future-document", stated),
    reading(read, "dated after the time of an issuer that is far behind", made(9, NOW), "future-document", {
      issuerTime: 0,
    }),
    reading(read, "dated before the issuer's time", ahead, taken, { issuerTime: NOW + 30 * DAY }),
    reading(read, "of tomorrow, from a file, which states no time", made(9, NOW + DAY), {
      version: 9,
      issuedAt: NOW + DAY,
    }),
    reading(read, "from the future, and older", made(8, NOW + 301), "future-document", { ...stated, ...held(ahead) }),
    reading(read, "from the future, and held", ahead, "future-document", { ...stated, ...held(ahead) }),
    reading(
      read,
      "from the future, and another issuer's",
      made(9, NOW + 301, "another-issuer"),
      "foreign-document",
      stated,
    ),
    ...(read === "keys"
      ? []
      : [
          reading(read, "from the future, and made after its key's window", made(9, TO), "key-not-valid", stated),
          reading(read, "in its key's last second, and that is the future", made(9, TO - 1), "future-document", stated),
        ]),
  ];
}
