// Whether the issuer may believe its clock: by a wrong one it signs nothing.

export { acceptClock, type ClockDeps, type ClockReach } from "./accept-clock.ts";
export { CLOCK_MEND, whyDoubted } from "./doubt.ts";
export type { ClockRow, ClockRows } from "./rows.ts";
export { underWatch, type Watch, watchClock } from "./watch.ts";
