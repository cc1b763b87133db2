import type { Generated } from "kysely";
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

/**
 * The tables as kysely types them; the rows are the domain's own, but for what no column can hold. `seq` keeps the
 * order of insertion.
 */
export interface Tables {
  deliveries: DeliveryRow;
  vouchers: VoucherRow & { seq: Generated<number> };
  idempotency: Stored<IdempotencyRow, "created", Flag>;
  sms: SmsRow & { leaseUntil: number };
  events: Omit<EventRow, "seq"> & { seq: Generated<number> };
  routes: RouteRow;
  stops: Stored<StopRow, "forced", Flag>;
  seals: SealRow;
  devices: DeviceRow;
  carries: CarryRow;
  carriedVouchers: CarriedVoucherRow;
  acceptances: AcceptanceRow;
  redemptions: Omit<RedemptionRow, "seq"> & { seq: Generated<number> };
  quotas: QuotaRow;
  /** Separated by commas. */
  entries: Stored<EntryRow, "marks", string>;
  /** Separated by commas. */
  apiKeys: Stored<ApiKeyRow, "permissions", string>;
  enrolments: EnrolmentRow;
  /** What a proof writes and takes away again. */
  proofs: { readonly id: Generated<number>; readonly filler: Uint8Array };
  clock: ClockRow & { id: number };
}

/** A boolean, where a database has none. */
export type Flag = 0 | 1;

export function toFlag(value: boolean): Flag {
  return value ? 1 : 0;
}

type Stored<Row, Column extends keyof Row, As> = Omit<Row, Column> & Readonly<Record<Column, As>>;
