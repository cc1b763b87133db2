import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { makeHttpWorld, ORDER } from "./http-world.ts";
import { DAY } from "./world.ts";

// POST /v1/vouchers?dryRun=true: the answer of the real one, and nothing of its deeds.

const DRY = "/v1/vouchers?dryRun=true";

/** Every row of every table, apart from when an API key was used. */
function rowsOf(path: string): string {
  const db = new Database(path, { readonly: true });
  const names = db.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
  const rows = names
    .filter((name) => name !== "api_keys")
    .map((name) => [name, db.prepare(`select * from "${name}"`).all()]);
  db.close();
  return JSON.stringify(rows);
}

describe("a dry run", () => {
  test("says what would be issued, in a shape of its own, and writes, sends and issues nothing", async () => {
    const { call, database, gateway, deps } = await makeHttpWorld();
    await call("POST", "/v1/routes/north-1/devices", { country: "GB" });
    const before = rowsOf(database);
    const body = { ...ORDER, label: "Flat 3", route: "south-1", country: "GB" };
    const dry = await call("POST", DRY, body, { "idempotency-key": "k" });
    expect([dry.statusCode, dry.headers["location"], dry.headers["content-type"]]).toEqual([
      200,
      undefined,
      "application/json; charset=utf-8",
    ]);
    const { expiresAt, ...rest } = dry.json();
    expect(rest).toEqual({
      dryRun: true,
      created: true,
      deliveryId: ORDER.deliveryId,
      status: "live",
      sms: { status: "waiting", parts: 1 },
      label: { name: null, address: "Flat 3", hint: null },
      parcels: [],
      call: null,
      asks: [],
      takers: ["recipient", "neighbour", "safe-place", "reception"],
      locale: "en",
    });
    expect([rowsOf(database), await gateway.read(), await deps.store.findRoute("south-1")]).toEqual([
      before,
      [],
      undefined,
    ]);

    const real = await call("POST", "/v1/vouchers", body, { "idempotency-key": "k" });
    expect([real.statusCode, real.headers["idempotency-replayed"], real.json().expiresAt]).toEqual([
      201,
      undefined,
      expiresAt,
    ]);
    const again = await call("POST", DRY, body);
    expect([again.statusCode, again.json().created]).toEqual([200, false]);
    expect(again.payload).not.toContain(real.json().id);
  });

  const REFUSED = {
    "other claims": [{ ...ORDER, phone: "+447700900124" }, 409, "delivery-exists"],
    "a cancelled delivery": [{ ...ORDER, deliveryId: "CANCELLED", expiresIn: "24h" }, 409, "delivery-cancelled"],
    "a number that is none": [{ ...ORDER, deliveryId: "N", phone: "12" }, 422, "invalid-delivery"],
    "a faulty route": [{ ...ORDER, deliveryId: "N", route: "\n" }, 422, "invalid-delivery"],
    "an expiry that is over": [
      { ...ORDER, deliveryId: "N", expiresIn: undefined, expiresAt: "2020-01-01T00:00:00Z" },
      422,
      "invalid-delivery",
    ],
    "no expiry": [{ ...ORDER, deliveryId: "N", expiresIn: undefined }, 400, "invalid-request"],
  } as const;
  test.each(Object.entries(REFUSED))(
    "of %s is refused as the real one, word for word",
    async (_, [body, status, code]) => {
      const { call, database } = await makeHttpWorld();
      await call("POST", "/v1/vouchers", ORDER);
      const { id } = (await call("POST", "/v1/vouchers", { ...ORDER, deliveryId: "CANCELLED" })).json();
      await call("POST", `/v1/vouchers/${id}/revoke`, { cancel: true });
      const before = rowsOf(database);
      const [dry, real] = [await call("POST", DRY, body), await call("POST", "/v1/vouchers", body)];
      expect([dry.statusCode, dry.json().code]).toEqual([status, code]);
      expect({ ...dry.json(), instance: "" }).toEqual({ ...real.json(), instance: "" });
      expect(rowsOf(database)).toBe(before);
    },
  );

  test("without a key that could sign is refused as well", async () => {
    const { call, clock } = await makeHttpWorld();
    clock.now += 4000 * DAY;
    const [dry, real] = [await call("POST", DRY, ORDER), await call("POST", "/v1/vouchers", ORDER)];
    expect([dry.statusCode, dry.json().code]).toEqual([503, "no-signing-key"]);
    expect(real.statusCode).toBe(503);
  });

  test("is asked for by true alone: false issues, and what is neither is refused", async () => {
    const { call } = await makeHttpWorld();
    for (const value of ["1", "True", "", "true&dryRun=true"])
      expect([value, (await call("POST", `/v1/vouchers?dryRun=${value}`, ORDER)).statusCode]).toEqual([value, 400]);
    expect((await call("POST", "/v1/vouchers?dryRun=false", ORDER)).statusCode).toBe(201);
  });
});
