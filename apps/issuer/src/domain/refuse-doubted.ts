import { IssueError } from "./errors.ts";
import type { BelievedClock } from "./ports.ts";

/** @throws {IssueError} `clock-doubted`: by this clock no time is judged, stated or signed */
export function refuseDoubted({ clock }: { readonly clock: BelievedClock }): void {
  const doubt = clock.doubt();
  if (doubt !== null) throw new IssueError("clock-doubted", doubt);
}
