import { randomUUID } from "node:crypto";
import { MAX_RECORDS } from "@doorproof/api/lists";
import { describe, expect, onTestFinished, test } from "vitest";
import { takeQuota } from "../src/domain/redemptions/quota.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { appOf, hours, makeHttpWorld } from "./http-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { describeApi } from "./openapi.ts";
import { COURIER, DRIVER, T0 } from "./world.ts";

// What a right token may do, and no more of it.

const LIMIT = 1200;

function attempts(count: number, from = 0) {
  const seqs = Array.from({ length: count }, (_, index) => from + index);
  return {
    records: seqs.map((seq) => ({
      kind: "attempt",
      id: randomUUID(),
      seq,
      at: hours(0),
      deliveryId: "D",
      reason: "no-answer",
    })),
  };
}

describe("records an hour", () => {
  test("an upload beyond them is refused whole, with when to come again, and taken whole then", async () => {
    const { call, clock, deps } = await makeHttpWorld({ change: withLimit });
    const headers = ({ headers }: Awaited<ReturnType<typeof call>>) =>
      ["limit", "remaining", "reset"].map((name) => Number(headers[`ratelimit-${name}`]));
    const first = await call("POST", "/v1/redemptions", attempts(MAX_RECORDS));
    expect([first.statusCode, headers(first)]).toEqual([200, [LIMIT, 700, 3600]]);
    clock.now += 600;
    expect(headers(await call("POST", "/v1/redemptions", attempts(MAX_RECORDS)))).toEqual([LIMIT, 200, 3000]);
    const batch = attempts(201);
    const over = await call("POST", "/v1/redemptions", batch);
    expect([over.statusCode, over.json().code, over.headers["retry-after"], headers(over)]).toEqual([
      429,
      "rate-limited",
      "3000",
      [LIMIT, 200, 3000],
    ]);
    const stored = await deps.store.countEvents();
    expect(stored.find(({ kind }) => kind === "door-attempt")?.count).toBe(1000);
    // What fits is taken all the same, and the time is told to whoever sends nothing.
    expect((await call("POST", "/v1/redemptions", attempts(200))).statusCode).toBe(200);
    expect((await call("POST", "/v1/redemptions", { records: [] })).statusCode).toBe(200);
    expect((await call("POST", "/v1/redemptions", attempts(1))).statusCode).toBe(429);
    clock.now += 3000;
    const after = await call("POST", "/v1/redemptions", batch);
    expect([after.statusCode, after.json().results.length, headers(after)]).toEqual([200, 201, [LIMIT, 999, 3600]]);
  });

  test("hold across the processes of one database and their restarts", async () => {
    const world = await makeHttpWorld({ change: withLimit });
    const store = await openSqlite(world.database);
    onTestFinished(() => store.close());
    const { app } = await appOf({ deps: withLimit({ ...world.deps, store }), folder: world.folder });
    onTestFinished(() => app.close());
    const headers = await world.authorize("redeem");
    const upload = (on: typeof app, count: number) =>
      on.inject({ method: "POST", url: "/v1/redemptions", headers, payload: attempts(count) });
    for (const each of [world.app, app]) expect((await upload(each, MAX_RECORDS)).statusCode).toBe(200);
    for (const each of [world.app, app]) expect((await upload(each, 201)).statusCode).toBe(429);
  });

  test("count what cannot be read too", async () => {
    const { call } = await makeHttpWorld({ change: withLimit });
    const rubbish = { records: Array.from({ length: MAX_RECORDS }, () => ({ id: "a" })) };
    expect((await call("POST", "/v1/redemptions", rubbish)).headers["ratelimit-remaining"]).toBe("700");
  });

  test("are each reporter's own, begin with the first record, and outlive no clock that was set back", async () => {
    const { deps, clock } = await makeMemoryWorld({ policy: { recordsAnHour: 500 } });
    const take = async (actor: typeof DRIVER, count: number) => {
      const { isTaken, remaining, resetIn } = await takeQuota(deps, actor, count);
      return [isTaken, remaining, resetIn];
    };
    expect(await take(DRIVER, 0)).toEqual([true, 500, 3600]);
    clock.now += 100;
    expect(await take(DRIVER, 500)).toEqual([true, 0, 3600]);
    clock.now += 3599;
    expect(await take(DRIVER, 1)).toEqual([false, 0, 1]);
    expect(await take(COURIER, 1)).toEqual([true, 499, 3600]);
    clock.now += 1;
    expect(await take(DRIVER, 1)).toEqual([true, 499, 3600]);
    clock.now = T0;
    expect(await take(DRIVER, 500)).toEqual([true, 0, 3600]);
  });
});

describe("requests a minute", () => {
  test("of heavy routes are limited for each API key, and said so in the answer and the description", async () => {
    const { world, operations } = await describeApi();
    const { app, authorize } = world;
    const mine = await authorize("read", "audit");
    const list = (headers: object) => app.inject({ url: "/v1/events?limit=1", headers: { ...headers } });
    const first = await list(mine);
    expect([first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]]).toEqual(["600", "599"]);
    for (let count = 1; count < 600; count++) await list(mine);
    const over = await list(mine);
    expect([over.statusCode, over.json().code, Number(over.headers["retry-after"]) > 0]).toEqual([
      429,
      "rate-limited",
      true,
    ]);
    expect((await list(await authorize("audit"))).statusCode).toBe(200);
    expect((await app.inject({ url: "/v1/vouchers", headers: mine })).statusCode).toBe(200);
    const limits = operations.flatMap(([route, { description }]) => {
      const [, count, whose] = /At most (\d+) requests a minute for each (.*)\.$/.exec(description ?? "") ?? [];
      return count === undefined ? [] : [`${route}: ${count} ${whose}`];
    });
    expect(limits.toSorted()).toEqual([
      "GET /.well-known/jwks.json: 600 address",
      "GET /v/{token}/qr.png: 1200 address",
      "GET /v/{token}/qr.svg: 1200 address",
      "GET /v/{token}: 1200 address",
      "GET /v1/events: 600 API key",
      "GET /v1/keys.cbor: 600 address",
      "GET /v1/keys: 600 address",
      "GET /v1/redemptions: 600 API key",
      "GET /v1/revocations: 600 address",
      "GET /v1/routes/{route}: 600 API key",
      "GET /v1/vouchers: 600 API key",
      "POST /v1/enrolments: 120 address",
      "POST /v1/vouchers/{id}/reissue: 3000 API key",
      "POST /v1/vouchers/{id}/resend: 3000 API key",
      "POST /v1/vouchers/{id}/revoke: 3000 API key",
      "POST /v1/vouchers: 3000 API key",
      "PUT /v1/couriers/{courier}/deliveries: 300 API key",
      "PUT /v1/routes/{route}/stops: 300 API key",
    ]);
  });
});

function withLimit<Deps extends { readonly policy: object }>(deps: Deps): Deps {
  return { ...deps, policy: { ...deps.policy, recordsAnHour: LIMIT } };
}
