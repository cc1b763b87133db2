// Deliveries and their vouchers: issue, resend, reissue, revoke, show, reveal; and the one state machine.

export { apply } from "./apply.ts";
export { type ReplacedVoucher, replaceVouchersOf } from "./compromised.ts";
export { checkDeliveryIds, findDeliveries } from "./delivery-list.ts";
export { type DeliveryPart, type DeliveryRequest, type Expires, judgeDelivery } from "./delivery-request.ts";
export { deriveCode, deriveText } from "./derive.ts";
export { expireVouchers } from "./expire.ts";
export { type Handover, handDeliveries } from "./hand-over.ts";
export { forgetAnswers, type OnceRequest, withIdempotency } from "./idempotency.ts";
export { issueVoucher, type Outcome, type Placement, planIssue } from "./issue.ts";
export { type DeliveryState, decide, statusAt, withdrawalAt } from "./lifecycle.ts";
export { type LoadedDelivery, loadDelivery } from "./load.ts";
export { writeMessage } from "./message.ts";
export { orderMacsOf } from "./order-macs.ts";
export { type PageView, viewPage } from "./page.ts";
export { readPhoneNumber } from "./phone.ts";
export { type Reissue, reissueVoucher } from "./reissue.ts";
export { resendVoucher } from "./resend.ts";
export { revealVoucher } from "./reveal.ts";
export { NEXT, nextVersion, revocationList, withdrawnVouchers } from "./revocations.ts";
export { revokeVoucher } from "./revoke.ts";
export type {
  DeliveryRow,
  IdempotencyRow,
  VoucherDeps,
  VoucherQuery,
  VoucherReach,
  VoucherRow,
  VoucherRows,
} from "./rows.ts";
export { type ListedVoucher, listVouchers, showVoucher, showWithSecrets, type VoucherView } from "./show.ts";
export { claimsKept, openStop, type StopDetails, type StopRequest } from "./stop-details.ts";
export { drawTombstone, isTombstone } from "./tombstone.ts";
