import type { ApiKeyRow, EnrolmentRow } from "../../domain/access/index.ts";
import type { EventRow } from "../../domain/audit/index.ts";
import type { ClockRow } from "../../domain/clock/index.ts";
import type {
  CarriedVoucherRow,
  CarryRow,
  DeviceRow,
  RouteRow,
  SealRow,
  StopRow,
} from "../../domain/dispatch/index.ts";
import type { SmsRow } from "../../domain/messages/index.ts";
import type { AcceptanceRow, EntryRow, QuotaRow, RedemptionRow } from "../../domain/redemptions/index.ts";
import type { DeliveryRow, IdempotencyRow, VoucherRow } from "../../domain/vouchers/index.ts";
import { type Journal, Table } from "./table.ts";

/** The tables and their rules, as store/migrations makes them in SQL. */
export interface Tables {
  readonly deliveries: Table<DeliveryRow>;
  readonly vouchers: Table<VoucherRow>;
  readonly idempotency: Table<IdempotencyRow>;
  readonly sms: Table<SmsRow & { readonly leaseUntil: number }>;
  readonly events: Table<EventRow>;
  readonly routes: Table<RouteRow>;
  readonly stops: Table<StopRow>;
  readonly seals: Table<SealRow>;
  readonly devices: Table<DeviceRow>;
  readonly carries: Table<CarryRow>;
  readonly carriedVouchers: Table<CarriedVoucherRow>;
  readonly acceptances: Table<AcceptanceRow>;
  readonly redemptions: Table<RedemptionRow>;
  readonly entries: Table<EntryRow>;
  readonly quotas: Table<QuotaRow>;
  readonly apiKeys: Table<ApiKeyRow>;
  readonly enrolments: Table<EnrolmentRow>;
  readonly clock: Table<ClockRow>;
}

export function makeTables(journal: Journal): Tables {
  return {
    deliveries: new Table(journal, "deliveries", ({ id }) => id),
    vouchers: new Table(journal, "vouchers", ({ id }) => id, {
      unique: {
        cti: ({ cti }) => cti,
        link: ({ linkHash }) => linkHash,
        "one live voucher a delivery": ({ status, deliveryId }) => (status === "live" ? deliveryId : null),
      },
      lookups: { delivery: ({ deliveryId }) => deliveryId, status: ({ status }) => status },
    }),
    idempotency: new Table(journal, "idempotency", ({ key }) => key),
    sms: new Table(journal, "sms", ({ id }) => id, {
      lookups: { voucher: ({ voucherId }) => voucherId, state: ({ state }) => state },
    }),
    events: new Table(journal, "events", ({ seq }) => String(seq)),
    routes: new Table(journal, "routes", ({ name }) => name),
    stops: new Table(journal, "stops", ({ deliveryId }) => deliveryId, { lookups: { route: ({ route }) => route } }),
    seals: new Table(journal, "seals", ({ voucherId }) => voucherId, { unique: { salt: ({ salt }) => salt } }),
    devices: new Table(journal, "devices", ({ id }) => id, {
      unique: {
        token: ({ tokenHash }) => tokenHash,
        "one device a route": ({ route, revokedAt }) => (revokedAt === null ? route : null),
      },
    }),
    carries: new Table(journal, "carries", ({ deliveryId, deviceId }) => both(deliveryId, deviceId), {
      lookups: { delivery: ({ deliveryId }) => deliveryId },
    }),
    carriedVouchers: new Table(journal, "carried vouchers", ({ voucherId, deviceId }) => both(voucherId, deviceId), {
      lookups: { voucher: ({ voucherId }) => voucherId },
    }),
    acceptances: new Table(journal, "acceptances", ({ voucherId }) => voucherId, {
      unique: { delivery: ({ deliveryId }) => deliveryId },
    }),
    redemptions: new Table(journal, "redemptions", ({ reporter, recordId }) => both(reporter, recordId), {
      lookups: { reporter: ({ reporter }) => reporter },
    }),
    entries: new Table(journal, "entries", ({ reporter, entryId }) => both(reporter, entryId), {
      lookups: { reporter: ({ reporter }) => reporter },
    }),
    quotas: new Table(journal, "quotas", ({ reporter }) => reporter),
    apiKeys: new Table(journal, "api keys", ({ id }) => id, { unique: { token: ({ tokenHash }) => tokenHash } }),
    enrolments: new Table(journal, "enrolments", ({ tokenHash }) => tokenHash, {
      lookups: { route: ({ route }) => route },
    }),
    clock: new Table(journal, "clock", () => "only"),
  };
}

/** A key of two columns. */
export function both(one: string, other: string): string {
  return JSON.stringify([one, other]);
}
