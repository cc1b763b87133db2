import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  decodeBase45,
  encodeBase45,
  joinVoucher,
  keyId,
  MAX_TEXT_LENGTH,
  readCoseKeySet,
  readJwks,
  readPayload,
  splitVoucher,
  toHex,
  voucherBytesToSign,
  writePayload,
  writeText,
} from "../src/codec.ts";
import { expandVoucher, hashPhone, REFUSAL_CODES, readPhone, readShortCode, readText } from "../src/index.ts";
import { vectorFiles } from "../vectors/generate.ts";
import { bytesOf } from "../vectors/octets.ts";
import type { ForRole, Refused } from "../vectors/schema.ts";
import { expectRefusal } from "./refuses.ts";
import { fromHex, readVectors } from "./vector-files.ts";

/** Made once: signing and sealing all of them takes seconds. */
const MADE = vectorFiles();
const { given, valid, refused, documents, documentsLarge, keySets, shortCodes, seals, primitives, misuse } =
  readVectors();

describe("the collection", () => {
  test("making it again gives the same bytes", () => {
    for (const [name, text] of Object.entries(MADE)) {
      expect(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"), name).toBe(text);
    }
  });

  test.each(
    Object.entries({
      valid,
      refused,
      documents,
      documentsLarge,
      keySets,
      seals,
      base45: primitives.base45Refused,
      scanned: primitives.scanned,
      misused: misuse.questions,
    }),
  )("%s: each case has a name of its own", (_, cases) => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  // serde_json and PHP's json_decode refuse a whole file for half a surrogate pair, and a byte order mark.
  test.each(Object.keys(MADE))("%s: JSON for any parser", (name) => {
    const text = readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");
    expect(text).toMatch(/^[\n -~]*$/);
    for (const said of text.match(/"(\\.|[^"\\])*"/g) ?? []) expect(JSON.parse(said)).toSatisfy(isWellFormed);
  });

  // Whoever runs the vectors elsewhere compares the number of cases with the README's.
  test("is as large as its README says", () => {
    const readme = readFileSync(new URL("../vectors/README.md", import.meta.url), "utf8");
    const sizes = Object.entries(MADE).map(([name, text]) => [name, casesOf(name, JSON.parse(text)).length] as const);
    const size = (...names: string[]) => sizes.reduce((sum, [name, n]) => (names.includes(name) ? sum + n : sum), 0);
    const all = size(...sizes.map(([name]) => name));
    const unassigned = [...valid, ...refused, ...misuse.questions].filter(({ question }) => !("manifest" in question));
    const bare = unassigned.filter(({ question }) => !("keyList" in (given.keySets[question.keys] ?? {})));
    const lists = [...documents, ...documentsLarge].filter(({ read }) => read !== "manifest");
    const anyReader = size("primitives.json", "key-sets.json") + misuse.phones.length;
    const byRole = [
      anyReader + bare.length,
      anyReader + unassigned.length + lists.length,
      all - shortCodes.derived.length,
      all,
    ];
    const roles = Object.entries(MADE).flatMap(([name, text]) =>
      casesOf(name, JSON.parse(text)).map((one) => (one as ForRole).role),
    );

    for (const [name, n] of sizes) expect(readme).toContain(`| \`${name}\` | ${n} |`);
    expect([...readme.matchAll(/(\d+) cases/g)].map(([, n]) => Number(n))).toEqual([all, all]);
    expect([...readme.matchAll(/ (\d+) \|$/gm)].map(([, n]) => Number(n))).toEqual(byRole);
    expect([1, 2, 3, 4].map((role) => roles.filter((each) => each <= role).length)).toEqual(byRole);
  });

  test("is large enough", () => {
    expect(valid.length).toBeGreaterThanOrEqual(40);
    expect(refused.length).toBeGreaterThanOrEqual(100);
  });

  // The codes in the order of docs/format.md section 6; those of a voucher first.
  const ELSEWHERE = [
    "code-mistyped",
    "wrong-code",
    "cannot-open",
    "older-document",
    "foreign-document",
    "future-document",
  ];

  test.each(REFUSAL_CODES.filter((code) => !ELSEWHERE.includes(code)))("%s: at least three vouchers", (code) => {
    expect(refused.filter(({ expect }) => expect.code === code).length).toBeGreaterThanOrEqual(3);
  });

  test.each(["text", "base45", "length", "payload"])("malformed, %s: at least three vouchers", (step) => {
    expect(refused.filter(({ expect }) => expect.step === step).length).toBeGreaterThanOrEqual(3);
  });

  test.each([1, 2, 3, 4, 5, 6])("reading step %i: at least three, and no more than a third", (step) => {
    const count = refused.filter(({ reading }) => reading === step).length;
    expect(count).toBeGreaterThanOrEqual(3);
    expect(count).toBeLessThanOrEqual(refused.length / 3);
  });

  test.each([
    "keys-old",
    "revocations-old",
    "no-revocations",
    "keys-unsigned",
    "delivery-not-compared",
    "assignment-not-checked",
    "phone-not-in-voucher",
  ])("note %s: at least three", (note) => {
    expect(valid.filter(({ expect }) => expect.notes.includes(note)).length).toBeGreaterThanOrEqual(3);
  });

  test("the notes of the cases are the notes there are", () => {
    expect(new Set(valid.flatMap(({ expect }) => expect.notes)).size).toBe(7);
  });

  const codesOf = (cases: readonly { expect: unknown }[]) => cases.map(({ expect }) => expect as Partial<Refused>);

  test.each([
    "malformed",
    "unknown-key",
    "key-not-valid",
    "bad-signature",
    "older-document",
    "foreign-document",
    "future-document",
  ])("%s: at least three documents", (code) => {
    expect(codesOf(documents).filter((one) => one.code === code).length).toBeGreaterThanOrEqual(3);
  });

  test.each(["payload", "frame", "keys"])("malformed, %s: at least three documents or key sets", (step) => {
    expect(codesOf([...documents, ...keySets]).filter((one) => one.step === step).length).toBeGreaterThanOrEqual(3);
  });

  test.each(["code-mistyped", "wrong-code", "cannot-open", "malformed"])("%s: at least three seals", (code) => {
    expect(codesOf(seals).filter((one) => one.code === code).length).toBeGreaterThanOrEqual(3);
  });
});

describe.each(valid)("valid: $name", ({ text, stages }) => {
  const { claims, payload, kid, bytesToSign, signature, voucher, coseSign1, phone } = stages;
  const parts = { kid: fromHex(kid), payload: fromHex(payload), signature: fromHex(signature) };

  test("every stage, written", () => {
    expect(toHex(writePayload({ ...claims, cti: fromHex(claims.cti) }))).toBe(payload);
    expect(toHex(voucherBytesToSign(parts.kid, parts.payload))).toBe(bytesToSign);
    expect(toHex(joinVoucher(parts))).toBe(voucher);
    expect(writeText(fromHex(voucher))).toBe(text);
    expect(toHex(expandVoucher(fromHex(voucher)))).toBe(coseSign1);
    if (phone !== undefined) expect(hashPhone(phone)).toBe(claims.phoneHash);
  });

  test("every stage, read", () => {
    const split = splitVoucher(readText(text));
    expect([toHex(split.kid), toHex(split.signature), toHex(split.payload)]).toEqual([kid, signature, payload]);
    const read = readPayload(split.payload);
    expect({ ...read, cti: toHex(read.cti) }).toEqual(claims);
    expect(text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
  });
});

test.each(refused.filter(({ reading }) => reading <= 2))(
  "refused without a key: $name",
  ({ text, expect: { step } }) => {
    expectRefusal(`malformed: ${step}`, () => splitVoucher(readText(text)));
  },
);

test.each(refused.filter(({ reading }) => reading === 5))("refused by its payload: $name", ({ text }) => {
  const { payload } = splitVoucher(readText(text));
  expectRefusal("malformed: payload", () => readPayload(payload));
});

test.each(Object.entries(given.testKeys))("the kid of the %s key recomputes", (_, { publicKey, kid }) => {
  expect(toHex(keyId(fromHex(publicKey)))).toBe(kid);
});

describe("base45", () => {
  test.each(primitives.base45)("$text ($source)", ({ bytes, text }) => {
    expect(encodeBase45(fromHex(bytes))).toBe(text);
    expect(toHex(decodeBase45(text))).toBe(bytes);
  });

  test.each(primitives.base45Refused)("refused: $name", ({ text }) => {
    expectRefusal("malformed: base45", () => decodeBase45(text));
  });
});

test.each(primitives.phones)("phone hash of $number", ({ number, hash }) => {
  expect(hashPhone(number)).toBe(hash);
});

test.each(misuse.phones)("no phone hash of $name", ({ number }) => {
  expect(() => hashPhone(number)).toThrow(RangeError);
});

test.each(primitives.phonesTyped)("phone typed as $typed in $country", ({ typed, country, numbers }) => {
  expect(readPhone(typed, country)).toEqual(numbers);
});

test.each(shortCodes.typed)("short code typed as $typed", ({ typed, expect: expected }) => {
  if ("code" in expected && expected.code !== "code-mistyped") expect(readShortCode(typed)).toBe(expected.code);
  else expectRefusal("code-mistyped", () => readShortCode(typed));
});

// Whether a key is a point that may be trusted, and what a file's text may be, is the verifier's to say; the rest of
// these sets is read here.
test.each(keySets.flatMap(({ keys, ...one }) => ("kids" in one.expect && !("file" in keys) ? [{ keys, ...one }] : [])))(
  "key set: $name",
  ({ keys, expect: expected }) => {
    const read = "jwks" in keys ? readJwks(keys.jwks) : readCoseKeySet(bytesOf(keys.coseKeys));
    expect({ kids: read.map((publicKey) => toHex(keyId(publicKey))) }).toEqual(expected);
  },
);

function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

function casesOf(name: string, file: unknown[] | Record<string, unknown[]>): readonly unknown[] {
  if (name === "given.json") return [];
  return Array.isArray(file) ? file : Object.values(file).flat();
}
