import type { ApiKeyRow, EnrolmentRow } from "../../domain/access/index.ts";
import type { EventRow } from "../../domain/audit/index.ts";
import type { CarryRow, DeviceRow, RouteRow, SealRow, StopRow } from "../../domain/dispatch/index.ts";
import type { SmsRow } from "../../domain/messages/index.ts";
import type { AcceptanceRow, EntryRow, RedemptionRow } from "../../domain/redemptions/index.ts";
import type { DeliveryRow, IdempotencyRow, VoucherRow } from "../../domain/vouchers/index.ts";
import { Table } from "./table.ts";

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
  readonly acceptances: Table<AcceptanceRow>;
  readonly redemptions: Table<RedemptionRow>;
  readonly entries: Table<EntryRow>;
  readonly apiKeys: Table<ApiKeyRow>;
  readonly enrolments: Table<EnrolmentRow>;
}

export function makeTables(): Tables {
  return {
    deliveries: new Table("deliveries", ({ id }) => id),
    vouchers: new Table("vouchers", ({ id }) => id, {
      "one voucher a cti": ({ cti }) => cti,
      "one voucher a link": ({ linkHash }) => linkHash,
      "one live voucher a delivery": ({ status, deliveryId }) => (status === "live" ? deliveryId : null),
    }),
    idempotency: new Table("idempotency", ({ key }) => key),
    sms: new Table("sms", ({ id }) => id),
    events: new Table("events", ({ seq }) => String(seq)),
    routes: new Table("routes", ({ name }) => name),
    stops: new Table("stops", ({ deliveryId }) => deliveryId),
    seals: new Table("seals", ({ voucherId }) => voucherId, { "one seal a salt": ({ salt }) => salt }),
    devices: new Table("devices", ({ id }) => id, {
      "one device a token": ({ tokenHash }) => tokenHash,
      "one device a route": ({ route, revokedAt }) => (revokedAt === null ? route : null),
    }),
    carries: new Table("carries", ({ deliveryId, deviceId }) => both(deliveryId, deviceId)),
    acceptances: new Table("acceptances", ({ voucherId }) => voucherId, {
      "one acceptance a delivery": ({ deliveryId }) => deliveryId,
    }),
    redemptions: new Table("redemptions", ({ reporter, recordId }) => both(reporter, recordId)),
    entries: new Table("entries", ({ reporter, entryId }) => both(reporter, entryId)),
    apiKeys: new Table("api keys", ({ id }) => id, { "one key a token": ({ tokenHash }) => tokenHash }),
    enrolments: new Table("enrolments", ({ tokenHash }) => tokenHash),
  };
}

/** All of them, to be changed without changing these. */
export function fork(tables: Tables): Tables {
  const { deliveries, vouchers, idempotency, sms, events, routes, stops, seals } = tables;
  const { devices, carries, acceptances, redemptions, entries, apiKeys, enrolments } = tables;
  return {
    deliveries: deliveries.fork(),
    vouchers: vouchers.fork(),
    idempotency: idempotency.fork(),
    sms: sms.fork(),
    events: events.fork(),
    routes: routes.fork(),
    stops: stops.fork(),
    seals: seals.fork(),
    devices: devices.fork(),
    carries: carries.fork(),
    acceptances: acceptances.fork(),
    redemptions: redemptions.fork(),
    entries: entries.fork(),
    apiKeys: apiKeys.fork(),
    enrolments: enrolments.fork(),
  };
}

/** A key of two columns. */
export function both(one: string, other: string): string {
  return JSON.stringify([one, other]);
}
