import { REFUSAL_CODES } from "@doorproof/voucher";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as api from "../src/index.ts";
import { accepts, shapes } from "./shapes.ts";

const examples = Object.entries(shapes).flatMap(([name, schema]) =>
  ("examples" in schema && Array.isArray(schema.examples) ? schema.examples : []).map((example: unknown) => ({
    name,
    example,
  })),
);

describe("examples", () => {
  test.each(examples)("of $name is one", ({ name, example }) => {
    expect(accepts(shapes[name] ?? {}, example)).toBe(true);
  });

  test("stand at every body and answer", () => {
    const told = new Set(examples.map(({ name }) => name));
    const parts =
      /^(TimeWindow|SmsState|Stop|Risk|Gap|RouteDevice|RouteManifest|Actor|Fault|Jwk|ReadinessChecks|OpenApi)$/;
    const pages = /Page$|Record$|RecordAnswer|StandingRedemption/;
    expect(Object.keys(shapes).filter((name) => !told.has(name) && !parts.test(name) && !pages.test(name))).toEqual([]);
  });

  test("of another shape are none", () => {
    const others = examples.filter(({ name }) => name !== "Problem");
    expect(others.length).toBeGreaterThan(10);
    for (const { name, example } of others) expect([name, accepts(api.Problem, example)]).toEqual([name, false]);
  });
});

test("what is inside a shape has a name of its own: no object stands nameless in another", () => {
  const nameless: string[] = [];
  const visit = (node: unknown, where: string) => {
    if (typeof node !== "object" || node === null) return;
    if ("type" in node && node.type === "object" && !("$id" in node)) nameless.push(where);
    for (const [key, value] of Object.entries(node)) if (key !== "examples") visit(value, `${where}/${key}`);
  };
  for (const [name, schema] of Object.entries(shapes)) visit(schema, name);
  expect(nameless).toEqual([]);
  visit({ ...shapes["Voucher"], $id: "Voucher", properties: { x: { type: "object" } } }, "Voucher");
  expect(nameless).toEqual(["Voucher/properties/x"]);
});

test("every named shape is a component of the document, under the name of its export", () => {
  expect(api.SHAPES.map(({ $id }) => $id)).toEqual(Object.keys(shapes).toSorted());
  for (const name of Object.keys(shapes)) expect([name, Object.hasOwn(api, name)]).toEqual([name, true]);
});

test("references lead to shapes", () => {
  const names = [...JSON.stringify(shapes).matchAll(/"\$ref":"(\w+)"/g)].map(([, name]) => name ?? "");
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !(name in shapes))).toEqual([]);
});

describe("requests", () => {
  const closed = [
    api.NewVoucher,
    api.Reissue,
    api.Withdrawal,
    api.Disclosure,
    api.Assignment,
    api.Handover,
    api.NewDevice,
    api.EnrolmentToken,
    api.Upload,
  ];

  test.each(closed.map((schema) => ({ name: schema.$id, schema })))(
    "$name takes no field it does not know",
    ({ schema }) => {
      const [example] = "examples" in schema && Array.isArray(schema.examples) ? schema.examples : [];
      expect(accepts(schema, example)).toBe(true);
      expect(accepts(schema, { ...example, surplus: 1 })).toBe(false);
    },
  );

  const voucher = { deliveryId: "P-1", phone: "+447700900123" };
  test.each([
    ["neither expiry", voucher, false],
    ["a time", { ...voucher, expiresAt: "2026-12-01T18:00:00Z" }, true],
    ["a time without a zone", { ...voucher, expiresAt: "2026-12-01T18:00:00" }, false],
    ["a duration", { ...voucher, expiresIn: "48h" }, true],
    ["no unit", { ...voucher, expiresIn: "48" }, false],
    ["both", { ...voucher, expiresAt: "2026-12-01T18:00:00Z", expiresIn: "48h" }, false],
  ])("a voucher with %s", (_, body, accepted) => expect(accepts(api.NewVoucher, body)).toBe(accepted));
});

describe("records", () => {
  const stamp = { id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1", at: "2026-12-01T16:20:05Z" };
  const lists = [
    ["takenBy", api.TAKERS, { ...stamp, voucher: "DP1:X", via: "scan" }],
    ["via", api.VIAS, { ...stamp, voucher: "DP1:X", takenBy: "recipient" }],
    ["reason", api.ATTEMPT_REASONS, { ...stamp, kind: "attempt", seq: 1, deliveryId: "P-1" }],
    ["code", REFUSAL_CODES, { ...stamp, kind: "refusal", seq: 1 }],
  ] as const;

  test.each(lists)("%s is one of its closed list", (field, list, rest) => {
    for (const word of list)
      expect([word, accepts(api.UploadRecord, { ...rest, [field]: word })]).toEqual([word, true]);
    fc.assert(
      fc.property(fc.string(), (word) => {
        const isListed = list.some((one) => one === word);
        expect(accepts(api.UploadRecord, { ...rest, [field]: word })).toBe(isListed);
      }),
    );
  });

  test("are told apart by their kind, in the order of the kinds", () => {
    const kinds = api.RECORDS.map(({ properties: { kind } }) => kind.const);
    expect(kinds).toEqual(api.RECORD_KINDS);
    expect(api.UploadRecord.anyOf.map(($ref) => ({ ...$ref }))).toEqual(api.RECORDS.map(({ $id }) => ({ $ref: $id })));
  });
});

test("a record is answered as a redemption is, or noted", () => {
  expect(api.ANSWER_STATUSES).toEqual([...api.REDEMPTION_STATUSES, "noted"]);
});

test("why a record does not stand is one of a closed list, in the answer and in what the back office reads", () => {
  const answer = (code: string) => ({ id: "1", status: "conflict", code });
  const redemption = examples.find(({ name }) => name === "Redemption")?.example;
  const listed = (code: string | null) => Object.assign({}, redemption, { status: "conflict", code });
  for (const code of [...REFUSAL_CODES, ...api.CONFLICT_CODES])
    expect([code, accepts(api.RecordAnswer, answer(code)), accepts(api.Redemption, listed(code))]).toEqual([
      code,
      true,
      true,
    ]);
  expect([accepts(api.RecordAnswer, answer("invalid-record")), accepts(api.Redemption, listed(null))]).toEqual([
    true,
    true,
  ]);
  for (const code of ["", "not-handed-in", "Revoked"])
    expect([accepts(api.RecordAnswer, answer(code)), accepts(api.Redemption, listed(code))]).toEqual([false, false]);
});

test("no word stands twice in a closed list", () => {
  const lists = Object.entries(api).filter(([name, value]) => /^[A-Z_]+$/.test(name) && Array.isArray(value));
  expect(lists.length).toBeGreaterThan(10);
  for (const [name, list] of lists) expect([name, list]).toEqual([name, [...new Set(list as readonly unknown[])]]);
});
