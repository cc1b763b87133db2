import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { books } from "./0001-books.ts";
import { dispatch } from "./0002-dispatch.ts";
import { permissions } from "./0003-permissions.ts";
import { carriedVouchers } from "./0004-carried-vouchers.ts";
import { deviceEnds } from "./0005-device-ends.ts";
import { couriers } from "./0006-couriers.ts";
import { personalData } from "./0007-personal-data.ts";
import { clock } from "./0008-clock.ts";
import { writtenAt } from "./0009-written-at.ts";
import { answersAndQuotas } from "./0010-answers-and-quotas.ts";
import { stops } from "./0011-stops.ts";

/**
 * Brings the tables up to date. A migration that has run somewhere is never changed: a further one corrects it.
 * @throws {Error} nothing of the failed migration has been kept
 */
export async function migrate<T>(db: Kysely<T>, dialect: { seq: "integer" | "bigserial" }): Promise<void> {
  const migrations: Record<string, Migration> = {
    "0001-books": books(dialect.seq),
    "0002-dispatch": dispatch(),
    "0003-permissions": permissions(),
    "0004-carried-vouchers": carriedVouchers(),
    "0005-device-ends": deviceEnds(),
    "0006-couriers": couriers(),
    "0007-personal-data": personalData(dialect.seq),
    "0008-clock": clock(),
    "0009-written-at": writtenAt(),
    "0010-answers-and-quotas": answersAndQuotas(),
    "0011-stops": stops(),
  };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error("the database could not be brought up to date", { cause: error });
}
