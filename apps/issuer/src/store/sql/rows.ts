import type { Kysely } from "kysely";
import type { Rows } from "../store.ts";
import { accessRows } from "./access.ts";
import { auditRows } from "./audit.ts";
import { carryRows } from "./carries.ts";
import { clockRows } from "./clock.ts";
import { deliveryRows } from "./deliveries.ts";
import { deviceRows } from "./devices.ts";
import { messageRows } from "./messages.ts";
import { personalDataRows } from "./personal-data.ts";
import { redemptionRows } from "./redemptions.ts";
import { routeRows } from "./routes.ts";
import type { Tables } from "./tables.ts";
import { voucherRows } from "./vouchers.ts";

/** The port's verbs in SQL that every dialect reads; on a database or inside a transaction. */
export function rowsOf(db: Kysely<Tables>): Rows {
  return {
    ...auditRows(db),
    ...messageRows(db),
    ...deliveryRows(db),
    ...voucherRows(db),
    ...routeRows(db),
    ...deviceRows(db),
    ...carryRows(db),
    ...redemptionRows(db),
    ...accessRows(db),
    ...personalDataRows(db),
    ...clockRows(db),
  };
}
