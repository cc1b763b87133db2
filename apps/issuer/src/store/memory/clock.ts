import type { ClockRows } from "../../domain/clock/index.ts";
import type { Tables } from "./tables.ts";

export function clockRows({ clock }: Tables): ClockRows {
  return {
    async findClock() {
      return clock.all()[0];
    },
    async putClock(row) {
      clock.delete("only");
      clock.insert(row);
    },
  };
}
