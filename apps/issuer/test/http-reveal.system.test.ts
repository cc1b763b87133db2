import { describe, expect, test } from "vitest";
import { type HttpWorld, makeHttpWorld, ORDER } from "./http-world.ts";
import { describeApi } from "./openapi.ts";
import { BACK_OFFICE, issueOne, order } from "./world.ts";

const REASON = { reason: "customer at the desk, ID checked" };

test("only what makes a voucher, and reveal, is described as answering its secrets", async () => {
  const { operations } = await describeApi();
  const telling = operations.flatMap(([route, { responses }]) =>
    Object.entries(responses)
      .filter(([, answer]) => /IssuedVoucher|shortCode/.test(JSON.stringify(answer)))
      .map(([status]) => `${route} ${status}`),
  );
  expect(telling.toSorted()).toEqual([
    "POST /v1/vouchers 200",
    "POST /v1/vouchers 201",
    "POST /v1/vouchers/{id}/reissue 201",
    "POST /v1/vouchers/{id}/reveal 200",
  ]);
});

describe("no secret of a voucher, and no phone number, is in the answer of", () => {
  const id = async (world: HttpWorld) => (await world.deps.store.listVouchers({ now: 0, limit: 1 }))[0]?.id;
  test.each<[string, (world: HttpWorld) => Promise<{ statusCode: number; payload: string }>]>([
    ["the list", ({ call }) => call("GET", "/v1/vouchers")],
    ["the list by delivery", ({ call }) => call("GET", `/v1/vouchers?delivery=${ORDER.deliveryId}`)],
    ["show", async (world) => world.call("GET", `/v1/vouchers/${await id(world)}`)],
    ["resend", async (world) => world.call("POST", `/v1/vouchers/${await id(world)}/resend`)],
    ["revoke", async (world) => world.call("POST", `/v1/vouchers/${await id(world)}/revoke`)],
    ["its route", ({ call }) => call("GET", "/v1/routes/north-1")],
    ["the audit trail", ({ call }) => call("GET", "/v1/events")],
    ["redemptions", ({ call }) => call("GET", "/v1/redemptions")],
    ["metrics", ({ call }) => call("GET", "/metrics")],
  ])("%s", async (_, ask) => {
    const world = await makeHttpWorld();
    const issued = await world.call("POST", "/v1/vouchers", { ...ORDER, sms: false, route: "north-1" });
    const { voucher, shortCode, link } = issued.json();
    const record = { id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1", voucher, via: "scan", takenBy: "recipient" };
    await world.call("POST", `/v1/vouchers/${await id(world)}/reveal`, REASON);
    await world.call("POST", "/v1/redemptions", { records: [{ ...record, at: "yesterday" }] });
    const answer = await ask(world);
    expect(answer.statusCode).toBe(200);
    for (const secret of [voucher, shortCode, shortCode.replace("-", ""), link.slice(-22), ORDER.phone.slice(1)])
      expect(answer.payload).not.toContain(secret);
  });
});

describe("reveal", () => {
  async function issue(world: HttpWorld) {
    const { authorize, app } = world;
    const issued = (await world.call("POST", "/v1/vouchers", ORDER)).json();
    const headers = await authorize("reveal");
    const reveal = (payload: unknown, voucherId = issued.id) =>
      app.inject({ method: "POST", url: `/v1/vouchers/${voucherId}/reveal`, headers, payload: payload as object });
    return { issued, reveal };
  }

  test("shows them to a key that may do just that, and the trail tells who and why", async () => {
    const world = await makeHttpWorld();
    const { issued, reveal } = await issue(world);
    const answer = await reveal(REASON);
    expect([answer.statusCode, answer.json()]).toEqual([200, issued]);
    expect(answer.headers["cache-control"]).toBe("no-store");
    const [newest] = (await world.call("GET", "/v1/events?limit=1")).json().data;
    const [key] = (await world.deps.store.apiKeys())
      .filter(({ permissions }) => permissions.includes("reveal"))
      .slice(-1);
    expect(newest).toMatchObject({
      kind: "voucher-revealed",
      deliveryId: ORDER.deliveryId,
      voucherId: issued.id,
      actor: { kind: "api-key", id: key?.id },
      reason: REASON.reason,
    });
  });

  test("is not given to one who made no voucher and may not", async () => {
    const { app, authorize, call } = await makeHttpWorld();
    const { id } = (await call("POST", "/v1/vouchers", ORDER)).json();
    const headers = await authorize("read", "issue", "message", "withdraw", "audit");
    const answer = await app.inject({ method: "POST", url: `/v1/vouchers/${id}/reveal`, headers, payload: REASON });
    expect([answer.statusCode, answer.json().code]).toEqual([403, "insufficient-scope"]);
  });

  test.each([
    ["nothing", undefined],
    ["no reason", {}],
    ["an empty one", { reason: "" }],
    ["blanks", { reason: "   " }],
    ["a book", { reason: "x".repeat(201) }],
    ["no text", { reason: 7 }],
    ["more than the reason", { ...REASON, all: true }],
  ])("with %s shows nothing and writes nothing", async (_, body) => {
    const world = await makeHttpWorld();
    const { issued, reveal } = await issue(world);
    const answer = await reveal(body);
    expect([400, 415]).toContain(answer.statusCode);
    expect(answer.payload).not.toContain(issued.shortCode);
    expect((await world.deps.store.countEvents()).map(({ kind }) => kind)).not.toContain("voucher-revealed");
  });

  test("of a voucher that is none is 404, and nothing is written", async () => {
    const world = await makeHttpWorld();
    const { reveal } = await issue(world);
    const answer = await reveal(REASON, "0".repeat(24));
    expect([answer.statusCode, answer.json().code]).toEqual([404, "voucher-unknown"]);
    expect((await world.deps.store.countEvents()).map(({ kind }) => kind)).not.toContain("voucher-revealed");
  });

  test("is written down before it is shown: where the trail cannot be written, nothing is", async () => {
    const world = await makeHttpWorld({
      change: (deps) => ({
        ...deps,
        store: { ...deps.store, transaction: () => Promise.reject(new Error("the disk is full")) },
      }),
    });
    const { view } = await issueOne(world.deps, order("D"), BACK_OFFICE);
    const answer = await world.call("POST", `/v1/vouchers/${view.id}/reveal`, REASON);
    expect([answer.statusCode, answer.json().code]).toEqual([500, "internal-error"]);
    expect(answer.payload).not.toContain(view.shortCode);
  });

  test("60 times an hour for each key, whatever its address; another key goes on", async () => {
    const world = await makeHttpWorld();
    const { issued, reveal } = await issue(world);
    for (let i = 0; i < 60; i++) expect((await reveal(REASON)).statusCode).toBe(200);
    const over = await reveal(REASON);
    expect([over.statusCode, over.json().code]).toEqual([429, "rate-limited"]);
    expect(Number(over.headers["retry-after"])).toBeGreaterThan(0);
    expect(over.payload).not.toContain(issued.shortCode);
    const other = await world.call("POST", `/v1/vouchers/${issued.id}/reveal`, REASON);
    expect(other.statusCode).toBe(200);
  });
});
