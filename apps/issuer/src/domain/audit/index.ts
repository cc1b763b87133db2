// The audit trail: who did what, when and why. Stands under every other subject.

export { type Act, append } from "./append.ts";
export { countEvents } from "./count.ts";
export { type EventView, listEvents } from "./list.ts";
export type { AuditRows, EventRow } from "./rows.ts";
