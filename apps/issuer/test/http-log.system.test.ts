import { PERMISSIONS } from "@doorproof/api/lists";
import { expect, test } from "vitest";
import { listApiKeys } from "../src/domain/access/manage-api-keys.ts";
import { createLogger } from "../src/logger.ts";
import { enrolPhone } from "./dispatch-world.ts";
import { hours, makeHttpWorld, ORDER, PUBLIC_URL } from "./http-world.ts";
import { sendAll } from "./world.ts";

type Caller = "nobody" | "a stranger" | "a key" | "a phone";

const FROM = { level: "warn", address: "203.0.113.7", method: "GET" };
const UNKNOWN = { ...FROM, event: "authentication-failed", actor: null };
const NOT_ALLOWED = { ...FROM, event: "authorization-failed" };

test("the log of a run holds no code, token, phone number, voucher or key, at the finest level", async () => {
  const { app, call, authorize, deps, gateway, log } = await makeHttpWorld();
  const { authorization } = await authorize(...PERMISSIONS);
  const { voucher, shortCode, link } = (await call("POST", "/v1/vouchers", ORDER, { authorization })).json();
  const token = link.slice(`${PUBLIC_URL}/v/`.length);
  await sendAll(deps, gateway);
  for (const url of [
    `/v/${token}`,
    `/v/${token}/qr.svg`,
    `/v/${token}/nothing`,
    `/v/${token}?code=${shortCode}`,
    `/v/%zz${token}`,
  ])
    await app.inject(url);
  // People and programs send things to the wrong place.
  await call("GET", `/v1/vouchers/${encodeURIComponent(voucher)}`);
  await call("GET", `/v1/${shortCode}?phone=${encodeURIComponent(ORDER.phone)}`);
  await call("POST", "/v1/vouchers", { ...ORDER, phone: { number: ORDER.phone }, [ORDER.phone]: shortCode });
  await call("POST", "/v1/vouchers", { ...ORDER, phone: "+447700900124" });
  const record = {
    id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1",
    voucher,
    via: "code",
    at: hours(0),
    takenBy: "recipient",
    name: "Ms Doe",
  };
  await call("POST", "/v1/redemptions", { records: [record, { ...record, code: shortCode }] });
  await app.inject({
    url: `/v1/vouchers?key=${authorization.slice(7)}`,
    headers: { authorization: `${authorization}x` },
  });

  const text = log.join("");
  expect(log.length).toBeGreaterThanOrEqual(10);
  const secrets = [
    voucher,
    voucher.slice(4, 40),
    shortCode,
    shortCode.replace("-", ""),
    token,
    ORDER.phone,
    ORDER.phone.slice(1),
    authorization.slice(7),
    "Ms Doe",
  ];
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), secret.toLowerCase(), Buffer.from(secret).toString("hex")])
      expect(text).not.toContain(form);
  }
});

test("a request's line names its route and who asked, by kind and ID", async () => {
  const { app, call, deps, log } = await makeHttpWorld();
  const phone = await enrolPhone(deps, "north");
  await call("GET", "/v1/vouchers");
  const [{ id: key } = { id: "none" }] = await listApiKeys(deps);
  await app.inject({ url: "/v1/manifests/north", headers: { authorization: `Bearer ${phone.token}` } });
  await app.inject("/livez");
  expect(linesOf(log).map(({ route, actor }) => [route, actor])).toEqual([
    ["/v1/vouchers", { kind: "api-key", id: key }],
    ["/v1/manifests/:route", { kind: "device", id: phone.id }],
    ["/livez", null],
  ]);
  expect(linesOf(log)[0]).toMatchObject({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[0-9:.]+Z$/),
    reqId: expect.stringMatching(/^[0-9a-f]{16}$/),
    method: "GET",
    status: 200,
  });
});

