import type { DocumentCase } from "../schema.ts";
import { type Bytes, hex } from "./bytes.ts";
import { PAYLOAD, READERS, type Reader, reading, SIGNER } from "./document-case.ts";
import { documentFrames } from "./documents-frames.ts";
import { documentPayloads } from "./documents-payloads.ts";
import { DAY, FROM, HOUR, KEYS, keyListPayload, manifestPayload, NOW, TO } from "./given.ts";
import { bytesToSign, coseSign1, document, type Kind, signature, type TestKey } from "./make.ts";

export function documentCases(): DocumentCase[] {
  return [
    ...READERS.flatMap(versions),
    ...READERS.flatMap(otherKinds),
    ...READERS.flatMap(otherKeys),
    ...windows(),
    ...documentFrames(),
    ...documentPayloads(),
  ];
}

function versions(read: Reader): DocumentCase[] {
  const key = SIGNER[read];
  const iat = NOW - HOUR;
  const made = (version: number, changed = iat): Bytes => document(read, PAYLOAD[read]({ version, iat: changed }), key);
  const held = (version: number, bytes: Bytes, kid = key.kid) => ({
    held: { [hex(kid)]: { version, document: hex(bytes) } },
  });
  const foreign = document(read, PAYLOAD[read]({ issuer: "another-issuer" }), key);
  const cases = [
    reading(read, "the first", made(1), { version: 1, issuedAt: iat }),
    reading(read, "a newer one", made(9), { version: 9, issuedAt: iat }, held(8, made(8))),
    reading(read, "the one that is held", made(9), { version: 9, issuedAt: iat }, held(9, made(9))),
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
    reading(read, "another issuer's", foreign, "foreign-document"),
    reading(read, "another issuer's, and older", foreign, "foreign-document", held(2 ** 32 - 1, made(9))),
  ];
  if (read === "keys")
    return [
      ...cases,
      reading(
        read,
        "the root key that follows, when it is pinned",
        document("keys", keyListPayload(), KEYS.nextRoot),
        { version: 3, issuedAt: iat },
        { roots: [KEYS.root, KEYS.nextRoot].map((root) => hex(root.publicKey)) },
      ),
    ];
  if (read === "manifest") {
    const route = document("manifest", manifestPayload({ route: "route-8" }), key);
    return [
      ...cases,
      reading(read, "another route's", route, "foreign-document"),
      reading(read, "a route in another case", made(1), "foreign-document", { route: "Route-7" }),
    ];
  }
  return cases;
}

// Each ordered pair of kinds: as it was made, and with the header exchanged for the reader's.
function otherKinds(read: Reader): DocumentCase[] {
  const kinds: readonly Kind[] = ["voucher", "keys", "revocations", "manifest", "receipt"];
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
    ([name, key]) => key !== SIGNER[read] && !(name === "nextDocument" && read !== "keys"),
  );
  return others.map(([name, key]) =>
    reading(read, `signed by the ${name} key`, document(read, payload, key), "unknown-key"),
  );
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
