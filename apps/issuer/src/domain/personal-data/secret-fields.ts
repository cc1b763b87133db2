import type { EventRow } from "../audit/index.ts";
import { answerRow, detailsRow, labelRow, nameRow, noteRow, phoneRow, reasonRow } from "../encryption.ts";
import type { DeliveryRow, IdempotencyRow } from "../vouchers/index.ts";

interface Tables {
  deliveries: DeliveryRow;
  // What the subject above has in its rows, as far as it is asked for here.
  redemptions: { readonly reporter: string; readonly recordId: string; readonly sealedName: string | null };
  entries: { readonly reporter: string; readonly entryId: string; readonly sealedNote: string | null };
  events: EventRow;
  idempotency: IdempotencyRow;
}

/** Where the text stands, and what it is bound to. */
export interface SecretField {
  readonly table: keyof Tables;
  readonly column: string;
  /** What finds one row of the table, and puts them into an order. */
  readonly key: readonly string[];
  /** @param row of the table, of which it reads what the text was encrypted for */
  readonly belongsTo: (row: unknown) => string;
}

/** Every column that is encrypted under DATA_SECRET. A further one is a line here, and both stores know it. */
export const SECRET_FIELDS = {
  phone: field("deliveries", "sealedPhone", ["id"], ({ id }) => phoneRow(id)),
  label: field("deliveries", "sealedLabel", ["id"], ({ id }) => labelRow(id)),
  details: field("deliveries", "sealedDetails", ["id"], ({ id }) => detailsRow(id)),
  name: field("redemptions", "sealedName", ["reporter", "recordId"], nameRow),
  note: field("entries", "sealedNote", ["reporter", "entryId"], noteRow),
  reason: field("events", "sealedReason", ["seq"], (row) => reasonRow(row.kind, row.deliveryId, row.voucherId)),
  answer: field("idempotency", "sealedAnswer", ["key"], ({ key }) => answerRow(key)),
} as const satisfies Record<string, SecretField>;
export type SecretFieldName = keyof typeof SECRET_FIELDS;

function field<Name extends keyof Tables>(
  table: Name,
  column: keyof Tables[Name] & string,
  key: readonly (keyof Tables[Name] & string)[],
  belongsTo: (row: Tables[Name]) => string,
): SecretField {
  // The store hands in rows of this very table: `table` says so, and no type can follow it there.
  return { table, column, key, belongsTo: (row) => belongsTo(row as Tables[Name]) };
}