test.each<[what: string, method: "GET" | "POST", url: string, as: Caller, expected: object | null]>([
  ["no token", "GET", "/v1/vouchers", "nobody", { ...UNKNOWN, code: "unauthorized", route: "/v1/vouchers" }],
  ["a wrong token", "GET", "/v1/vouchers", "a stranger", { ...UNKNOWN, code: "unauthorized", route: "/v1/vouchers" }],
  [
    "an enrolment link that was never made",
    "POST",
    "/v1/enrolments",
    "nobody",
    { ...UNKNOWN, code: "enrolment-over", method: "POST", route: "/v1/enrolments" },
  ],
  [
    "a key without the permission",
    "GET",
    "/v1/events",
    "a key",
    {
      ...NOT_ALLOWED,
      code: "insufficient-scope",
      route: "/v1/events",
      actor: { kind: "api-key", id: expect.any(String) },
    },
  ],
  [
    "a phone of another route",
    "GET",
    "/v1/manifests/south",
    "a phone",
    {
      ...NOT_ALLOWED,
      code: "foreign-route",
      route: "/v1/manifests/:route",
      actor: { kind: "device", id: expect.any(String) },
    },
  ],
  ["a key that may", "GET", "/v1/vouchers", "a key", null],
  ["a shape that is wrong", "POST", "/v1/vouchers", "a key", null],
])("who is refused is a line of its own, with address and route: %s", async (_, method, url, as, expected) => {
  const { app, deps, authorize, log } = await makeHttpWorld();
  const tokens: Record<Caller, string | undefined> = {
    nobody: undefined,
    "a stranger": `Bearer dpk_${"x".repeat(43)}`,
    "a key": (await authorize("read", "issue")).authorization,
    "a phone": `Bearer ${(await enrolPhone(deps, "north")).token}`,
  };
  const authorization = tokens[as];
  await app.inject({
    method,
    url,
    headers: authorization === undefined ? {} : { authorization },
    ...(method === "POST" && { payload: { token: "A".repeat(22) } }),
    remoteAddress: "203.0.113.7",
  });
  const refusals = linesOf(log).filter(({ msg }) => msg === "access refused");
  expect(refusals).toEqual(expected === null ? [] : [expect.objectContaining(expected)]);
  expect(log.join("")).not.toContain("x".repeat(43));
});

test("wrong tokens that are too many are told one by one all the same", async () => {
  const { app, log } = await makeHttpWorld();
  const headers = { authorization: `Bearer dpk_${"x".repeat(43)}` };
  for (let i = 0; i < 22; i++) await app.inject({ url: "/v1/vouchers", headers });
  expect(linesOf(log).filter(({ event }) => event === "authentication-failed")).toHaveLength(22);
});

test("the search finds what is not redacted", () => {
  const log: string[] = [];
  createLogger({ level: "info", destination: { write: (line) => void log.push(line) } }).info(
    { delivery: "RR123456785DE" },
    "issued",
  );
  expect(log.join("")).toContain("RR123456785DE");
});

test.each([
  [
    "a field that is known to hold one",
    { phone: "+447700900123", nested: { phone: "+447700900123", deep: { token: "abc-secret" } } },
    "ok",
  ],
  ["a header", { headers: { authorization: "Bearer dpk_abc-secret" } }, "ok"],
  ["an error's message", { err: new Error("no such row: /v/abc-secret, +44 7700 900123, 7KQ4M-2XN8P") }, "ok"],
  ["an error's cause", { err: new Error("outer", { cause: new Error("dpk_abc-secret") }) }, "ok"],
  [
    "an error's own fields",
    { err: Object.assign(new Error("parse"), { rawPacket: Buffer.from("dpk_abc-secret"), params: ["+447700900123"] }) },
    "ok",
  ],
  ["the message itself", {}, "sent DP1:KB49M$O9H to +447700900123, see http://x/v/abc-secret"],
])("%s is redacted", (_name, fields, message) => {
  const log: string[] = [];
  createLogger({ level: "info", destination: { write: (line) => void log.push(line) } }).info(fields, message);
  expect(log).toHaveLength(1);
  expect(log.join("")).not.toMatch(/abc-secret|7700|7KQ4M|KB49M/);
});

function linesOf(log: readonly string[]): readonly Record<string, unknown>[] {
  return log.map((line) => JSON.parse(line));
}
