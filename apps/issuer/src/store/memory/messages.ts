import type { MessageRows, SmsRow } from "../../domain/messages/index.ts";
import type { Tables } from "./tables.ts";

export function messageRows({ sms, vouchers }: Tables): MessageRows {
  const due = (now: number) =>
    sms
      .by("state", "waiting")
      .filter(({ dueAt }) => dueAt <= now)
      .sort((a, b) => a.dueAt - b.dueAt);
  return {
    async insertSms(message) {
      vouchers.require(message.voucherId);
      sms.insert({ ...message, leaseUntil: 0 });
    },
    async smsOf(voucherId) {
      return sms
        .by("voucher", voucherId)
        .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .map(withoutLease);
    },
    async leaseSms({ now, until }) {
      const next = due(now).find(({ leaseUntil }) => leaseUntil <= now);
      if (!next) return undefined;
      sms.update(next.id, { leaseUntil: until, attempts: next.attempts + 1 });
      return withoutLease({ ...next, attempts: next.attempts + 1 });
    },
    async oldestDueSms(now) {
      return due(now)[0]?.dueAt;
    },
    async setSms(id, change) {
      sms.update(id, { ...change, leaseUntil: 0 });
    },
    async dropSms(voucherId) {
      for (const message of sms.by("voucher", voucherId))
        if (message.state === "waiting") sms.update(message.id, { state: "dropped" });
    },
  };
}

function withoutLease({ leaseUntil: _, ...message }: SmsRow & { leaseUntil: number }): SmsRow {
  return message;
}
