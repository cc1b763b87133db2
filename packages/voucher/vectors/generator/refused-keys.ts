import { fromHex, join } from "./bytes.ts";
import { DAY, GRACE, HOUR, NOW } from "./given.ts";
import { textOf } from "./make.ts";
import type { Row } from "./refused-row.ts";
import { issued, type Wanted } from "./valid.ts";

// Step 3: the key by kid, in one issuer's set. The refusal is the same whether the signature would hold or not.

export function keys(): readonly Row[] {
  const by = (name: string, wanted: Wanted, expect: string, question: Row["question"]): Row => ({
    name,
    text: issued(name, wanted).text,
    expect,
    question: question ?? {},
  });
  const underKid = (kid: string) => textOf(join(fromHex(kid), fromHex(issued("kids").voucher).subarray(4)));
  const forged = (wanted: Wanted) => {
    const voucher = fromHex(issued("forged", wanted).voucher);
    voucher[40] = (voucher[40] ?? 0) ^ 1;
    return textOf(voucher);
  };
  const LISTED = { keys: "listed", revocations: "current" };

  return [
    by("another issuer's key", { key: "foreign" }, "unknown-key", { keys: "listed" }),
    by("another issuer's key, and a bare set", { key: "foreign" }, "unknown-key", {}),
    by("a key of the issuer that this set does not name", { key: "brief" }, "unknown-key", {}),
    by("a key that signs documents", { key: "document" }, "unknown-key", { keys: "listed" }),
    by("a key that is listed for a use that no reader knows", {}, "unknown-key", { keys: "listed-later" }),
    by("the root key", { key: "root" }, "unknown-key", { keys: "listed" }),
    by("a root key that follows", { key: "nextRoot" }, "unknown-key", { keys: "listed" }),
    by("a set without keys", {}, "unknown-key", { keys: "jwks-empty" }),
    by("a set with keys of unknown types only", {}, "unknown-key", { keys: "jwks-only-strange" }),
    { name: "a kid of zeros", text: underKid("00000000"), expect: "unknown-key" },
    { name: "a kid of ones", text: underKid("ffffffff"), expect: "unknown-key" },
    {
      name: "a kid of zeros that is on the revocation list too",
      text: underKid("00000000"),
      expect: "unknown-key",
      question: LISTED,
    },
    by("an unknown key, and the lists are stale", { key: "foreign" }, "unknown-key", {
      keys: "ageing",
      revocations: "ageing",
      now: NOW + HOUR + GRACE,
    }),
    by("an expired voucher of an unknown key", { key: "foreign", expiresAt: NOW - DAY }, "unknown-key", {}),

    by("a withdrawn key", { key: "revoked" }, "key-revoked", LISTED),
    by("a withdrawn key, among many", { key: "revoked" }, "key-revoked", {
      keys: "listed",
      revocations: "many-keys-withdrawn",
    }),
    by("the only kid on the list", {}, "key-revoked", { keys: "listed", revocations: "key-withdrawn" }),
    {
      name: "a forgery under a withdrawn key",
      text: forged({ key: "revoked" }),
      expect: "key-revoked",
      question: LISTED,
    },
    by("a withdrawn key, past its window", { key: "revoked" }, "key-revoked", { ...LISTED, now: NOW + 6 * DAY }),
    by("an expired voucher of a withdrawn key", { key: "revoked", expiresAt: NOW }, "key-revoked", LISTED),

    by("the second before a key's window", { key: "brief", expiresAt: NOW }, "key-not-valid", {
      keys: "listed",
      now: NOW - 1001,
    }),
    by("a key published a day before its first use", { key: "brief", expiresAt: NOW }, "key-not-valid", {
      keys: "published-early",
      now: NOW - 1000 - DAY,
    }),
    by("300 s behind the key list, before a key's window", { key: "brief", expiresAt: NOW }, "key-not-valid", {
      keys: "listed",
      now: NOW - HOUR - 300,
    }),
    by("a withdrawn key, before its window, by a clock that is behind", { key: "revoked" }, "key-revoked", {
      ...LISTED,
      now: NOW - 11 * DAY,
    }),
    by("the second after a key's window", { key: "brief", expiresAt: NOW + 1000 }, "key-not-valid", {
      keys: "listed",
      now: NOW + 1000,
    }),
    by("a year after a key's window", {}, "key-not-valid", { keys: "listed", now: NOW + 365 * DAY }),
    by("after a key's window, and the lists are stale too", { key: "brief", expiresAt: NOW + 900 }, "key-not-valid", {
      keys: "ageing",
      revocations: "ageing",
      now: NOW + HOUR + GRACE,
    }),
    {
      name: "a forgery outside the key's window",
      text: forged({ key: "brief" }),
      expect: "key-not-valid",
      question: { keys: "listed", now: NOW + 1000 },
    },
  ];
}
