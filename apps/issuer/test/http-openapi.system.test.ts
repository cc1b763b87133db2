import { type Permission, SHAPES } from "@doorproof/api";
import { isTime } from "@doorproof/api/time";
import { fastify } from "fastify";
import { expect, test } from "vitest";
import { makeHttpWorld } from "./http-world.ts";
import { describeApi } from "./openapi.ts";

test("every route is there, and says who may, what comes back and how it fails", async () => {
  const { openapi, operations, components } = await describeApi();
  expect(openapi).toBe("3.1.0");
  expect(operations.map(([route]) => route).toSorted()).toEqual([
    "GET /.well-known/jwks.json",
    "GET /livez",
    "GET /metrics",
    "GET /openapi.json",
    "GET /readyz",
    "GET /v/{token}",
    "GET /v/{token}/qr.png",
    "GET /v/{token}/qr.svg",
    "GET /v1/events",
    "GET /v1/keys",
    "GET /v1/keys.cbor",
    "GET /v1/manifests/{route}",
    "GET /v1/redemptions",
    "GET /v1/revocations",
    "GET /v1/routes/{route}",
    "GET /v1/vouchers",
    "GET /v1/vouchers/{id}",
    "POST /v1/enrolments",
    "POST /v1/redemptions",
    "POST /v1/routes/{route}/devices",
    "POST /v1/vouchers",
    "POST /v1/vouchers/{id}/reissue",
    "POST /v1/vouchers/{id}/resend",
    "POST /v1/vouchers/{id}/reveal",
    "POST /v1/vouchers/{id}/revoke",
    "PUT /v1/couriers/{courier}/deliveries",
    "PUT /v1/routes/{route}/stops",
  ]);
  expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(operations.length);
  for (const [route, { operationId, summary, responses, security }] of operations) {
    expect([route, operationId, summary.length > 3]).toEqual([route, expect.stringMatching(/^[a-z]\w+$/), true]);
    const statuses = Object.keys(responses);
    expect([route, statuses.some((status) => status.startsWith("2")), statuses.includes("500")]).toEqual([
      route,
      true,
      true,
    ]);
    expect([route, security]).toEqual([route, who(route)]);
    const isClosed = security?.length !== 0;
    expect([route, statuses.includes("401"), statuses.includes("403")]).toEqual([route, isClosed, isClosed]);
    for (const [status, { content }] of Object.entries(responses)) {
      const isPage = route.includes("/v/") && status === "404";
      const isHealth = route.includes("/readyz") && status === "503";
      if (Number(status) < 400 || isPage || isHealth) continue;
      expect([route, status, content]).toEqual([
        route,
        status,
        { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      ]);
    }
  }
  expect(components.securitySchemes.apiKey).toMatchObject({ type: "http", scheme: "bearer" });
});

/** Who may call it: nobody need be known where the list is empty, and a caller without a name is one more way in. */
function who(route: string): readonly object[] {
  if (route === "GET /metrics") return [{ apiKey: ["metrics"] }, {}];
  if (route === "POST /v1/redemptions") return [{ apiKey: ["redeem"] }, { deviceToken: [] }];
  if (route.startsWith("GET /v1/manifests")) return [{ deviceToken: [] }];
  const permission = PERMISSION_OF[route];
  return permission === undefined ? [] : [{ apiKey: [permission] }];
}

const PERMISSION_OF: Readonly<Record<string, Permission>> = {
  "GET /v1/vouchers": "read",
  "GET /v1/vouchers/{id}": "read",
  "GET /v1/routes/{route}": "read",
  "GET /v1/redemptions": "read",
  "POST /v1/vouchers": "issue",
  "POST /v1/vouchers/{id}/reissue": "issue",
  "POST /v1/vouchers/{id}/resend": "message",
  "POST /v1/vouchers/{id}/reveal": "reveal",
  "POST /v1/vouchers/{id}/revoke": "withdraw",
  "PUT /v1/couriers/{courier}/deliveries": "routes",
  "PUT /v1/routes/{route}/stops": "routes",
  "POST /v1/routes/{route}/devices": "devices",
  "GET /v1/events": "audit",
};

test("a list's limit has a default and may be left out; a body may be, where the route takes none", async () => {
  const { operations } = await describeApi();
  const limits = operations.flatMap(([, { parameters = [] }]) => parameters.filter(({ name }) => name === "limit"));
  expect(limits.map(({ required }) => required ?? false)).toEqual([false, false, false]);
  const optional = operations.filter(([, { requestBody }]) => requestBody?.required === false).map(([route]) => route);
  expect(optional.toSorted()).toEqual([
    "POST /v1/routes/{route}/devices",
    "POST /v1/vouchers/{id}/resend",
    "POST /v1/vouchers/{id}/revoke",
  ]);
});

test("every object is a named component: what a route takes and answers is a reference", async () => {
  const { operations, components } = await describeApi();
  const nameless: string[] = [];
  const visit = (node: unknown, where: string, isNamed = false) => {
    if (typeof node !== "object" || node === null) return;
    if (!isNamed && "type" in node && node.type === "object") nameless.push(where);
    for (const [key, value] of Object.entries(node)) if (!/^examples?$/.test(key)) visit(value, `${where}/${key}`);
  };
  for (const [route, operation] of operations) visit(operation, route);
  for (const [name, schema] of Object.entries(components.schemas)) visit(schema, name, true);
  expect(nameless).toEqual([]);
  expect(Object.keys(components.schemas)).toEqual(SHAPES.map(({ $id }) => $id));
});

test("every reference leads somewhere", async () => {
  const { text, components } = await describeApi();
  const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? "");
  expect(names.length).toBeGreaterThan(50);
  expect([...new Set(names)].filter((name) => !(name in components.schemas))).toEqual([]);
});

