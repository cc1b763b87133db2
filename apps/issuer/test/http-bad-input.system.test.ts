import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { PERMISSIONS } from "@doorproof/api/lists";
import { describe, expect, test } from "vitest";
import { hours, makeHttpWorld, ORDER, PUBLIC_URL } from "./http-world.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** url, body, status, code, and the pointer and code of every fault. */
const BODIES: readonly (readonly [
  name: string,
  body: object,
  status: number,
  code: string,
  faults: readonly string[],
])[] = [
  ["an unknown field", { ...ORDER, fone: "1" }, 400, "unknown-field", ["/fone unknown-field"]],
  [
    "a window that is none, on a route of no name",
    { ...ORDER, window: [1, 2], route: 7 },
    400,
    "invalid-request",
    ["/route wrong-type", "/window wrong-type"],
  ],
  ["a field whose name needs escaping", { ...ORDER, "a/b~c": 1 }, 400, "unknown-field", ["/a~1b~0c unknown-field"]],
  ["a number for a text", { ...ORDER, deliveryId: 5 }, 400, "invalid-request", ["/deliveryId wrong-type"]],
  [
    "a list for a text: not coerced",
    { ...ORDER, deliveryId: ["A"] },
    400,
    "invalid-request",
    ["/deliveryId wrong-type"],
  ],
  ["a text for a truth: not coerced", { ...ORDER, sms: "false" }, 400, "invalid-request", ["/sms wrong-type"]],
  ["null for a text", { ...ORDER, phone: null }, 400, "invalid-request", ["/phone wrong-type"]],
  [
    "nothing",
    {},
    400,
    "invalid-request",
    ["/deliveryId missing-field", "/expiresAt missing-field", "/phone missing-field"],
  ],
  ["a list", [], 400, "invalid-request", [" wrong-type"]],
  ["no expiry", { deliveryId: "A", phone: ORDER.phone }, 400, "invalid-request", ["/expiresAt missing-field"]],
  ["two expiries", { ...ORDER, expiresAt: hours(5) }, 400, "invalid-request", ["/expiresAt not-accepted"]],
  ["a duration in words", { ...ORDER, expiresIn: "two days" }, 400, "invalid-request", ["/expiresIn wrong-format"]],
  [
    "a time without a zone",
    { ...ORDER, sendAt: "2027-01-15T08:00:00" },
    400,
    "invalid-request",
    ["/sendAt wrong-format"],
  ],
  [
    "a day that does not exist",
    { ...ORDER, sendAt: "2027-02-30T08:00:00Z" },
    400,
    "invalid-request",
    ["/sendAt wrong-format"],
  ],
  ["a leap second", { ...ORDER, sendAt: "2027-12-31T23:59:60Z" }, 400, "invalid-request", ["/sendAt wrong-format"]],
  [
    "four faults of shape at once",
    { phone: 1, expiresIn: "x", more: 1 },
    400,
    "invalid-request",
    ["/deliveryId missing-field", "/expiresIn wrong-format", "/more unknown-field", "/phone wrong-type"],
  ],
  [
    "faults of shape and of meaning at once",
    { deliveryId: "A 1", phone: "12", expiresIn: "forever", locale: "??", label: 5, courier: "*", x: 1 },
    400,
    "invalid-request",
    [
      "/courier courier",
      "/deliveryId delivery-id",
      "/expiresIn wrong-format",
      "/label wrong-type",
      "/locale locale",
      "/phone phone",
      "/x unknown-field",
    ],
  ],
  [
    "an unknown field beside an expiry that is over",
    { deliveryId: "A", phone: "+447700900123", expiresAt: "2020-01-01T00:00:00Z", x: 1 },
    400,
    "invalid-request",
    ["/expiresAt expiry-past", "/x unknown-field"],
  ],
  [
    "four faults of meaning at once",
    { deliveryId: "a b", phone: "+44", locale: "??", expiresAt: "2020-01-01T00:00:00Z" },
    422,
    "invalid-delivery",
    ["/deliveryId delivery-id", "/expiresAt expiry-past", "/locale locale", "/phone phone"],
  ],
  ["a fixed line", { ...ORDER, phone: "+442079460000" }, 422, "invalid-delivery", ["/phone phone-fixed-line"]],
  ["a life of a year", { ...ORDER, expiresIn: "365d" }, 422, "invalid-delivery", ["/expiresIn expiry-far"]],
];

describe("POST /v1/vouchers", () => {
  test.each(BODIES)("%s", async (_name, body, status, code, faults) => {
    const { call } = await makeHttpWorld();
    const answer = await call("POST", "/v1/vouchers", body);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    const problem = answer.json();
    expect([answer.statusCode, problem.status, problem.code]).toEqual([status, status, code]);
    const found = problem.errors.map((error: { pointer: string; code: string }) => `${error.pointer} ${error.code}`);
    expect(found.toSorted()).toEqual(faults);
    for (const { detail } of problem.errors) expect(detail.length).toBeGreaterThan(5);
    expect((await call("GET", "/v1/vouchers")).json().data).toEqual([]);
  });
});

