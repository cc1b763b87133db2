import { isTime } from "@doorproof/api/time";
import { type FastifyInstance, fastify } from "fastify";
import { expect, test } from "vitest";
import { makeHttpWorld } from "./http-world.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly object[];
  readonly requestBody?: {
    content: Record<string, { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }>;
  };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Api {
  readonly app: FastifyInstance;
  readonly text: string;
  readonly openapi: string;
  readonly operations: readonly (readonly [route: string, operation: Operation])[];
  readonly components: {
    readonly schemas: Record<string, object>;
    readonly securitySchemes: { readonly apiKey: object };
  };
}

async function describeApi(): Promise<Api> {
  const { app } = await makeHttpWorld();
  const answer = await app.inject("/openapi.json");
  expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
  const { paths, components, openapi } = answer.json();
  const operations: [string, Operation][] = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
  return { app, text: answer.payload, operations, components, openapi };
}

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
    "POST /v1/vouchers/{id}/revoke",
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
    const isBackOffice = route.includes("/v1/") && !/keys|revocations|enrolments/.test(route);
    expect([route, security !== undefined, statuses.includes("401"), statuses.includes("403")]).toEqual([
      route,
      isBackOffice,
      isBackOffice || route === "GET /metrics",
      isBackOffice || route === "GET /metrics",
    ]);
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
