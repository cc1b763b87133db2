import { REFUSAL_CODES, type RefusalCode } from "@doorproof/voucher";
import { beforeAll, describe, expect, test } from "vitest";
import { type Circumstances, check, type Verdict } from "../../src/door/check.ts";
import { type HeldDocument, type Kind, readTrust, type Trust } from "../../src/trust/documents.ts";
import { identity } from "../fixtures/offered-documents.ts";
import {
  DAY,
  HOUR,
  ISSUER,
  type Issued,
  issue,
  keyList,
  makeKey,
  manifest,
  NOW,
  revocations,
  stop,
  voucherKey,
  window,
} from "../fixtures/signed-documents.ts";

// The verdict as a table: a text and a state in, a screen out. Every code that a scan can come to has a row.

const held = (kind: Kind, document: Uint8Array, order = 1): HeldDocument => ({
  kind,
  kid: String(order),
  version: 1,
  document,
  etag: null,
  order,
});

let mine: Issued;
let other: Issued;
let state: Circumstances;
let trust: Trust;
const rows: { code: RefusalCode; make: () => Promise<{ text: string; state: Circumstances }> }[] = [];

async function trustOf(documents: Partial<Record<Kind, Uint8Array>>): Promise<Trust> {
  const all = Object.entries(documents).map(([kind, document]) => held(kind as Kind, document));
  const read = readTrust(identity, all);
  if (read === null) expect.unreachable("the key list holds");
  return read as Trust;
}

beforeAll(async () => {
  mine = await issue("PARCEL-1");
  other = await issue("PARCEL-2");
  trust = await trustOf({
    keys: await keyList(),
    revocations: await revocations(),
    manifest: await manifest({ stops: [stop("PARCEL-1"), stop("PARCEL-2")] }),
  });
  state = {
    issuer: ISSUER,
    enrolled: true,
    trust,
    now: NOW + HOUR,
    seen: NOW,
    delivery: "PARCEL-1",
    agreed: false,
    dispatcherAsked: false,
    used: () => undefined,
  };
});

const row = (code: RefusalCode, make: () => Promise<{ text?: string } & Partial<Circumstances>>) =>
  rows.push({
    code,
    make: async () => {
      const { text = mine.text, ...change } = await make();
      return { text, state: { ...state, ...change } };
    },
  });

row("malformed", async () => ({ text: `${mine.text}!` }));
row("unknown-key", async () => ({ text: (await issue("PARCEL-1", { key: makeKey("vouchers") })).text }));
row("key-revoked", async () => ({
  trust: await trustOf({ keys: await keyList(), revocations: await revocations({ kids: [voucherKey.kid] }) }),
}));
row("key-not-valid", async () => ({ now: window.to }));
row("bad-signature", async () => ({ text: mine.text.replace(/.$/, (last) => (last === "0" ? "1" : "0")) }));
row("clock-behind", async () => ({ seen: NOW + 2 * HOUR }));
row("stale-keys", async () => ({ now: NOW + 24 * HOUR }));
row("stale-revocations", async () => ({
  now: NOW + 24 * HOUR,
  trust: { ...trust, keys: (await trustOf({ keys: await keyList({ expiresAt: NOW + 9 * DAY }) })).keys },
}));
row("wrong-delivery", async () => ({ text: other.text }));
row("already-used", async () => ({ used: () => ({ at: NOW }) }));
row("no-manifest", async () => ({ now: NOW + 12 * HOUR }));
row("no-manifest", async () => ({ trust: { ...trust, manifest: null } }));
row("no-manifest", async () => ({ trust: null }));
row("not-on-manifest", async () => ({ text: (await issue("PARCEL-9")).text, delivery: null }));
row("revoked", async () => ({
  trust: {
    ...trust,
    revocations: (await trustOf({ keys: await keyList(), revocations: await revocations({ ctis: [mine.cti] }) }))
      .revocations,
  },
}));
row("revoked", async () => ({
  trust: await trustOf({
    keys: await keyList(),
    revocations: await revocations(),
    manifest: await manifest({ stops: [stop("PARCEL-1")], revoked: mine.cti }),
  }),
}));
row("expired", async () => ({ text: (await issue("PARCEL-1", { expiresAt: NOW + HOUR })).text }));

/** What no scan comes to: typed codes, the online check, documents; and the phone, which this app does not ask for. */
const ELSEWHERE: readonly RefusalCode[] = [
  "phone-mismatch",
  "code-mistyped",
  "wrong-code",
  "cannot-open",
  "future-document",
  "older-document",
  "foreign-document",
];

describe("refused", () => {
  test.each(rows)("$code", async ({ code, make }) => {
    const { text, state } = await make();
    expect(check(text, state)).toMatchObject({ kind: "refuse", refuse: { kind: "refuse", code } });
  });

  test("every code has a row or is said elsewhere", () => {
    expect(new Set([...rows.map(({ code }) => code), ...ELSEWHERE])).toEqual(new Set(REFUSAL_CODES));
  });

  test("says whose voucher it was only where the signature held", async () => {
    expect(check(other.text, state)).toMatchObject({
      refuse: { deliveryId: "PARCEL-2", facts: { expected: "PARCEL-1" } },
      claims: { deliveryId: "PARCEL-2" },
    });
    expect(check(mine.text.replace(/.$/, "%"), state)).toMatchObject({
      refuse: { deliveryId: "PARCEL-1" },
      claims: null,
    });
  });
});

