import type { FastifyError } from "fastify";
import type { Fault } from "../../domain/errors.ts";

type SchemaErrors = NonNullable<FastifyError["validation"]>;

/**
 * Ajv's errors as faults. For `required` and `additionalProperties` Ajv points at the parent, and the field is added
 * here.
 */
export function schemaFaults(errors: SchemaErrors): Fault[] {
  // Of a oneOf only its own error counts, not those of its branches; and of a value that is no object, only that.
  const reported = errors.filter(({ schemaPath, keyword, instancePath }) => {
    const isNoObject = errors.some((other) => other.keyword === "type" && other.instancePath === instancePath);
    return !schemaPath.includes("/oneOf/") && !(keyword === "oneOf" && isNoObject);
  });
  return reported.slice(0, MAX_FAULTS).map(({ instancePath, keyword, params, message = "is not accepted" }) => {
    const below = (name: unknown) => `${instancePath}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
    switch (keyword) {
      case "required":
        return { pointer: below(params["missingProperty"]), code: "missing-field", detail: "is missing" };
      case "additionalProperties":
        return {
          pointer: below(params["additionalProperty"]),
          code: "unknown-field",
          detail: "is not a field of this request",
        };
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

/** A limit, since a body of 256 KiB can hold thousands. */
const MAX_FAULTS = 100;

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
