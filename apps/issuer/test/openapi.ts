import { expect } from "vitest";
import { type HttpWorld, makeHttpWorld } from "./http-world.ts";

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly requestBody?: {
    readonly required: boolean;
    content: Record<string, { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }>;
  };
  readonly parameters?: readonly { readonly name: string; readonly required: boolean; readonly in: string }[];
  readonly responses: Record<string, Response>;
}

export interface Response {
  readonly description: string;
  readonly headers?: Record<string, { readonly schema: object; readonly description: string }>;
  readonly content?: Record<string, { readonly schema: object }>;
}

export interface Api {
  readonly world: HttpWorld;
  readonly text: string;
  readonly openapi: string;
  readonly operations: readonly (readonly [route: string, operation: Operation])[];
  readonly components: {
    readonly schemas: Record<string, object>;
    readonly securitySchemes: { readonly apiKey: object };
  };
}

/** What an issuer says of itself, and the issuer. */
export async function describeApi(): Promise<Api> {
  const world = await makeHttpWorld();
  const answer = await world.app.inject("/openapi.json");
  expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
  const { paths, components, openapi } = answer.json();
  const operations: [string, Operation][] = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
  return { world, text: answer.payload, operations, components, openapi };
}
