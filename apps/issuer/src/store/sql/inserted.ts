import type { InsertResult } from "kysely";

/** Did a conditional insert write its row? By the count of rows: on a conflict `insertId` still holds an older insert's. */
export function inserted(result: InsertResult | undefined): boolean {
  return result?.numInsertedOrUpdatedRows === 1n;
}
