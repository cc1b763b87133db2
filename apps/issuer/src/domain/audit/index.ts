// The audit trail: who did what, when and why. Every other subject appends to it.

export { type Act, append } from "./append.ts";
export { countEvents } from "./count.ts";
export { type EventView, listEvents } from "./list.ts";
export type { AuditRows, EventRow } from "./rows.ts";
