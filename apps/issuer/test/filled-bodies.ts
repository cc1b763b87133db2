import type { Api, Operation } from "./openapi.ts";

type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};

/** What to fill is known, and how far is asked for: a body of so many bytes, or a few less. */
export type Fill = (bytes: number) => string;

/** Whatever in a body can be repeated: at its top, in each of its objects and lists, and in each of its texts. */
export function filledBodies(
  api: Pick<Api, "components">,
  { requestBody }: Pick<Operation, "requestBody">,
): Record<string, Fill> {
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema ?? {};
  const shapes: Record<string, Fill> = {
    ...repeats("", (inner) => inner),
    "a list": (n) => `[${"0,".repeat(n / 2 - 2)}0]`,
  };
  for (const [name, property] of Object.entries(resolve(api, schema).properties ?? {})) {
    const around = (inner: string) => `{${JSON.stringify(name)}:${inner}}`;
    Object.assign(shapes, repeats(name, around));
    const { items } = resolve(api, property);
    if (items === undefined) continue;
    Object.assign(
      shapes,
      repeats(`one of ${name}`, (inner) => around(`[${inner}]`)),
    );
    for (const one of alternatives(api, items))
      for (const field of Object.keys(one.properties ?? {}))
        Object.assign(
          shapes,
          repeats(`${field} of one of ${name}`, (inner) => around(`[{"${field}":${inner}}]`)),
        );
  }
  return shapes;
}

function repeats(where: string, around: (inner: string) => string): Record<string, Fill> {
  const at = where === "" ? "the body" : where;
  const filled =
    (open: string, unit: (index: number) => string, close: string): Fill =>
    (bytes) => {
      const room = bytes - around(open + close).length;
      const units: string[] = [];
      for (let length = 0, index = 0; ; index++) {
        const next = unit(index);
        if (length + next.length > room) break;
        units.push(next);
        length += next.length;
      }
      return around(open + units.join("").replace(/,$/, "") + close);
    };
  return {
    [`fields of ${at}`]: filled("{", (index) => `"${index}":0,`, "}"),
    [`items of ${at}`]: filled("[", () => "{},", "]"),
    [`numbers in ${at}`]: filled("[", () => "0,", "]"),
    [`texts in ${at}`]: filled("[", () => '"~",', "]"),
    [`levels of ${at}`]: (bytes) => {
      const depth = Math.floor((bytes - around("").length) / 2);
      return around("[".repeat(depth) + "]".repeat(depth));
    },
    [`bytes of ${at}`]: filled('"', () => "+4", '"'),
    [`spaces of ${at}`]: filled('"', () => " ", '"'),
  };
}

function resolve(api: Pick<Api, "components">, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : ((api.components.schemas[name] ?? {}) as Schema);
}

function alternatives(api: Pick<Api, "components">, schema: Schema): readonly Schema[] {
  const found = resolve(api, schema);
  return found.anyOf?.map((one) => resolve(api, one)) ?? [found];
}
