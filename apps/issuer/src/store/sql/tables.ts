import type { Generated } from "kysely";
import type {
  AcceptanceRow,
  ApiKeyRow,
  CarryRow,
  DeliveryRow,
  DeviceRow,
  EnrolmentRow,
  EntryRow,
  EventRow,
  IdempotencyRow,
  RedemptionRow,
  RouteRow,
  SealRow,
  SmsRow,
  StopRow,
  VoucherRow,
} from "../../domain/store.ts";

/** The tables as kysely types them; the rows are the domain's own. `seq` keeps the order of insertion. */
export interface Tables {
  deliveries: DeliveryRow;
  vouchers: VoucherRow & { seq: Generated<number> };
  sms: SmsRow & { leaseUntil: number };
  acceptances: AcceptanceRow;
  redemptions: Omit<RedemptionRow, "seq"> & { seq: Generated<number> };
  events: Omit<EventRow, "seq"> & { seq: Generated<number> };
  apiKeys: ApiKeyRow;
  idempotency: IdempotencyRow;
  routes: RouteRow;
  stops: StopRow;
  seals: SealRow;
  devices: DeviceRow;
  enrolments: EnrolmentRow;
  carries: CarryRow;
  entries: EntryRow;
}
