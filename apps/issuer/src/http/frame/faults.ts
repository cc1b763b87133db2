import type { FastifyError } from "fastify";
import type { Fault } from "../../domain/errors.ts";

/** Says of the members of a body whose shape is right what the domain has against them. */
export type Judge = (members: object) => readonly Fault[];

declare module "fastify" {
  interface FastifyContextConfig {
    /** Of a route whose domain knows more faults than its schema. */
    judge?: Judge;
  }
}

type SchemaErrors = NonNullable<FastifyError["validation"]>;

/** In one answer: a body of 256 KiB can hold thousands. */
export const MAX_FAULTS = 100;

/** All faults of a body that its schema refuses: those of shape, and what the route's domain says of the rest. */
export function bodyFaults(errors: SchemaErrors, body: unknown, judge: Judge | undefined): readonly Fault[] {
  const ofShape = schemaFaults(errors);
  if (judge === undefined || typeof body !== "object" || body === null || Array.isArray(body)) return ofShape;
  const broken = new Set(ofShape.map(({ pointer }) => pointer.split("/")[1]));
  const members = Object.fromEntries(Object.entries(body).filter(([name]) => !broken.has(name)));
  return [...ofShape, ...judge(members)].slice(0, MAX_FAULTS);
}

/**
 * Ajv's errors as faults, at most {@link MAX_FAULTS}. For `required` and `additionalProperties` Ajv points at the
 * parent, and the field is added here.
 */
export function schemaFaults(errors: SchemaErrors): Fault[] {
  // Of a oneOf only its own error counts, not those of its branches; and of a value that is no object, only that.
  const noObjects = new Set(errors.filter(({ keyword }) => keyword === "type").map(({ instancePath }) => instancePath));
  const reported = errors.filter(
    ({ schemaPath, keyword, instancePath }) =>
      !schemaPath.includes("/oneOf/") && !(keyword === "oneOf" && noObjects.has(instancePath)),
  );
  return reported.slice(0, MAX_FAULTS).map(({ instancePath, keyword, params, message = "is not accepted" }) => {
    const below = (name: unknown) => `${instancePath}/${showName(String(name))}`;
    switch (keyword) {
      case "required":
        return { pointer: below(params["missingProperty"]), code: "missing-field", detail: "is missing" };
      case "additionalProperties":
        return unknownField(instancePath, String(params["additionalProperty"]));
      case "oneOf":
        return params["passingSchemas"] === null
          ? { pointer: below("expiresAt"), code: "missing-field", detail: "or expiresIn is missing" }
          : {
              pointer: below("expiresAt"),
              code: "not-accepted",
              detail: "and expiresIn are both there: give one of them",
            };
      default:
        return { pointer: instancePath, code: FAULT_CODES[keyword] ?? "not-accepted", detail: message };
    }
  });
}

/** @param pointer to whatever has the field */
export function unknownField(pointer: string, name: string, detail: string = "is not a field of this request"): Fault {
  return { pointer: `${pointer}/${showName(name)}`, code: "unknown-field", detail };
}

// In a JSON pointer. One that could fill the answer is cut: no field of ours has such a name.
function showName(name: string): string {
  const shown = name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME)}…`;
  return shown.replaceAll("~", "~0").replaceAll("/", "~1");
}

const MAX_NAME = 64;

const FAULT_CODES: Readonly<Record<string, string>> = {
  type: "wrong-type",
  pattern: "wrong-format",
  format: "wrong-format",
  enum: "not-accepted",
  minLength: "wrong-length",
  maxLength: "wrong-length",
  minItems: "wrong-length",
  maxItems: "wrong-length",
  minimum: "out-of-range",
  maximum: "out-of-range",
};
