import { OpenApi } from "@doorproof/api";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { json, OPEN } from "../frame/answers.ts";
import { PROBLEMS, problems } from "../frame/problem.ts";

const DESCRIPTION = `Doorproof's issuer signs a voucher for each delivery; whoever presents it before it expires is the recipient, and anyone with the public
key can check it offline. Times are ISO 8601 with a zone. Errors are application/problem+json (RFC 9457) with a stable \`code\`; every fault is listed.`;

const TAGS = {
  Vouchers: "One for each delivery: issue, resend, reissue, revoke",
  Couriers: "Whose API key may redeem which deliveries",
  Routes: "Which stops a driver has, in which order",
  Devices: "Drivers' phones: enrolment and manifests",
  Redemptions: "What happened at the doors",
  Events: "The audit trail",
  Keys: "Public keys and revocations, for verifiers",
  Customer: "The page behind the SMS link",
  Operation: "For whoever runs the issuer",
};

/** OpenAPI 3.1 from the routes' own schemas: registered before the routes, which it collects. */
export async function describeRoutes(app: FastifyInstance, { publicUrl }: { publicUrl: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Doorproof",
        version: "0.1.0",
        description: DESCRIPTION,
        contact: { name: "The operator of this issuer" },
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          apiKey: {
            type: "http",
            scheme: "bearer",
            description:
              "Made by `doorproof api-key create`. What stands beside it at a route is the permission that the key must have",
          },
          deviceToken: {
            type: "http",
            scheme: "bearer",
            description: "From POST /v1/enrolments; opens and signs nothing",
          },
        },
      },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    },
    convertConstToEnum: false,
    transformObject: (described) => {
      if (!("openapiObject" in described)) return described.swaggerObject;
      for (const path of Object.values(described.openapiObject.paths ?? {})) freeBodies(path ?? {});
      return described.openapiObject;
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === "string" ? $id : `schema-${i}`),
    },
  });
}

// A body that may be left out says so by `x-body` in its route's schema: the library takes every body for required.
function freeBodies(path: object): void {
  for (const operation of Object.values(path)) {
    if (operation["x-body"] !== "optional") continue;
    operation.requestBody.required = false;
    delete operation["x-body"];
  }
}

/**
 * What each problem's `type` points to; and the description, for programs and for people.
 * @param isPublic false: the description answers nobody. Whoever attacks an issuer on the internet need not be handed a
 * list of its routes
 */
export const docsRoutes: FastifyPluginAsync<{ isPublic: boolean }> = async (app, { isPublic }) => {
  app.get("/problems", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(PROBLEM_PAGE),
  );
  if (isPublic) await app.register(descriptionRoutes);
};

async function descriptionRoutes(app: FastifyInstance): Promise<void> {
  const schema = {
    operationId: "openapi",
    summary: "This description; in production only with PUBLIC_DOCS=on",
    description: "For client generators; people read it at /docs.",
    tags: ["Operation"],
    security: OPEN,
    response: {
      200: json(OpenApi, "OpenAPI 3.1"),
      ...problems(400, 500),
    },
  };
  app.get("/openapi.json", { schema }, async (_request, reply) =>
    reply.type("application/json").send(JSON.stringify(app.swagger())),
  );
  // Everything is served from here: nothing is loaded from elsewhere.
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: UI_POLICY,
    uiConfig: { layout: "BaseLayout" },
    theme: { title: "Doorproof API" },
  });
  app.get("/", { schema: { hide: true } }, async (_request, reply) => reply.redirect("/docs"));
}

const UI_POLICY = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:"],
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

// Where the `type` of each problem points.
const PROBLEM_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Problems</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<h1>Problems</h1>
<p>Every error answer carries one of these codes. Programs switch on the code; the title is for people.</p>
<dl>
${Object.entries(PROBLEMS)
  .toSorted(([, a], [, b]) => a.status - b.status)
  .map(([code, { status, title }]) => `<dt id="${code}"><code>${code}</code> (${status})</dt>\n<dd>${title}.</dd>`)
  .join("\n")}
</dl>
</html>
`;
