import type { Kysely } from "kysely";
import type { Rows } from "../../domain/store.ts";
import { accessRows } from "./access.ts";
import { deliveryRows } from "./deliveries.ts";
import { deviceRows } from "./devices.ts";
import { smsRows } from "./messages.ts";
import { redemptionRows } from "./redemptions.ts";
import { routeRows } from "./routes.ts";
import type { Tables } from "./tables.ts";
import { voucherRows } from "./vouchers.ts";

/** The port's verbs in SQL that every dialect reads; on a database or inside a transaction. */
export function rowsOf(db: Kysely<Tables>): Rows {
  return {
    ...deliveryRows(db),
    ...voucherRows(db),
    ...smsRows(db),
    ...redemptionRows(db),
    ...accessRows(db),
    ...routeRows(db),
    ...deviceRows(db),
  };
}
