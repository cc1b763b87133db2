import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/ledger/entry.ts";
import { readAnswers, readEnrolment, writeEntry } from "../../src/sync/wire.ts";

const stamp = { seq: 7, id: "a", issuer: "acme", label: "12 Mill Lane", at: 1_800_000_000, writtenAt: 1_800_000_000 };
const at = "2027-01-15T08:00:00Z";

describe("entries", () => {
  const redemption: Entry = {
    ...stamp,
    kind: "redemption",
    voucher: "DP1:X",
    deliveryId: "P-1",
    via: "scan",
    floor: 1_800_000_000,
    route: "van-3",
    version: 4,
    takenBy: "neighbour",
    name: "Jo",
  };
  const cases: readonly [string, Entry, Record<string, unknown>][] = [
    [
      "a redemption",
      redemption,
      {
        kind: "redemption",
        voucher: "DP1:X",
        via: "scan",
        floor: at,
        route: "van-3",
        version: 4,
        takenBy: "neighbour",
        name: "Jo",
      },
    ],
    [
      "one that was taken back: no voucher, and its number is there",
      { ...redemption, undoneBy: "u" },
      { kind: "undo", of: "a" },
    ],
    [
      "a refusal",
      { ...stamp, kind: "refusal", code: "expired", kid: "00", cti: "11" },
      { kind: "refusal", code: "expired", kid: "00", cti: "11" },
    ],
    [
      "an attempt",
      { ...stamp, kind: "attempt", deliveryId: "P-1", reason: "no-answer" },
      { kind: "attempt", deliveryId: "P-1", reason: "no-answer" },
    ],
    ["an undo", { ...stamp, kind: "undo", of: "b" }, { kind: "undo", of: "b" }],
  ];
  test.each(cases)("%s", (_, entry, wire) => expect(writeEntry(entry)).toEqual({ id: "a", seq: 7, at, ...wire }));
});

describe("answers", () => {
  const sent = new Set(["a", "b"]);
  const good = { now: at, results: [{ id: "a", status: "accepted" }] };

  test.each([
    ["a page", "<html>"],
    ["null", null],
    ["a list", []],
    ["no time", { results: [] }],
    ["a time that is none", { ...good, now: "soon" }],
    ["a time before time", { ...good, now: "1969-12-31T23:59:59Z" }],
    ["a time after all vouchers", { ...good, now: "2107-01-01T00:00:00Z" }],
    ["no results", { now: at }],
  ])("not %s", (_, value) => expect(readAnswers(value, sent)).toBeNull());

  test("of what was sent, the first of each, and no nonsense", () => {
    const results = [
      { id: "a", status: "conflict", code: "already-used", by: { id: "z", at, reporter: "van-9" } },
      { id: "a", status: "accepted" },
      { id: "stranger", status: "accepted" },
      { id: "b", status: "splendid" },
      null,
      7,
    ];
    const read = readAnswers({ now: at, results }, sent);
    expect(read?.answers).toEqual(
      new Map([["a", { status: "conflict", code: "already-used", by: { at: 1_800_000_000, reporter: "van-9" } }]]),
    );
  });

  test("what the issuer could not read is no answer", () => {
    const read = readAnswers({ now: at, results: [{ id: "a", status: "refused", code: "invalid-record" }] }, sent);
    expect([read?.answers.size, read?.unread.get("a")]).toEqual([0, "invalid-record"]);
  });
});

test("an enrolment is whole or nothing", () => {
  const whole = { deviceToken: "t", issuer: "acme", route: "van-3", country: "44", roots: ["00".repeat(32)], now: at };
  expect(readEnrolment(whole)).toEqual({ ...whole, now: 1_800_000_000 });
  for (const field of Object.keys(whole)) expect(readEnrolment({ ...whole, [field]: undefined })).toBeNull();
  expect(readEnrolment({ ...whole, roots: [] })).toBeNull();
  expect(readEnrolment({ ...whole, roots: ["not a key"] })).toBeNull();
});
