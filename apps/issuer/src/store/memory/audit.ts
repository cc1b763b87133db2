import type { AuditRows, EventRow } from "../../domain/audit/index.ts";
import type { Tables } from "./tables.ts";

export function auditRows({ events }: Tables): AuditRows {
  return {
    async insertEvent(event) {
      events.insert({ ...event, seq: events.size + 1 });
    },
    async listEvents({ deliveryId, limit, before }) {
      return events
        .all()
        .filter((event) => deliveryId === undefined || event.deliveryId === deliveryId)
        .filter(({ seq }) => before === undefined || seq < before)
        .toReversed()
        .slice(0, limit);
    },
    async countEvents() {
      const counts = new Map<EventRow["kind"], number>();
      for (const { kind } of events.all()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => (a.kind < b.kind ? -1 : 1));
    },
  };
}
