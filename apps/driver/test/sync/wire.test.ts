import { Enrolment, RecordAnswer, SHAPES, UploadAnswer, UploadRecord } from "@doorproof/api";
import { ANSWER_STATUSES, ATTEMPT_REASONS, TAKERS, VIAS } from "@doorproof/api/lists";
import { isTime, writeTime } from "@doorproof/api/time";
import { REFUSAL_CODES } from "@doorproof/voucher";
import fc from "fast-check";
import type { TSchema } from "typebox";
import Format from "typebox/format";
import { Check } from "typebox/value";
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
        writtenAt: at,
      },
    ],
    [
      "one that was written by a clock of which it is known how wrong it was",
      { ...redemption, writtenAt: 1_799_999_990, clockDifference: 11 },
      {
        kind: "redemption",
        voucher: "DP1:X",
        via: "scan",
        floor: at,
        route: "van-3",
        version: 4,
        takenBy: "neighbour",
        name: "Jo",
        writtenAt: "2027-01-15T07:59:50Z",
        clockDifference: 11,
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

describe("the API's shapes", () => {
  Format.Set("date-time", isTime);
  const context = Object.fromEntries(SHAPES.map((shape): [string, TSchema] => [shape.$id, shape]));
  const accepts = (shape: TSchema, value: unknown) => Check(context, shape, value);

  const seconds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const time = seconds.map(writeTime);
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  /** Fields that are undefined are left out, as JSON does. */
  const objectOf = (fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record(fields).map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

  const result = objectOf({
    id: fc.constantFrom("a", "b", "c", null),
    status: fc.constantFrom(...ANSWER_STATUSES),
    code: maybe(fc.constantFrom("expired", "already-used", "invalid-record")),
    by: maybe(objectOf({ id: fc.uuid(), at: time, reporter: maybe(fc.string()) })),
  });
  const answer = objectOf({ now: time, results: fc.array(result) });
  /** A value of that shape in which one field, somewhere, is another value or gone. */
  const spoiled = fc
    .tuple(answer, fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
    .map(([value, at, other]) => {
      let count = 0;
      const fields = JSON.stringify(value).match(/":/g)?.length ?? 1;
      return JSON.parse(
        JSON.stringify(value, (key, field) =>
          key !== "" && !/^\d+$/.test(key) && count++ === at % fields ? other : field,
        ),
      );
    });
  const sent = new Set(["a", "b"]);

  test("an answer of the shape is read, each result as it stands", () => {
    fc.assert(
      fc.property(answer, (value) => {
        expect(accepts(UploadAnswer, value)).toBe(true);
        const read = readAnswers(value, sent);
        const first = (value["results"] as Record<string, unknown>[]).filter(
          ({ id }, index, all) => sent.has(String(id)) && all.findIndex((one) => one["id"] === id) === index,
        );
        const told = first.map(({ id }) => read?.answers.get(String(id))?.status ?? read?.unread.get(String(id)));
        expect(told).toEqual(
          first.map(({ status, code }) => (status === "refused" && code === "invalid-record" ? code : status)),
        );
      }),
    );
  });

  test("of what is not of the shape only those results are believed that are", () => {
    let refused = 0;
    let believed = 0;
    fc.assert(
      fc.property(spoiled, (value) => {
        const read = readAnswers(value, sent);
        if (read === null) {
          refused++;
          // But for a time that no voucher can carry.
          const isLate = typeof value?.now === "string" && isTime(value.now);
          expect(accepts(UploadAnswer, value) && !isLate).toBe(false);
          return;
        }
        // The code says why to a person: a newer issuer may know one more, and its status counts all the same.
        for (const [id, { by, code: _, ...rest }] of read.answers) {
          believed++;
          const standing = by && { by: { ...by, id: "", at: writeTime(by.at) } };
          expect(accepts(RecordAnswer, { id, ...rest, ...standing })).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect([refused > 20, believed > 20]).toEqual([true, true]);
  });

  test("an enrolment is read if and only if it is of the shape and complete", () => {
    const text = fc.string({ minLength: 1, maxLength: 20 });
    const fields = { deviceToken: text, deviceId: text, issuer: text, route: text, country: text };
    const whole = objectOf({ ...fields, roots: fc.array(hex(64), { minLength: 1 }), now: time });
    fc.assert(
      fc.property(
        whole,
        fc.constantFrom(...Object.keys(fields), "roots", "now"),
        fc.jsonValue(),
        (value, field, other) => {
          expect([accepts(Enrolment, value), readEnrolment(value) === null]).toEqual([true, false]);
          const changed = { ...value, [field]: other };
          // The device's own ID is of no use to it, and is not looked at.
          if (field !== "deviceId" && readEnrolment(changed) !== null) expect(accepts(Enrolment, changed)).toBe(true);
        },
      ),
    );
  });

  test("every entry that is offered is a record of the shape", () => {
    const stamped = {
      seq: fc.nat(),
      id: fc.uuid(),
      issuer: fc.string(),
      label: fc.constant(null),
      at: seconds,
      writtenAt: seconds,
    };
    const deliveryId = fc.stringMatching(/^[!-~]{1,64}$/);
    const entry = fc.oneof(
      objectOf({
        ...stamped,
        kind: fc.constant("redemption"),
        voucher: fc.string({ maxLength: 600 }),
        deliveryId,
        via: fc.constantFrom(...VIAS),
        floor: seconds,
        route: fc.constantFrom("van-3", null),
        version: fc.constantFrom(4, null),
        takenBy: fc.constantFrom(...TAKERS),
        name: maybe(fc.string({ maxLength: 100 })),
        undoneBy: maybe(fc.uuid()),
      }),
      objectOf({
        ...stamped,
        kind: fc.constant("refusal"),
        code: fc.constantFrom(...REFUSAL_CODES),
        kid: maybe(hex(8)),
        cti: maybe(hex(16)),
        deliveryId: maybe(deliveryId),
      }),
      objectOf({
        ...stamped,
        kind: fc.constant("attempt"),
        deliveryId,
        reason: fc.constantFrom(...ATTEMPT_REASONS),
        note: maybe(fc.string()),
      }),
      objectOf({ ...stamped, kind: fc.constant("undo"), of: fc.uuid() }),
    );
    fc.assert(
      fc.property(entry, (value) => {
        const written = writeEntry(value as unknown as Entry);
        expect([written, accepts(UploadRecord, written)]).toEqual([written, true]);
      }),
    );
  });
});
