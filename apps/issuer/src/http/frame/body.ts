import type { FastifyRequest } from "fastify";

/** Without the fields that are not there: an absent field and one that is undefined are two things to the domain. */
export function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** A POST that needs no word more than its address: `curl -X POST` sends no body and no content type. */
export async function bodyMayBeAbsent(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