test("the examples are what they are examples of", async () => {
  const { operations, components } = await describeApi();
  // A validator of its own, with the referenced schemas put in.
  const checker = fastify({
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, strict: false },
      onCreate: (ajv) => ajv.addFormat("date-time", isTime),
    },
  });
  const resolve = (schema: unknown): unknown =>
    JSON.parse(JSON.stringify(schema), (_key, value) =>
      "$ref" in Object(value) ? resolve(components.schemas[value.$ref.split("/").at(-1)]) : value,
    );
  const check = (schema: object, value: unknown) =>
    checker.validatorCompiler?.({
      schema: { type: "object", properties: { value: resolve(schema) } },
      method: "POST",
      url: "/",
      httpPart: "body",
    })({ value });
  checker.post("/", { schema: { body: { type: "object" } } }, async () => "");
  await checker.ready();

  let checked = 0;
  const visit = (node: unknown, where: string) => {
    if (typeof node !== "object" || node === null) return;
    const schema = node as { type?: string; anyOf?: unknown; schema?: object; example?: unknown; examples?: unknown };
    const examples = Array.isArray(schema.examples) ? schema.examples : [];
    for (const example of examples) {
      checked++;
      expect([where, check(schema, example)]).toEqual([where, true]);
    }
    if (schema.schema && schema.example !== undefined) {
      checked++;
      expect([where, check(schema.schema, schema.example)]).toEqual([where, true]);
    }
    for (const [key, value] of Object.entries(node))
      if (key !== "example" && key !== "examples") visit(value, `${where}/${key}`);
  };
  for (const [route, operation] of operations) visit(operation, route);
  visit(components, "components");
  expect(checked).toBeGreaterThan(20);
  // The check itself: an example that is none is found.
  expect(check(components.schemas["Problem"] ?? {}, { status: "400" })).not.toBe(true);
});

test("the documentation page loads nothing from elsewhere", async () => {
  const { app } = await makeHttpWorld();
  const page = await app.inject("/docs");
  expect(page.statusCode).toBe(200);
  const loaded = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? "");
  expect(loaded.length).toBeGreaterThan(3);
  for (const address of loaded) {
    expect(address).toMatch(/^\/docs\//);
    expect([address, (await app.inject(address)).statusCode]).toEqual([address, 200]);
  }
  expect(page.payload).not.toMatch(/<script>[^<]/);
});
