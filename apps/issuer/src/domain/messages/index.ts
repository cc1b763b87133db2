// Messages to customers: the outbox, what a message says, and how many a voucher may have. Of a voucher it knows only
// the ID.

export { enqueueSms } from "./enqueue.ts";
export type { SmsGateway, SmsMessage } from "./gateway.ts";
export { sendWaiting } from "./outbox.ts";
export { queueAge } from "./queue-age.ts";
export { requireQuota } from "./quota.ts";
export type { MessageRows, SmsRow } from "./rows.ts";
export { countSegments, writeText } from "./text.ts";