describe("not a voucher", () => {
  test.each([
    "",
    "https://example.com/DP1:",
    "HTTPS://EXAMPLE.COM/V/ABC",
    "dp1:abc",
    " DP1:ABC",
    "4006381333931",
    `DP1:${"A".repeat(300)}`,
    "javascript:alert(1)",
  ])("%s", (text) => {
    expect(check(text, state)).toEqual({ kind: "not-a-voucher" });
    expect(check(text, { ...state, trust: null })).toEqual({ kind: "not-a-voucher" });
  });
});

describe("valid", () => {
  const amber = (verdict: Verdict) =>
    verdict.kind === "decide" ? [verdict.decide.why, ...verdict.decide.notes] : verdict.kind;

  test("green", () => {
    expect(check(mine.text, state)).toMatchObject({
      kind: "valid",
      label: "at PARCEL-1",
      voucher: { issuer: ISSUER, notes: [] },
    });
  });

  test("amber with an old list, and green once the driver has agreed", async () => {
    const old = { ...state, now: NOW + 7 * HOUR };
    expect(amber(check(mine.text, old))).toEqual(["old-list", "keys-old", "revocations-old"]);
    expect(check(mine.text, { ...old, agreed: true })).toMatchObject({ kind: "valid" });
    const none = { ...state, trust: { ...trust, revocations: null } };
    expect(amber(check(mine.text, none))).toEqual(["old-list", "no-revocations"]);
  });

  test("amber with no stop open: the driver names the parcel", () => {
    const verdict = check(mine.text, { ...state, delivery: null });
    expect(verdict).toMatchObject({
      kind: "decide",
      decide: { why: "name-delivery", deliveryId: "PARCEL-1", label: "at PARCEL-1" },
    });
    expect(amber(check(mine.text, { ...state, delivery: null, agreed: true }))[0]).toBe("name-delivery");
  });
});

// docs/format.md section 4: a bit without a word.
describe("what a stop asks and allows", () => {
  const of = async (bits: { asks?: number; takers?: number }) => {
    const stops = [{ ...stop("PARCEL-1"), ...bits }];
    return {
      ...state,
      trust: await trustOf({ keys: await keyList(), manifest: await manifest({ stops }) }),
      agreed: true,
    };
  };

  test.each([0, 1, 31])("asks %i: green", async (asks) => {
    expect(check(mine.text, await of({ asks }))).toMatchObject({ kind: "valid" });
  });

  test.each([32, 33, 2 ** 31, 2 ** 32 - 1])(
    "asks %i: ask the dispatcher, and green after that tap alone",
    async (asks) => {
      const now = await of({ asks });
      expect(check(mine.text, now)).toMatchObject({ kind: "decide", decide: { why: "ask-dispatcher" } });
      expect(check(mine.text, { ...now, dispatcherAsked: true })).toMatchObject({ kind: "valid" });
      const unopened = { ...now, delivery: null, dispatcherAsked: true };
      expect(check(mine.text, unopened)).toMatchObject({ kind: "decide", decide: { why: "name-delivery" } });
    },
  );

  test.each<[number, readonly string[]]>([
    [1, ["recipient"]],
    [10, ["neighbour", "reception"]],
    [15, ["recipient", "neighbour", "safe-place", "reception"]],
    [17, ["recipient"]],
  ])("takers %i: %j", async (takers, words) => {
    expect(check(mine.text, await of({ takers }))).toMatchObject({ kind: "valid", takers: words });
  });

  test.each([16, 2 ** 31])("takers %i: nobody, whatever was tapped", async (takers) => {
    const now = { ...(await of({ takers })), dispatcherAsked: true };
    for (const delivery of ["PARCEL-1", null])
      expect(check(mine.text, { ...now, delivery })).toMatchObject({ kind: "decide", decide: { why: "nobody" } });
  });
});

describe("third-party mode", () => {
  const third = (change: Partial<Circumstances> = {}): Circumstances => ({ ...state, enrolled: false, ...change });

  test("no assignment is checked, and the result says so", () => {
    const verdict = check(mine.text, third({ trust: { ...trust, manifest: null } }));
    expect(verdict).toMatchObject({ kind: "valid", voucher: { notes: ["assignment-not-checked"] } });
  });

  test("sealed stops of their own count for their deliveries alone", () => {
    expect(check(mine.text, third())).toMatchObject({ kind: "valid", voucher: { notes: [] } });
    const elsewhere = { ...trust, manifest: trust.manifest && { ...trust.manifest, stops: [] } };
    expect(check(mine.text, third({ trust: elsewhere }))).toMatchObject({
      voucher: { notes: ["assignment-not-checked"] },
    });
  });

  test("keys that the pinned root no longer vouches for", () => {
    expect(check(mine.text, third({ trust: null }))).toMatchObject({ refuse: { code: "unknown-key" } });
  });
});

test.each<[string, Partial<Circumstances>, RefusalCode]>([
  ["a clock before 1970", { now: -1 }, "clock-behind"],
  ["a clock of the year 2500", { now: 2 ** 34 }, "key-not-valid"],
  ["a time seen after all that the format can name", { seen: 2 ** 34 }, "clock-behind"],
])("%s is a verdict, and stops no screen", (_, clocks, code) => {
  expect(check(mine.text, { ...state, ...clocks })).toMatchObject({ kind: "refuse", refuse: { code } });
});
