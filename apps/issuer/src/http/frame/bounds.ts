import { SHAPES } from "@doorproof/api";
import type { FastifyInstance, preValidationAsyncHookHandler } from "fastify";
import type { TSchema } from "typebox";
import type { Fault } from "../../domain/errors.ts";
import { MAX_FAULTS, unknownField } from "./faults.ts";
import { HttpProblem } from "./problem.ts";

// A schema looks for all faults of a body, so that a client is told them all, and makes an object of each: 87,000 items
// of no field in 256 KiB held a gigabyte and everybody else for half a minute. So what a body can repeat is counted
// first, fields and items, by the same schema.

/** Every route that is registered from here on refuses a body by its counts, before its schema looks at it. */
export function boundBodies(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    const shape = resolve(route.schema?.body);
    if (shape === null) return;
    const check: preValidationAsyncHookHandler = async ({ body }) => {
      const faults = countFaults(shape, body);
      if (faults.length === 0) return;
      const code = faults[0]?.code === "unknown-field" ? "unknown-field" : "invalid-request";
      throw new HttpProblem(code, `more than the schema looks at: ${faults.length} faults are told`, faults);
    };
    route.preValidation = [check, ...[route.preValidation ?? []].flat()];
  });
}

/**
 * Linear in the value's own fields; it does not look into items.
 * @returns none, of whatever the schema itself may look at; else at most {@link MAX_FAULTS}
 */
export function countFaults(shape: TSchema, value: unknown, pointer = ""): readonly Fault[] {
  const { properties } = shape as { properties?: Readonly<Record<string, TSchema>> };
  const { maxItems } = shape as { maxItems?: number };
  if (Array.isArray(value))
    return maxItems !== undefined && value.length > maxItems
      ? [{ pointer, code: "wrong-length", detail: `has ${value.length} items, and may have ${maxItems}` }]
      : [];
  if (properties === undefined || typeof value !== "object" || value === null) return [];
  const unknown: Fault[] = [];
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(properties, name)) continue;
    unknown.push(unknownField(pointer, name));
    // Fewer are left to the schema, which tells them together with the others.
    if (unknown.length === MAX_FAULTS) return unknown;
  }
  for (const [name, inner] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) continue;
    const faults = countFaults(resolve(inner) ?? inner, value[name as keyof typeof value], `${pointer}/${name}`);
    if (faults.length > 0) return faults;
  }
  return [];
}

/** @returns null: the schema names no shape of the API */
function resolve(schema: unknown): TSchema | null {
  if (typeof schema !== "object" || schema === null || !("$ref" in schema)) return null;
  return SHAPES.find(({ $id }) => $id === schema.$ref) ?? null;
}
