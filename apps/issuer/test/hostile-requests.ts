import fc from "fast-check";
import type { InjectOptions } from "fastify";
import type { Operation } from "./openapi.ts";

// Requests that are nearly right: an example of the description, with parts of it replaced, left out, doubled or
// renamed, by somebody who has tokens and knows what other people's vouchers are called. A body of random bytes ends
// at the first check; these get past it.

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What an attacker may know and hold. */
export interface Loot {
  /** Voucher texts, IDs, delivery IDs, names of routes, tokens of links: whatever fits somewhere. */
  readonly words: readonly string[];
  /** Vouchers that somebody was given. */
  readonly vouchers: readonly string[];
  /** By whom a request may be sent: values of Authorization. */
  readonly tokens: readonly string[];
  /** ISO 8601. */
  readonly now: string;
}

interface Mutation {
  readonly do: "replace" | "drop" | "double" | "rename";
  /** Which node of the body, counted from the top. */
  readonly at: number;
  readonly value: Json;
  /** In place of `value`: which of the words. */
  readonly word: number | null;
}

/** Drawn before the issuer has answered anything: which word a number means is decided when it is sent. */
export interface Draft {
  readonly operation: number;
  readonly example: number;
  readonly mutations: readonly Mutation[];
  readonly words: readonly number[];
  /** For what is to be new with each request. */
  readonly id: string;
  readonly token: number;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly idempotencyKey: string | null;
  readonly cut: number | null;
  readonly type: string;
  readonly address: number;
}

const hostileText = fc.oneof(
  fc.constantFrom(
    "",
    "\u0000",
    "\u202Egnp.exe",
    '=HYPERLINK("http://x")',
    "../../etc/passwd",
    "%2e%2e%2f",
    "\uD800",
    "null",
  ),
  fc.constantFrom("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2027-01-15T08:00:00Z", "48h", "99999d", "GB", "*"),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.nat(4000).map((length) => "9".repeat(length)),
);
const hostileNumber = fc.oneof(
  fc.constantFrom(-1, 0, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 0.5, 1_800_000_000, 4_102_444_800),
  fc.integer(),
);
const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom<Json>(null, true, false, [], {}, { __proto__x: 1 }),
  fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>,
  fc.nat(200).map((depth): Json => {
    let nested: Json = [];
    for (let level = 0; level < depth; level++) nested = [nested];
    return nested;
  }),
);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  do: fc.constantFrom("replace", "replace", "replace", "drop", "double", "rename"),
  at: fc.nat(30),
  value: hostileValue,
  word: fc.option(fc.nat(1000)),
});

/**
 * @param operations how many there are
 * @param favoured of these every other request: what the issuer is for, and where an accept could be wrong
 */
export function drafts(operations: number, favoured: readonly number[]): fc.Arbitrary<Draft> {
  return fc.record({
    operation: fc.oneof(fc.nat(operations - 1), fc.constantFrom(...favoured)),
    example: fc.nat(5),
    mutations: fc.array(mutation, { maxLength: 3 }),
    words: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
    id: fc.uuid(),
    token: fc.nat(1000),
    // Few: most routes refuse every parameter.
    query: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.tuple(fc.constantFrom("limit", "after", "delivery", "status", "dryRun", "x"), hostileText),
          {
            maxLength: 2,
          },
        ),
      },
    ),
    idempotencyKey: fc.option(fc.oneof(fc.constantFrom("a", "b"), fc.string({ maxLength: 80 })), { freq: 3 }),
    cut: fc.option(fc.nat(400), { freq: 20 }),
    type: fc.constantFrom(
      "application/json",
      "application/json",
      "application/json",
      "text/plain",
      "application/json; charset=x",
    ),
    address: fc.nat(2 ** 24 - 1),
  });
}

/** The request that a draft means today. */
export function writeRequest(
  draft: Draft,
  { route, operation, examples, loot }: { route: string; operation: Operation; examples: readonly Json[]; loot: Loot },
): InjectOptions {
  const [method = "GET", path = "/"] = route.split(" ");
  const pick = (index: number) => loot.words[index % loot.words.length] ?? "";
  let parameter = 0;
  const url = path.replace(/\{\w+\}/g, () => encodeURIComponent(toScalars(pick(draft.words[parameter++] ?? 0))));
  const query = new URLSearchParams(draft.query.map(([name, value]) => [name, toScalars(value)])).toString();
  const headers: Record<string, string> = {};
  const token = loot.tokens[draft.token % loot.tokens.length];
  if (token) headers["authorization"] = token;
  if (draft.idempotencyKey !== null) headers["idempotency-key"] = draft.idempotencyKey.replace(/[^\x20-\x7e]/g, "_");
  const remoteAddress = [10, draft.address >> 16, (draft.address >> 8) & 255, draft.address & 255].join(".");
  const request = { method: method as "GET", url: query ? `${url}?${query}` : url, headers, remoteAddress };
  if (operation.requestBody === undefined) return request;
  headers["content-type"] = draft.type;
  const example = furnish(examples[draft.example % examples.length] ?? {}, draft, loot);
  const body = JSON.stringify(draft.mutations.reduce((json, one) => mutate(json, one, pick), example));
  return { ...request, payload: draft.cut === null ? body : body.slice(0, draft.cut) };
}

/** The example with names that this issuer knows: one that names a voucher of the documentation gets nowhere. */
function furnish(json: Json, draft: Draft, loot: Loot): Json {
  const [first = 0, second = 0] = draft.words;
  const known: Readonly<Record<string, string | undefined>> = {
    id: draft.id,
    // Of old ones there is little to be said.
    voucher: loot.vouchers.at(-1 - (first % 4)),
    at: loot.now,
    deliveryId: first % 2 === 0 ? draft.id : loot.words[second % loot.words.length],
  };
  if (Array.isArray(json)) return json.map((one) => furnish(one, draft, loot));
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, one]) => [name, known[name] ?? furnish(one, draft, loot)]),
  );
}

/** A lone surrogate is no URL. */
function toScalars(text: string): string {
  return text.toWellFormed();
}

function mutate(json: Json, { do: kind, at, value, word }: Mutation, pick: (index: number) => string): Json {
  const count = countNodes(json);
  let left = at % count;
  const visit = (node: Json): Json | undefined => {
    if (left-- === 0) {
      if (kind === "drop") return undefined;
      if (kind === "double") return [node, node];
      if (kind === "rename" && isObject(node))
        return Object.fromEntries(Object.entries(node).map(([name, one]) => [`${name}_`, one]));
      return word === null ? value : pick(word);
    }
    if (Array.isArray(node)) return node.map(visit).filter((one) => one !== undefined);
    if (isObject(node))
      return Object.fromEntries(
        Object.entries(node).flatMap(([name, one]) => {
          const changed = visit(one);
          return changed === undefined ? [] : [[name, changed]];
        }),
      );
    return node;
  };
  return visit(json) ?? null;
}

function countNodes(json: Json): number {
  if (Array.isArray(json)) return json.reduce((sum: number, one: Json) => sum + countNodes(one), 1);
  if (isObject(json)) return Object.values(json).reduce((sum: number, one) => sum + countNodes(one), 1);
  return 1;
}

function isObject(json: Json): json is { readonly [name: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
