import type { Kysely, SelectQueryBuilder } from "kysely";
import type { VoucherQuery, VoucherRow, VoucherRows } from "../../domain/vouchers/index.ts";
import { inserted } from "./inserted.ts";
import type { Tables } from "./tables.ts";

export function voucherRows(
  db: Kysely<Tables>,
): Pick<
  VoucherRows,
  | "insertVoucher"
  | "findVoucher"
  | "findVoucherByLink"
  | "vouchersOf"
  | "listVouchers"
  | "overdueVouchers"
  | "setVoucherStatus"
> {
  const select = () => db.selectFrom("vouchers").select(COLUMNS);
  return {
    async insertVoucher(voucher) {
      // Only a clash of ctis: any other broken constraint is a bug, and throws.
      return inserted(
        await db
          .insertInto("vouchers")
          .values(voucher)
          .onConflict((c) => c.column("cti").doNothing())
          .executeTakeFirst(),
      );
    },
    findVoucher: (id) => select().where("id", "=", id).executeTakeFirst(),
    findVoucherByLink: (linkHash) => select().where("linkHash", "=", linkHash).executeTakeFirst(),
    vouchersOf: (deliveryId) => select().where("deliveryId", "=", deliveryId).orderBy("seq").execute(),
    listVouchers({ now, deliveryId, kid, status, limit, after }) {
      return select()
        .$if(deliveryId !== undefined, (q) => q.where("deliveryId", "=", deliveryId ?? ""))
        .$if(kid !== undefined, (q) => q.where("kid", "=", kid ?? ""))
        .$if(status !== undefined, (q) => withStatus(q, status, now))
        .$if(after !== undefined, (q) =>
          q.where("seq", "<", (e) =>
            e
              .selectFrom("vouchers as cursor")
              .select("cursor.seq")
              .where("cursor.id", "=", after ?? ""),
          ),
        )
        .orderBy("seq", "desc")
        .limit(limit)
        .execute();
    },
    overdueVouchers(now, limit) {
      return select()
        .where("status", "=", "live")
        .where("expiresAt", "<=", now)
        .orderBy("expiresAt")
        .limit(limit)
        .execute();
    },
    async setVoucherStatus(id, status, at) {
      await db.updateTable("vouchers").set({ status, endedAt: at }).where("id", "=", id).execute();
    },
  };
}

const COLUMNS = [
  "id",
  "kid",
  "cti",
  "deliveryId",
  "expiresAt",
  "phoneHash",
  "status",
  "issuedAt",
  "endedAt",
  "codeSecretId",
  "linkHash",
] as const satisfies readonly (keyof VoucherRow)[];

function withStatus(
  query: SelectQueryBuilder<Tables, "vouchers", VoucherRow>,
  status: VoucherQuery["status"],
  now: number,
) {
  if (status === "live") return query.where("status", "=", "live").where("expiresAt", ">", now);
  if (status !== "expired") return query.where("status", "=", status ?? "live");
  return query.where((e) =>
    e.or([e("status", "=", "expired"), e.and([e("status", "=", "live"), e("expiresAt", "<=", now)])]),
  );
}
