import type { InsertResult } from "kysely";

/**
 * Did a conditional insert write its row? By the count of rows, since after a conflict `insertId` is still that of an
 * older insert.
 */
export function inserted(result: InsertResult | undefined): boolean {
  return result?.numInsertedOrUpdatedRows === 1n;
}
