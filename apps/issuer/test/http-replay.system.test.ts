import Database from "better-sqlite3";
import type { LightMyRequestResponse } from "fastify";
import { describe, expect, test } from "vitest";
import { makeHttpWorld, ORDER } from "./http-world.ts";
import { describeApi } from "./openapi.ts";
import { dumpDatabase, holds } from "./search.ts";
import { DAY } from "./world.ts";

// The same request again under the same Idempotency-Key: the same bytes as the first time, and marked.

const KEY = { "idempotency-key": "k-1" };

/** All that a client can compare. */
function told({ statusCode, headers, payload }: LightMyRequestResponse): readonly unknown[] {
  return [statusCode, payload, headers["location"], headers["content-type"]];
}

const CHANGES: Record<string, (id: string) => readonly [url: string, body: object | undefined, status: number]> = {
  issue: () => ["/v1/vouchers", { ...ORDER, deliveryId: "B", label: "Flat 3" }, 201],
  "issue what stands": () => ["/v1/vouchers", ORDER, 200],
  resend: (id) => [`/v1/vouchers/${id}/resend`, undefined, 200],
  reissue: (id) => [`/v1/vouchers/${id}/reissue`, { expiresIn: "24h" }, 201],
  revoke: (id) => [`/v1/vouchers/${id}/revoke`, { reason: "lost" }, 200],
};

describe("a request that comes again under its key", () => {
  test.each(Object.entries(CHANGES))(
    "%s: gets the first answer, marked, whatever has happened since",
    async (_, change) => {
      const { call, clock } = await makeHttpWorld();
      const { id } = (await call("POST", "/v1/vouchers", ORDER)).json();
      clock.now += 120;
      const [url, body, status] = change(id);
      const ask = () => call("POST", url, body, KEY);
      const first = await ask();
      expect([first.statusCode, first.headers["idempotency-replayed"]]).toEqual([status, undefined]);
      // Expired meanwhile, its message long gone out: an answer that was made again would say so.
      clock.now += 5 * DAY;
      const again = await ask();
      expect(told(again)).toEqual(told(first));
      expect(again.headers["idempotency-replayed"]).toBe("true");
      clock.now += 3 * DAY;
      expect((await ask()).headers["idempotency-replayed"]).toBeUndefined();
    },
  );

  test("is described: the header stands on every answer that can be a replay", async () => {
    const { operations } = await describeApi();
    const described = operations.flatMap(([route, { responses }]) =>
      Object.entries(responses).flatMap(([status, { headers = {} }]) =>
        "idempotency-replayed" in headers ? `${route} ${status}` : [],
      ),
    );
    expect(described.toSorted()).toEqual([
      "POST /v1/vouchers 200",
      "POST /v1/vouchers 201",
      "POST /v1/vouchers/{id}/reissue 201",
      "POST /v1/vouchers/{id}/resend 200",
      "POST /v1/vouchers/{id}/revoke 200",
    ]);
  });

  test("leaves nothing of its answer in the clear, in any file or row", async () => {
    const { call, database } = await makeHttpWorld();
    const { payload } = await call("POST", "/v1/vouchers", { ...ORDER, label: "Flat 3, Hidden Mews" }, KEY);
    const { voucher, shortCode, link, label } = JSON.parse(payload);
    const dump = dumpDatabase(database);
    const secrets = [voucher, shortCode, link.slice(-22), label.address, payload.slice(0, 40)];
    expect(secrets.filter((secret) => holds(dump, new TextEncoder().encode(secret)))).toEqual([]);
    const [kept] = new Database(database, { readonly: true })
      .prepare("select sealed_answer from idempotency")
      .pluck()
      .all();
    expect(holds(dump, new TextEncoder().encode(String(kept)))).toBe(true);
  });

  test("is done again where the first one failed", async () => {
    const { call } = await makeHttpWorld();
    const refused = await call("POST", "/v1/vouchers", { ...ORDER, phone: "12" }, KEY);
    expect([refused.statusCode, refused.headers["idempotency-replayed"]]).toEqual([422, undefined]);
    const taken = await call("POST", "/v1/vouchers", ORDER, KEY);
    expect([taken.statusCode, taken.headers["idempotency-replayed"]]).toEqual([201, undefined]);
  });
});
