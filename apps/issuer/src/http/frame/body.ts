import type { FastifyRequest } from "fastify";

/** Drops fields that are undefined: to the domain an absent field and an undefined one are two things. */
export function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** For a POST whose body is optional: `curl -X POST` sends neither a body nor a content type. */
export async function bodyMayBeAbsent(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
