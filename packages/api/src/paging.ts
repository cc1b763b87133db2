import Type, { type Static, type TProperties } from "typebox";
import { type Named, named, ref } from "./named.ts";

const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 20, description: "At most so many" });
const After = Type.String({ maxLength: 64, description: "What follows this entry: the last one's cursor" });

/** The query of a list: its filters, `limit` and `after`. */
export function pageQuery<Filters extends TProperties>(filters: Filters) {
  const properties = { ...filters, after: Type.Optional(After) };
  const query = Type.Object({ ...properties, limit: Type.Optional(Limit) }, { additionalProperties: false });
  // Clients may leave `limit` out; who reads the query after validation finds the default in its place.
  return Type.Unsafe<Static<ReturnType<typeof Type.Object<typeof properties>>> & { limit: number }>(query);
}

/** A page of a list, under its own name. */
export function page<Entry extends ReturnType<typeof Type.Object>>(name: string, entry: Named<Entry>) {
  return named(
    name,
    Type.Object(
      { data: Type.Array(ref(entry)), hasMore: Type.Boolean({ description: "true: ask again with `after`" }) },
      { description: "Newest first" },
    ),
  );
}
