import Type, { type Static, type TSchema, type TUnsafe } from "typebox";

/**
 * A schema with a name: a component of the OpenAPI document, whose readers and generated clients know it by that name.
 */
export type Named<Schema extends TSchema> = Schema & { readonly $id: string };

export function named<Schema extends TSchema>(name: string, schema: Schema): Named<Schema> {
  return Object.assign(schema, { $id: name });
}

/**
 * A named schema inside another one: a `$ref` in JSON, and in TypeScript the shape itself (a plain `Type.Ref` would be
 * `unknown`).
 */
export function ref<Schema extends TSchema>(schema: Named<Schema>): TUnsafe<Static<Schema>> {
  return Type.Unsafe<Static<Schema>>(Type.Ref(schema.$id));
}

export function nullable<Schema extends TSchema>(schema: Schema, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}