const RAW = [
  ["bad JSON", "POST", "/v1/vouchers", JSON_TYPE, "{", 400, "invalid-json"],
  ["an empty body", "POST", "/v1/vouchers", JSON_TYPE, "", 400, "invalid-json"],
  ["no body", "POST", "/v1/vouchers", {}, undefined, 400, "invalid-request"],
  ["a poisoned prototype", "POST", "/v1/vouchers", JSON_TYPE, '{"__proto__": {"sms": false}}', 400, "invalid-json"],
  [
    "text",
    "POST",
    "/v1/vouchers",
    { "content-type": "text/plain" },
    JSON.stringify(ORDER),
    415,
    "unsupported-media-type",
  ],
  [
    "a form",
    "POST",
    "/v1/vouchers",
    { "content-type": "application/x-www-form-urlencoded" },
    "deliveryId=A",
    415,
    "unsupported-media-type",
  ],
  ["JSON under no name", "POST", "/v1/vouchers", {}, JSON.stringify(ORDER), 415, "unsupported-media-type"],
  ["a content type that is none", "POST", "/v1/vouchers", { "content-type": "/" }, "{}", 415, "unsupported-media-type"],
  [
    "a body too large",
    "POST",
    "/v1/vouchers",
    JSON_TYPE,
    JSON.stringify({ ...ORDER, label: "x".repeat(17_000) }),
    413,
    "body-too-large",
  ],
  [
    "records too large",
    "POST",
    "/v1/redemptions",
    JSON_TYPE,
    `{"records": ["${"x".repeat(257 * 1024)}"]}`,
    413,
    "body-too-large",
  ],
  [
    "too many records",
    "POST",
    "/v1/redemptions",
    JSON_TYPE,
    JSON.stringify({ records: Array(501).fill({}) }),
    400,
    "invalid-request",
  ],
  ["records that are none", "POST", "/v1/redemptions", JSON_TYPE, '{"records": 5}', 400, "invalid-request"],
  [
    "a field beside the records",
    "POST",
    "/v1/redemptions",
    JSON_TYPE,
    '{"records": [], "device": 1}',
    400,
    "unknown-field",
  ],
  ["an unknown filter", "GET", "/v1/vouchers?route=R1", {}, undefined, 400, "unknown-field"],
  ["a limit in words", "GET", "/v1/vouchers?limit=ten", {}, undefined, 400, "invalid-request"],
  ["a limit of 0", "GET", "/v1/vouchers?limit=0", {}, undefined, 400, "invalid-request"],
  ["a limit of 101", "GET", "/v1/redemptions?limit=101", {}, undefined, 400, "invalid-request"],
  ["a limit said twice", "GET", "/v1/events?limit=1&limit=2", {}, undefined, 400, "invalid-request"],
  ["a status that is none", "GET", "/v1/vouchers?status=lost", {}, undefined, 400, "invalid-request"],
  ["a cursor that is none", "GET", "/v1/events?after=x", {}, undefined, 400, "invalid-request"],
  [
    "an empty idempotency key",
    "POST",
    "/v1/vouchers",
    { ...JSON_TYPE, "idempotency-key": "" },
    JSON.stringify(ORDER),
    400,
    "invalid-request",
  ],
  [
    "a body where none belongs",
    "POST",
    `/v1/vouchers/${"0".repeat(24)}/resend`,
    JSON_TYPE,
    '{"to": "+15550100"}',
    400,
    "unknown-field",
  ],
  ["an address that is none", "GET", "/v1/nothing", {}, undefined, 404, "not-found"],
  ["an address of a later version", "POST", "/v1/vouchers/bulk", JSON_TYPE, "{}", 405, "method-not-allowed"],
  ["an address that cannot be read", "GET", "/v1/vouchers/%zz", {}, undefined, 400, "bad-request"],
  ["a method that is not taken", "DELETE", "/v1/vouchers", {}, undefined, 405, "method-not-allowed"],
] as const;

test.each(RAW)("%s", async (_name, method, url, headers, payload, status, code) => {
  const { app, authorize } = await makeHttpWorld();
  const answer = await app.inject({
    method,
    url,
    headers: { ...(await authorize(...PERMISSIONS)), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  const { type, title, detail, instance, errors, ...rest } = answer.json();
  expect(rest).toEqual({ status, code });
  expect([type, typeof title, typeof detail, Array.isArray(errors)]).toEqual([
    `${PUBLIC_URL}/problems#${code}`,
    "string",
    "string",
    true,
  ]);
  expect(instance).toMatch(/^[0-9a-f]{16}$/);
  expect(answer.headers["x-request-id"]).toBe(instance);
  if (status === 405) expect(answer.headers["allow"]).toMatch(/GET/);
});

test("each problem's type leads to a page that explains its code", async () => {
  const { app } = await makeHttpWorld();
  const { payload } = await app.inject("/problems");
  for (const code of ["delivery-exists", "unknown-field", "rate-limited", "internal-error"])
    expect(payload).toContain(`id="${code}"`);
});

test("what nobody foresaw is a 500 that tells nothing; the log tells it under the same instance", async () => {
  const secret = "the database said: phone +447700900123, token dpk_abc";
  const { call, log } = await makeHttpWorld({
    change: (deps) => ({
      ...deps,
      store: { ...deps.store, listVouchers: () => Promise.reject(new TypeError(secret)) },
    }),
  });
  const answer = await call("GET", "/v1/vouchers");
  expect([answer.statusCode, answer.json().code]).toEqual([500, "internal-error"]);
  expect(answer.payload).not.toMatch(/database|TypeError|stack|\.ts|node_modules/);
  const line = log.find((entry) => entry.includes('"request failed"')) ?? "";
  expect(line).toContain(answer.json().instance);
  expect(line).toContain("TypeError");
  expect(line).not.toMatch(/447700900123|dpk_abc/);
});

test("what is no HTTP at all gets a problem too, and none of it gets into the log", async () => {
  const { app, log } = await makeHttpWorld();
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("SECRET dpk_abc\r\n\r\n"));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain("content-type: application/problem+json");
  expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status: 400, code: "bad-request" });
  expect(log.join("")).not.toMatch(/dpk_abc|SECRET/);
});
