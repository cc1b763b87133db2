import Type, { type Static } from "typebox";
import { MESSAGE_OUTCOMES } from "./lists.ts";
import { named, ref } from "./named.ts";

/** `GET /livez`: is the process alive? */
export const Liveness = named(
  "Liveness",
  Type.Object({ status: Type.Enum(["live"]) }, { examples: [{ status: "live" }] }),
);
export type Liveness = Static<typeof Liveness>;

export const ReadinessChecks = named(
  "ReadinessChecks",
  Type.Object({ database: Type.Boolean(), signingKey: Type.Boolean(), clock: Type.Boolean(), open: Type.Boolean() }),
);
export type ReadinessChecks = Static<typeof ReadinessChecks>;

/** `GET /readyz`: can it serve? */
export const Readiness = named(
  "Readiness",
  Type.Object(
    {
      status: Type.Enum(["ready", "not-ready"]),
      checks: ref(ReadinessChecks),
      messages: Type.Enum(MESSAGE_OUTCOMES, { description: "What becomes of messages here" }),
    },
    {
      examples: [
        { status: "ready", checks: { database: true, signingKey: true, clock: true, open: true }, messages: "sent" },
      ],
    },
  ),
);
export type Readiness = Static<typeof Readiness>;

/** `GET /openapi.json`. */
export const OpenApi = named(
  "OpenApi",
  Type.Object({}, { additionalProperties: true, description: "OpenAPI 3.1: this document" }),
);
export type OpenApi = Static<typeof OpenApi>;
