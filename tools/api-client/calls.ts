// A client as a stranger would write one, against types that were generated from packages/api/openapi.json. It is
// compiled by `check` and never run: a shape that generators misread, or that cannot be used without a cast, is found
// here before it is found by somebody who integrates us.

import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./.tmp/api.d.ts";

type Voucher = components["schemas"]["Voucher"];
type UploadRecord = components["schemas"]["UploadRecord"];

/** A day of a back office and of a courier's own device. */
export async function integrate(baseUrl: string, key: string): Promise<readonly string[]> {
  const api = createClient<paths>({ baseUrl });
  api.use(authorizedBy(key));

  const issued = await api.POST("/v1/vouchers", {
    params: { header: { "idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324" } },
    body: {
      deliveryId: "RR123456785DE",
      phone: "+447700900123",
      expiresIn: "48h",
      route: "north-1",
      window: { from: "2026-12-01T09:00:00Z", to: "2026-12-01T11:00:00Z" },
    },
  });
  if (issued.error)
    return [issued.error.code, ...issued.error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`)];
  if ("dryRun" in issued.data) return ["a dry run that nobody asked for"];
  const { id, shortCode, sms } = issued.data;

  const { data: page } = await api.GET("/v1/vouchers");
  const live: readonly Voucher[] = (page?.data ?? []).filter(({ status }) => status === "live");
  const last = live.at(-1);
  const rest = await api.GET("/v1/vouchers", {
    params: { query: { limit: 100, status: "expired", ...(last && { after: last.id }) } },
  });

  const shown = await api.GET("/v1/vouchers/{id}", { params: { path: { id } } });
  const revealed = await api.POST("/v1/vouchers/{id}/reveal", {
    params: { path: { id } },
    body: { reason: `the customer called; it is ${shown.data?.status ?? "gone"}` },
  });
  await api.POST("/v1/vouchers/{id}/resend", { params: { path: { id } } });
  const reissued = await api.POST("/v1/vouchers/{id}/reissue", {
    params: { path: { id } },
    body: { expiresIn: "24h" },
  });
  await api.POST("/v1/vouchers/{id}/revoke", {
    params: { path: { id: reissued.data?.id ?? id } },
    body: { cancel: true, reason: "lost in the depot" },
  });

  const put = await api.PUT("/v1/routes/{route}/stops", {
    params: { path: { route: "north-1" } },
    body: { stops: ["RR123456785DE", "RR123456799DE"] },
  });
  const waiting = (put.data?.stops ?? []).filter(({ state }) => state === "waiting").map(({ until }) => until ?? "");
  const route = await api.GET("/v1/routes/{route}", { params: { path: { route: "north-1" } } });
  const missing = route.data?.device?.gaps.map(({ from, to }) => `${from} to ${to}`) ?? [];
  const handed = await api.PUT("/v1/couriers/{courier}/deliveries", {
    params: { path: { courier: "swift" } },
    body: { deliveries: ["RR123456785DE"] },
  });
  const { data: link } = await api.POST("/v1/routes/{route}/devices", { params: { path: { route: "north-1" } } });

  const enrolled = await api.POST("/v1/enrolments", { body: { token: new URL(link?.link ?? baseUrl).hash.slice(1) } });
  const device = createClient<paths>({ baseUrl });
  device.use(authorizedBy(enrolled.data?.deviceToken ?? ""));
  const manifest = await device.GET("/v1/manifests/{route}", {
    params: { path: { route: "north-1" } },
    parseAs: "arrayBuffer",
  });
  const bytes = new Uint8Array(manifest.data ?? new ArrayBuffer(0));

  const uploaded = await device.POST("/v1/redemptions", { body: { records: uploadsOf(revealed.data?.voucher ?? "") } });
  const answers = (uploaded.data?.results ?? []).map(
    ({ status, code, by }) => `${status} ${code ?? ""} ${by?.at ?? ""}`,
  );

  const { data: redemptions } = await api.GET("/v1/redemptions", { params: { query: { status: "conflict" } } });
  const { data: events } = await api.GET("/v1/events", { params: { query: { delivery: "RR123456785DE" } } });
  const failed = events?.data.filter(({ kind, actor }) => kind === "sms-failed" && actor.kind === "clock") ?? [];
  const { data: jwks } = await api.GET("/.well-known/jwks.json");
  const { response } = await api.GET("/readyz");

  return [
    ...[shortCode ?? "", sms.status, ...(rest.data?.hasMore ? ["more"] : []), ...waiting, ...missing, ...answers],
    `${handed.data?.courier ?? ""} ${handed.data?.handed ?? 0}`,
    ...(redemptions?.data ?? []).map(({ takenBy, by }) => `${takenBy} ${by?.takenBy ?? ""}`),
    ...failed.map(({ at }) => at),
    ...(jwks?.keys.map(({ kid }) => kid) ?? []),
    `${bytes.length} ${response.headers.get("x-request-id") ?? ""}`,
  ];
}

function uploadsOf(voucher: string): UploadRecord[] {
  const at = "2026-12-01T16:20:05Z";
  return [
    { id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1", voucher, via: "scan", at, takenBy: "neighbour", name: "Jo" },
    { kind: "attempt", id: "5b1f3f0c-4a0e-4f35-9a52-3f7d9c1f6a10", seq: 2, at, deliveryId: "P-2", reason: "no-answer" },
  ];
}

function authorizedBy(token: string): Middleware {
  return {
    onRequest({ request }) {
      request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  };
}
