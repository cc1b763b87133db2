import type { ActorKind, EventType } from "@doorproof/api/lists";

/** What the audit trail asks of a database. */
export interface AuditRows {
  insertEvent(event: Omit<EventRow, "seq">): Promise<void>;
  /** Newest first. */
  listEvents(query: { deliveryId?: string; limit: number; before?: number }): Promise<readonly EventRow[]>;
  /** How many of each kind, ever: for the metrics. */
  countEvents(): Promise<readonly { readonly kind: EventType; readonly count: number }[]>;
}

/** The audit trail: appended, never changed. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: EventType;
  readonly deliveryId: string | null;
  readonly voucherId: string | null;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly sealedReason: string | null;
}
