import { PERMISSIONS } from "@doorproof/api/lists";
import rateLimit from "@fastify/rate-limit";
import type {} from "@fastify/swagger";
import { fastify } from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { needs, requirePermission } from "../src/http/frame/access.ts";
import { makeHttpWorld, ORDER } from "./http-world.ts";

const ROUTES = [
  ["GET", "/v1/vouchers", "read"],
  ["POST", "/v1/vouchers", "issue"],
  ["PUT", "/v1/routes/north-1/stops", "routes"],
  ["POST", "/v1/redemptions", "redeem"],
] as const;

describe.each(ROUTES)("%s %s", (method, url, permission) => {
  test("answers nobody without an API key of its permission, whatever the body", async () => {
    const { app, authorize } = await makeHttpWorld();
    const other = await authorize(...PERMISSIONS.filter((one) => one !== permission));
    const right = await authorize(permission);
    const strangers = [
      {},
      { authorization: "Bearer" },
      { authorization: "Bearer dpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
      { authorization: right.authorization.replace("Bearer", "Basic") },
      { authorization: right.authorization.slice(0, -1) },
      { authorization: `${right.authorization}x` },
      { authorization: right.authorization.toUpperCase() },
    ];
    for (const headers of strangers) {
      const answer = await app.inject({
        method,
        url,
        headers: { "content-type": "text/plain", ...headers },
        payload: "not JSON",
      });
      expect([headers, answer.statusCode, answer.json().code]).toEqual([headers, 401, "unauthorized"]);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
    }
    const lacking = await app.inject({ method, url, headers: other });
    expect([lacking.statusCode, lacking.json().code]).toEqual([403, "insufficient-scope"]);
    const allowed = await app.inject({ method, url, headers: right });
    expect([401, 403]).not.toContain(allowed.statusCode);
  });
});

test("other spellings of a closed address do not open it", async () => {
  const { app } = await makeHttpWorld();
  for (const url of [
    "/v1//vouchers",
    "/V1/vouchers",
    "/v1/vouchers/",
    "/v1/%76ouchers",
    "/./v1/vouchers",
    "//v1/vouchers",
    "/v1/vouchers;x",
    "/v1/vouchers?a",
    "/x/../v1/vouchers",
  ]) {
    expect([url, [401, 404].includes((await app.inject(url)).statusCode)]).toEqual([url, true]);
  }
});

test("a store that fails opens nothing", async () => {
  const { app, authorize } = await makeHttpWorld({
    change: (deps) => ({
      ...deps,
      store: { ...deps.store, findApiKey: () => Promise.reject(new Error("the disk is gone")) },
    }),
  });
  const answer = await app.inject({ url: "/v1/vouchers", headers: await authorize("read") });
  expect([answer.statusCode, answer.json().code]).toEqual([500, "internal-error"]);
});

test("a use that cannot be noted closes nothing", async () => {
  const { app, authorize, log } = await makeHttpWorld({
    change: (deps) => ({
      ...deps,
      store: { ...deps.store, setApiKey: () => Promise.reject(new Error("the disk is full")) },
    }),
  });
  const answer = await app.inject({ url: "/v1/vouchers", headers: await authorize("read") });
  expect(answer.statusCode).toBe(200);
  expect(log.join("")).toContain("the disk is full");
});

test("a closed room takes no route that states no permission", async () => {
  const { deps } = await makeHttpWorld();
  const app = fastify();
  onTestFinished(() => app.close());
  await app.register(rateLimit, { global: false });
  requirePermission(app, { deps });
  app.get("/stated", { schema: { security: [needs("read")] } }, async () => "");
  for (const security of [undefined, [], [{ apiKey: [] }], [{ apiKey: ["everything"] }]])
    expect(() => app.get("/", { schema: { ...(security && { security }) } }, async () => "")).toThrow(/permission/);
});

test("after 20 wrong keys in a minute an address is told to wait; a right key passes, and so do other addresses", async () => {
  const { app, call } = await makeHttpWorld();
  const guess = (remoteAddress: string) =>
    app.inject({ url: "/v1/vouchers", remoteAddress, headers: { authorization: "Bearer dpk_guess" } });
  for (let i = 0; i < 20; i++) expect((await guess("127.0.0.1")).statusCode).toBe(401);
  const held = await guess("127.0.0.1");
  expect([held.statusCode, held.json().code]).toEqual([429, "rate-limited"]);
  expect(Number(held.headers["retry-after"])).toBeGreaterThan(0);
  expect((await guess("192.0.2.7")).statusCode).toBe(401);
  expect((await call("GET", "/v1/vouchers")).statusCode).toBe(200);
});

test("public pages are limited by address; X-Forwarded-For counts from a trusted proxy only", async () => {
  const { app } = await makeHttpWorld({ config: { trustProxy: ["10.0.0.0/8"] } });
  const ask = async (remoteAddress: string, forwarded: string) => {
    const answer = await app.inject({ url: "/v1/keys", remoteAddress, headers: { "x-forwarded-for": forwarded } });
    return Number(answer.headers["ratelimit-remaining"]);
  };
  expect(await ask("10.0.0.1", "192.0.2.1")).toBe(599);
  expect(await ask("10.0.0.1", "192.0.2.2")).toBe(599);
  expect(await ask("10.0.0.1", "192.0.2.1")).toBe(598);
  expect(await ask("198.51.100.1", "192.0.2.3")).toBe(599);
  expect(await ask("198.51.100.1", "192.0.2.4")).toBe(598);
  for (let i = 0; i < 598; i++) await ask("198.51.100.1", "192.0.2.5");
  const over = await app.inject({ url: "/v1/keys", remoteAddress: "198.51.100.1" });
  expect([over.statusCode, over.json().code]).toEqual([429, "rate-limited"]);
});

test("metrics are open on a trial's own machine alone, and in production for an API key that may", async () => {
  const { app } = await makeHttpWorld();
  const host = "localhost:8080";
  const ask = async (headers: object, remoteAddress = "127.0.0.1") =>
    (await app.inject({ url: "/metrics", remoteAddress, headers: { host, ...headers } })).statusCode;
  expect(await ask({})).toBe(200);
  expect(await ask({}, "::1")).toBe(200);
  expect(await ask({}, "192.168.1.20")).toBe(404);
  expect(await ask({ host: "rebound.example" })).toBe(404);
  for (const name of ["x-forwarded-for", "x-real-ip", "via", "forwarded"])
    expect([name, await ask({ [name]: "192.0.2.7" })]).toEqual([name, 404]);
  const production = await makeHttpWorld({ config: { production: true } });
  expect((await production.app.inject("/metrics")).statusCode).toBe(401);
  expect((await production.call("GET", "/metrics")).statusCode).toBe(200);
});

test("the description is public in a trial, and in production only where PUBLIC_DOCS is on", async () => {
  const open = async (config: object) => {
    const { app } = await makeHttpWorld({ config });
    const urls = ["/docs", "/docs/json", "/openapi.json", "/"];
    const found = await Promise.all(urls.map(async (url) => (await app.inject(url)).statusCode !== 404));
    expect((await app.inject("/problems")).statusCode).toBe(200);
    return urls.filter((_, index) => found[index]);
  };
  expect(await open({ publicDocs: true })).toContain("/openapi.json");
  expect(await open({ production: true, publicDocs: false })).toEqual([]);
});

test("links come from the configuration, whatever Host a request brings", async () => {
  const { call } = await makeHttpWorld();
  const headers = { host: "evil.example", "x-forwarded-host": "evil.example" };
  const answer = await call("POST", "/v1/vouchers", ORDER, headers);
  expect(answer.statusCode).toBe(201);
  expect(answer.payload + JSON.stringify(answer.headers)).not.toContain("evil.example");
});

test("every answer says what a browser must not do with it; HTTPS is for ever in production", async () => {
  const { app } = await makeHttpWorld({ config: { production: true } });
  for (const url of ["/livez", "/v1/vouchers", "/docs", "/v/x", "/problems"]) {
    const { headers } = await app.inject(url);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
    expect(headers["strict-transport-security"]).toContain("max-age=31536000");
  }
});
