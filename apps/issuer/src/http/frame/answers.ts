import { type Named, SHAPES } from "@doorproof/api";
import type { FastifyInstance, RouteOptions } from "fastify";
import Type, { type TSchema } from "typebox";

// How the answers of routes are described: shapes by their names, and the headers that come with them.

/** Headers of an answer by name; none of them need be there. */
export type Headers = Readonly<Record<string, TSchema>>;

/** For routes that anybody may call: said, or a reader would take the document's silence for an oversight. */
export const OPEN: readonly Readonly<Record<string, readonly string[]>>[] = [];

/** For a route's `response`: JSON of a named shape. */
export function json(shape: Named<TSchema>, description: string, headers: Headers = {}) {
  return answer("application/json", Type.Ref(shape.$id), { description, headers });
}

/** The same for what is no JSON. */
export function answer(
  type: string,
  schema: TSchema,
  { description, headers = {} }: { description: string; headers?: Headers },
) {
  return { description, headers, content: { [type]: { schema } } };
}

/** Lets routes name the shapes of the API. */
export function addShapes(app: FastifyInstance): void {
  for (const shape of SHAPES) app.addSchema(shape);
}

/** Says of every route that is registered on `app` from here on, and below it, which headers its answers bear. */
export function describeHeaders(app: FastifyInstance, headersOf: (route: RouteOptions) => Headers): void {
  app.addHook("onRoute", (route) => {
    const { schema } = route;
    if (!schema || !isObject(schema.response)) return;
    const headers = headersOf(route);
    const response = Object.entries(schema.response).map(([status, described]) => [
      status,
      isObject(described) ? { ...described, headers: { ...headers, ...described["headers"] } } : described,
    ]);
    route.schema = { ...schema, response: Object.fromEntries(response) };
  });
}

function isObject(value: unknown): value is Record<string, object> {
  return typeof value === "object" && value !== null;
}

const header = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });

export const REQUEST_ID: Headers = {
  "x-request-id": header("Names this request in the log, and in a problem's `instance`"),
};
export const CACHE_CONTROL: Headers = { "cache-control": header("How long the answer may be kept, and by whom") };
export const ETAG: Headers = { etag: header("Names this version: send it back as If-None-Match") };
export const RETRY_AFTER: Headers = { "retry-after": count("Seconds") };
export const AUTHENTICATE: Headers = { "www-authenticate": header("Bearer (RFC 6750)") };

/** Of uploads, on every answer to one that could be read. */
export const RECORD_QUOTA: Headers = {
  "ratelimit-limit": count("Records that this device, or this API key, may report in an hour"),
  "ratelimit-remaining": count("Records that are left of them"),
  "ratelimit-reset": count("Seconds until the hour begins anew"),
};

/** Of routes that are limited, on every answer. */
export const RATE_LIMIT: Headers = {
  "ratelimit-limit": count("Requests that an address, or an API key, may make in the window"),
  "ratelimit-remaining": count("Requests that are left of them"),
  "ratelimit-reset": count("Seconds until the window begins anew"),
};
