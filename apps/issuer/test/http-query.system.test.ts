import { describe, expect, test } from "vitest";
import { ORDER } from "./http-world.ts";
import { describeApi } from "./openapi.ts";

// What stands behind the `?`: a route takes what it describes. `?dryRun=tru` must not be a way to issue a voucher.

/** Opened by people, whose messengers hang parameters of their own onto a link. Nothing there is read. */
const ANY_QUERY = ["GET /v/{token}", "GET /v/{token}/qr.svg", "GET /v/{token}/qr.png"];

describe("an unknown query parameter", () => {
  test("is refused on every route that is described, before anything is done", async () => {
    const { world, operations } = await describeApi();
    const { token } = await enrolled(world);
    const took: (string | number)[][] = [];
    for (const [route, { requestBody }] of operations) {
      const [method = "", path = ""] = route.split(" ");
      const headers = path.startsWith("/v1/manifests") ? { authorization: `Bearer ${token}` } : {};
      const body = requestBody === undefined ? undefined : {};
      const url = `${path.replace(/\{\w+\}/g, "x")}?a~b/c=1`;
      const { statusCode, payload } = await world.call(method as "GET", url, body, headers);
      if (statusCode !== 400) took.push([route, statusCode]);
      else expect([route, JSON.parse(payload)]).toMatchObject([route, { code: "unknown-field", errors: [FAULT] }]);
    }
    expect(took).toEqual(ANY_QUERY.map((route) => [route, 404]));
  });

  test("is refused beside known ones, with a body that is right, and by HEAD; many are told by the first of them", async () => {
    const { world } = await describeApi();
    const { call, app, deps } = world;
    expect((await call("GET", "/v1/vouchers?limit=2&status=live")).statusCode).toBe(200);
    expect((await call("GET", "/v1/vouchers?limit=2&limt=2")).json()).toMatchObject({ errors: [{ pointer: "/limt" }] });
    expect((await call("POST", "/v1/vouchers?dryrun=true", ORDER)).statusCode).toBe(400);
    expect(await deps.store.findDelivery(ORDER.deliveryId)).toBeUndefined();
    expect((await call("POST", "/v1/redemptions?x", { records: [] })).statusCode).toBe(400);
    expect((await call("POST", "/v1/redemptions?x", { records: [null] })).statusCode).toBe(400);
    expect((await app.inject({ method: "HEAD", url: "/v1/keys?x=1" })).statusCode).toBe(400);
    const many = Array.from({ length: 2000 }, (_, index) => `p${index}`).join("&");
    const refused = await call("GET", `/v1/events?${many}&${"n".repeat(3000)}`);
    expect([refused.json().errors.length, refused.payload.length < 8192]).toEqual([20, true]);
  });

  test("keeps nobody from the customer's page, whatever a messenger hangs onto the link", async () => {
    const { world } = await describeApi();
    const { link } = (await world.call("POST", "/v1/vouchers", ORDER)).json();
    const page = await world.app.inject(`${new URL(link).pathname}?fbclid=1&utm_source=sms`);
    expect([page.statusCode, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
  });
});

const FAULT = { pointer: "/a~0b~1c", code: "unknown-field" };

async function enrolled({ call, app }: Awaited<ReturnType<typeof describeApi>>["world"]): Promise<{ token: string }> {
  const { link } = (await call("POST", "/v1/routes/north-1/devices", { country: "GB" })).json();
  const token = new URL(link).hash.slice(1);
  const answer = await app.inject({ method: "POST", url: "/v1/enrolments", payload: { token } });
  return { token: answer.json().deviceToken };
}
