import { PERMISSIONS } from "@doorproof/api/lists";
import type { InjectOptions } from "fastify";
import { expect, test } from "vitest";
import { ORDER } from "./http-world.ts";
import { describeApi } from "./openapi.ts";

/** On every answer whatever its route: the transport's, and what tells browsers to keep their hands off. */
const EVERYWHERE = [
  ...["connection", "content-length", "content-type", "date"],
  ...["content-security-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "origin-agent-cluster"],
  ...["referrer-policy", "strict-transport-security", "x-content-type-options", "x-dns-prefetch-control"],
  ...["x-download-options", "x-frame-options", "x-permitted-cross-domain-policies", "x-xss-protection"],
];

test("every header that an answer bears is described", async () => {
  const { world, operations } = await describeApi();
  const { app } = world;
  const backOffice = await world.authorize(...PERMISSIONS);
  const issued = await world.call("POST", "/v1/vouchers", { ...ORDER, route: "north-1" });
  const { id, link } = issued.json();
  const enrolment = (await world.call("POST", "/v1/routes/north-1/devices")).json();
  const token = new URL(enrolment.link).hash.slice(1);
  const post = (url: string, payload: object, headers: Record<string, string> = backOffice) => ({
    method: "POST" as const,
    url,
    payload,
    headers,
  });
  const enrolled = await app.inject(post("/v1/enrolments", { token }));
  const device = { authorization: `Bearer ${enrolled.json().deviceToken}` };
  const page = new URL(link).pathname;
  const requests: InjectOptions[] = [
    ...["/.well-known/jwks.json", "/v1/keys", "/v1/keys.cbor", "/v1/revocations"].flatMap((url) => [
      { url },
      { url, headers: { "if-none-match": "*" } },
    ]),
    ...["/livez", "/readyz", "/metrics", "/openapi.json", page, `${page}/qr.svg`, `${page}/qr.png`, "/v/none"].map(
      (url) => ({ url }),
    ),
    ...[
      "/v1/vouchers",
      `/v1/vouchers/${id}`,
      "/v1/vouchers/none",
      "/v1/routes/north-1",
      "/v1/redemptions",
      "/v1/events",
    ].flatMap((url) => [{ url, headers: backOffice }, { url }]),
    { url: "/v1/vouchers?limit=0", headers: backOffice },
    { url: "/v1/manifests/north-1", headers: device },
    { url: "/v1/manifests/south-2", headers: device },
    { url: "/v1/manifests/north-1" },
    { method: "PUT", url: "/v1/couriers/north/deliveries", payload: { deliveries: [] }, headers: backOffice },
    { method: "PUT", url: "/v1/routes/north-1/stops", payload: { stops: [] }, headers: backOffice },
    post("/v1/enrolments", { token }),
    post("/v1/enrolments", {}),
    post("/v1/redemptions", { records: [] }),
    post("/v1/redemptions", { records: [] }, device),
    post("/v1/vouchers", ORDER),
    post("/v1/vouchers", {}),
    post(`/v1/vouchers/${id}/resend`, {}),
    post(`/v1/vouchers/${id}/reissue`, { expiresIn: "1h" }),
    post(`/v1/vouchers/${id}/reveal`, { reason: "the customer's phone is broken" }),
    post(`/v1/vouchers/${id}/revoke`, {}),
    post("/v1/routes/north-1/devices", {}),
  ];
  const seen = new Set<string>();
  for (const request of requests) {
    const { statusCode, headers } = await app.inject(request);
    const route = `${request.method ?? "GET"} ${String(request.url).split("?")[0]}`;
    const operation = operations.find(([template]) => pattern(template).test(route));
    const described = operation?.[1].responses[statusCode];
    const undescribed = Object.keys(headers).filter(
      (name) => !EVERYWHERE.includes(name) && !described?.headers?.[name],
    );
    expect([route, statusCode, described !== undefined, undescribed]).toEqual([route, statusCode, true, []]);
    seen.add(operation?.[0] ?? "");
  }
  expect(operations.filter(([route]) => !seen.has(route))).toEqual([]);
});

function pattern(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}
