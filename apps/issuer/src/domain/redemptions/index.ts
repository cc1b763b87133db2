// What happened at the doors: reports, the decision, and lists.

export { listRedemptions, type RedemptionView, type StandingRecord } from "./list.ts";
export { type Quota, takeQuota } from "./quota.ts";
export type { RedemptionAnswer, RedemptionRecord } from "./record.ts";
export { type Entry, type EntryAnswer, type NotedEntry, report } from "./report.ts";
export {
  type AcceptanceRow,
  ENTRY_MARKS,
  type EntryMark,
  type EntryRow,
  type QuotaRow,
  type RedemptionDeps,
  type RedemptionReach,
  type RedemptionRow,
  type RedemptionRows,
} from "./rows.ts";
