import { DURATION } from "@doorproof/api/time";
import Type from "typebox";

export const Time = Type.String({
  format: "date-time",
  description: "ISO 8601 with a zone",
  examples: ["2026-12-01T18:00:00Z"],
});

export const Duration = Type.String({
  pattern: DURATION,
  description: "Minutes, hours or days from now",
  examples: ["48h"],
});
