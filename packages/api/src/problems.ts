import Type, { type Static } from "typebox";
import { ISSUE_CODES, REQUEST_CODES } from "./lists.ts";
import { named, ref } from "./named.ts";

export const Fault = named(
  "Fault",
  Type.Object({
    pointer: Type.String({
      description: "JSON pointer (RFC 6901) into the body or the record, or into the query's fields",
    }),
    code: Type.String({ description: "Stable; programs switch on it" }),
    detail: Type.String({ description: "A sentence for whoever wrote it" }),
  }),
);
export type Fault = Static<typeof Fault>;

/** RFC 9457, with the stable `code` that programs switch on. */
export const Problem = named(
  "Problem",
  Type.Object(
    {
      type: Type.String({ format: "uri", description: "Explains the code to a person" }),
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String(),
      instance: Type.String({ description: "The request's ID, as in the X-Request-Id header and in the log" }),
      code: Type.Enum([...REQUEST_CODES, ...ISSUE_CODES], { description: "Stable; programs switch on it" }),
      errors: Type.Array(ref(Fault), { description: "Every fault found, not only the first" }),
    },
    {
      examples: [
        {
          type: "http://localhost:8080/problems#invalid-request",
          title: "The request does not have the shape that this route takes",
          status: 400,
          detail: "2 faults",
          instance: "4f1c0e5b9a7d2c33",
          code: "invalid-request",
          errors: [
            { pointer: "/deliveryId", code: "missing-field", detail: "is missing" },
            { pointer: "/phone", code: "wrong-type", detail: "must be string" },
          ],
        },
      ],
    },
  ),
);
export type Problem = Static<typeof Problem>;
