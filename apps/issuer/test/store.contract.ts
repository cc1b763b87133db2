import { describe, expect, test } from "vitest";
import type { ApiKeyRow } from "../src/domain/access/rows.ts";
import type { EventRow } from "../src/domain/audit/rows.ts";
import type { SmsRow } from "../src/domain/messages/rows.ts";
import type { RedemptionRow } from "../src/domain/redemptions/rows.ts";
import type { VoucherRow } from "../src/domain/vouchers/rows.ts";
import type { Store } from "../src/store/store.ts";

export interface Rule {
  readonly rule: string;
  readonly run: () => Promise<void>;
}

/**
 * What every store must do, whatever database it stands on.
 * @param open a store with nothing in it; closed by whoever opens it
 */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the store's contract`, () => {
    for (const { rule, run } of storeRules(open)) test(rule, run);
  });
}

/** The same as a list, so that it can be held against a store that does not keep it. */
export function storeRules(open: () => Promise<Store>): readonly Rule[] {
  const rules: Rule[] = [];
  const rule = (name: string, run: () => Promise<void>) => void rules.push({ rule: name, run });
  rule("a transaction is there wholly", async () => {
    const store = await open();
    await store.transaction(async (rows) => {
      await rows.insertDelivery(delivery("D"));
      await rows.insertVoucher(voucher("D", 1));
    });
    expect(await store.findDelivery("D")).toEqual(delivery("D"));
    expect(await store.findVoucher(voucher("D", 1).id)).toEqual(voucher("D", 1));
  });

  rule("or not at all", async () => {
    const store = await open();
    const work = store.transaction(async (rows) => {
      await rows.insertDelivery(delivery("D"));
      await rows.insertEvent(event("D"));
      throw new Error("in the middle");
    });
    await expect(work).rejects.toThrow("in the middle");
    expect(await store.findDelivery("D")).toBeUndefined();
    expect(await store.listEvents({ limit: 10 })).toEqual([]);
    expect(await store.insertDelivery(delivery("D"))).toBe(true);
  });

  rule("a delivery is handed to one courier, to the next, or to nobody", async () => {
    const store = await open();
    await store.insertDelivery({ ...delivery("D"), courier: "north" });
    await store.insertDelivery(delivery("E"));
    const handed = async () => [(await store.findDelivery("D"))?.courier, (await store.findDelivery("E"))?.courier];
    expect(await handed()).toEqual(["north", null]);
    await store.setDeliveryCourier("D", "south");
    await store.setDeliveryCourier("E", "north");
    expect(await handed()).toEqual(["south", "north"]);
    await store.setDeliveryCourier("D", null);
    expect(await handed()).toEqual([null, "north"]);
  });

  rule("the clock has one row, which is written over", async () => {
    const store = await open();
    expect(await store.findClock()).toBeUndefined();
    for (const row of [
      { seenAt: 7, acceptances: 0 },
      { seenAt: 5, acceptances: 1 },
    ]) {
      await store.putClock(row);
      expect(await store.findClock()).toEqual(row);
    }
  });

  rule("what a transaction read is still so when it writes", async () => {
    const store = await open();
    await store.insertDelivery(delivery("D"));
    const append = () =>
      store.transaction(async (rows) => {
        const sealedPhone = (await rows.findDelivery("D"))?.sealedPhone ?? "";
        await new Promise((resolve) => setImmediate(resolve));
        await rows.setDeliveryPhone("D", `${sealedPhone}x`);
      });
    await store.setDeliveryPhone("D", "");
    await Promise.all(Array.from({ length: 20 }, append));
    expect((await store.findDelivery("D"))?.sealedPhone?.match(/x/g)).toHaveLength(20);
  });

  rule("a proof that it takes writes leaves nothing behind", async () => {
    const store = await open();
    await store.insertDelivery(delivery("D"));
    await store.proveWrite();
    await store.proveWrite();
    expect(await store.findDelivery("D")).toEqual(delivery("D"));
    expect(await store.listEvents({ limit: 10 })).toEqual([]);
  });

  rule("a delivery is inserted once", async () => {
    const store = await open();
    expect(await store.insertDelivery(delivery("D"))).toBe(true);
    expect(await store.insertDelivery({ ...delivery("D"), locale: "fr" })).toBe(false);
    expect((await store.findDelivery("D"))?.locale).toBe("en");
  });

  rule("vouchers are listed by the key that signed them", async () => {
    const store = await withDeliveries(open, "D", "E", "F");
    const signedBy = (deliveryId: string, n: number, kid: string) => {
      const row = voucher(deliveryId, n);
      return { ...row, kid, id: kid + row.cti };
    };
    const [one, other, last] = [
      signedBy("D", 1, "aaaaaaaa"),
      signedBy("E", 2, "bbbbbbbb"),
      signedBy("F", 3, "aaaaaaaa"),
    ];
    for (const row of [one, other, last]) await store.insertVoucher(row);
    const query = { now: 0, kid: "aaaaaaaa", status: "live", limit: 1 } as const;
    expect(await store.listVouchers(query)).toEqual([last]);
    expect(await store.listVouchers({ ...query, after: last.id })).toEqual([one]);
    expect(await store.listVouchers({ ...query, kid: "cccccccc" })).toEqual([]);
  });

  rule("a kid and cti are there once: one that clashes is not written, and the store goes on", async () => {
    const store = await withDeliveries(open, "D", "E");
    expect(await store.insertVoucher(voucher("D", 1))).toBe(true);
    const clash = { ...voucher("E", 2), cti: voucher("D", 1).cti, id: voucher("D", 1).id };
    expect(await store.transaction((rows) => rows.insertVoucher(clash))).toBe(false);
    expect(await store.vouchersOf("E")).toEqual([]);
    expect(await store.findVoucher(clash.id)).toEqual(voucher("D", 1));
    // In one transaction with the voucher that is drawn in its place, as issuing does.
    await store.transaction(async (rows) => {
      expect(await rows.insertVoucher(clash)).toBe(false);
      expect(await rows.insertVoucher(voucher("E", 2))).toBe(true);
    });
    expect((await store.vouchersOf("E")).map(({ id }) => id)).toEqual([voucher("E", 2).id]);
  });

  rule("a cti is there once, under whatever key", async () => {
    const store = await withDeliveries(open, "D", "E");
    expect(await store.insertVoucher(voucher("D", 1))).toBe(true);
    expect(
      await store.insertVoucher({ ...voucher("E", 1), kid: "ffffffff", id: `ffffffff${voucher("E", 1).cti}` }),
    ).toBe(false);
    expect(await store.vouchersOf("E")).toEqual([]);
  });

  rule("a delivery has one live voucher, or the store throws", async () => {
    const store = await withDeliveries(open, "D");
    await store.insertVoucher(voucher("D", 1));
    await expect(store.insertVoucher(voucher("D", 2))).rejects.toThrow();
    await store.setVoucherStatus(voucher("D", 1).id, "superseded", 150);
    expect(await store.insertVoucher(voucher("D", 2))).toBe(true);
    expect((await store.vouchersOf("D")).map(({ status, endedAt }) => [status, endedAt])).toEqual([
      ["superseded", 150],
      ["live", null],
    ]);
  });

  rule("a voucher without a delivery is refused", async () => {
    const store = await open();
    await expect(store.insertVoucher(voucher("D", 1))).rejects.toThrow();
  });

  rule("a voucher is found by its link", async () => {
    const store = await withDeliveries(open, "D");
    await store.insertVoucher(voucher("D", 1));
    expect((await store.findVoucherByLink("link1"))?.id).toBe(voucher("D", 1).id);
    expect(await store.findVoucherByLink("link2")).toBeUndefined();
  });

  rule("vouchers are listed newest first, page by page, by delivery and by status", async () => {
    const store = await withDeliveries(open, "A", "B", "C", "D");
    for (const [index, id] of ["A", "B", "C", "D"].entries())
      await store.insertVoucher({ ...voucher(id, index + 1), expiresAt: 1000 + index });
    await store.setVoucherStatus(voucher("B", 2).id, "revoked", 500);
    const list = async (query: Partial<Parameters<Store["listVouchers"]>[0]>) =>
      (await store.listVouchers({ now: 1001, limit: 10, ...query })).map(({ deliveryId }) => deliveryId).join("");
    expect(await list({})).toBe("DCBA");
    expect(await list({ limit: 2 })).toBe("DC");
    expect(await list({ limit: 2, after: voucher("C", 3).id })).toBe("BA");
    expect(await list({ after: "no such voucher" })).toBe("");
    expect(await list({ deliveryId: "C" })).toBe("C");
    expect(await list({ status: "live" })).toBe("DC");
    expect(await list({ status: "expired" })).toBe("A");
    expect(await list({ status: "revoked" })).toBe("B");
    expect((await store.overdueVouchers(1001, 10)).map(({ deliveryId }) => deliveryId)).toEqual(["A"]);
  });

  rule("an acceptance is unique by voucher and by delivery", async () => {
    const store = await withDeliveries(open, "D", "E");
    await store.insertVoucher(voucher("D", 1));
    await store.setVoucherStatus(voucher("D", 1).id, "superseded", 150);
    await store.insertVoucher(voucher("D", 2));
    const acceptance = { voucherId: voucher("D", 1).id, deliveryId: "D", reporter: "r", recordId: "1", at: 120 };
    expect(await store.insertAcceptance(acceptance)).toBe(true);
    expect(await store.insertAcceptance({ ...acceptance, recordId: "2" })).toBe(false);
    expect(await store.insertAcceptance({ ...acceptance, voucherId: voucher("D", 2).id })).toBe(false);
    expect(await store.insertAcceptance({ ...acceptance, deliveryId: "E" })).toBe(false);
    expect(await store.findAcceptance("D")).toEqual(acceptance);
    expect(await store.findAcceptance("E")).toBeUndefined();
  });

  rule("a record is answered once a reporter", async () => {
    const store = await open();
    expect(await store.insertRedemption(redemption("r", "1"))).toBe(true);
    expect(await store.insertRedemption({ ...redemption("r", "1"), status: "refused" })).toBe(false);
    expect(await store.insertRedemption({ ...redemption("s", "1"), status: "conflict" })).toBe(true);
    expect(await store.findRedemption("r", "1")).toMatchObject(redemption("r", "1"));
    expect((await store.listRedemptions({ limit: 10 })).map(({ reporter }) => reporter)).toEqual(["s", "r"]);
    expect(await store.listRedemptions({ status: "conflict", limit: 10 })).toHaveLength(1);
    const [newest] = await store.listRedemptions({ limit: 1 });
    expect(
      (await store.listRedemptions({ limit: 10, before: newest?.seq ?? 0 })).map(({ reporter }) => reporter),
    ).toEqual(["r"]);
  });

  rule("a message is leased by one, by the time it was due, until the lease is over", async () => {
    const store = await withDeliveries(open, "D");
    await store.insertVoucher(voucher("D", 1));
    for (const [id, dueAt] of [
      ["late", 300],
      ["second", 200],
      ["first", 100],
    ] as const)
      await store.insertSms(sms(id, dueAt));
    const lease = async (now: number) => (await store.leaseSms({ now, until: now + 50 }))?.id;
    expect(await store.oldestDueSms(99)).toBeUndefined();
    expect(await store.oldestDueSms(250)).toBe(100);
    expect([await lease(250), await lease(250), await lease(250)]).toEqual(["first", "second", undefined]);
    expect(await store.leaseSms({ now: 299, until: 350 })).toBeUndefined();
    expect(await store.leaseSms({ now: 300, until: 350 })).toMatchObject({ id: "first", attempts: 2 });
    await store.setSms("first", { state: "sent", dueAt: 100, sentAt: 301 });
    await store.setSms("second", { state: "waiting", dueAt: 400, sentAt: null });
    expect([await lease(399), await lease(399), await lease(400)]).toEqual(["late", undefined, "second"]);
    await store.dropSms(voucher("D", 1).id);
    expect((await store.smsOf(voucher("D", 1).id)).map(({ state }) => state).toSorted()).toEqual([
      "dropped",
      "dropped",
      "sent",
    ]);
  });

  rule("events are listed newest first, page by page, and counted", async () => {
    const store = await open();
    for (const id of ["A", "B", "A"]) await store.insertEvent(event(id));
    const all = await store.listEvents({ limit: 10 });
    expect(all.map(({ deliveryId }) => deliveryId)).toEqual(["A", "B", "A"]);
    expect(await store.listEvents({ limit: 10, before: all[0]?.seq ?? 0 })).toEqual(all.slice(1));
    expect(await store.listEvents({ limit: 10, deliveryId: "B" })).toEqual([all[1]]);
    expect(await store.countEvents()).toEqual([{ kind: "stop-moved", count: 3 }]);
  });

  rule("API keys are found by their token, listed, and changed in what may change", async () => {
    const store = await open();
    const bound = { ...apiKey("k", "hash"), courier: "Courier North", expiresAt: 9 };
    await store.insertApiKey(bound);
    await store.insertApiKey({ ...apiKey("l", "other"), permissions: ["read", "issue"] });
    expect(await store.findApiKey("hash")).toEqual(bound);
    expect(await store.findApiKey("none")).toBeUndefined();
    await expect(store.insertApiKey(apiKey("m", "hash"))).rejects.toThrow();
    await store.setApiKey("l", { name: "desk", revokedAt: 5 });
    await store.setApiKey("l", { lastUsedAt: 4 });
    const changed = { name: "desk", revokedAt: 5, lastUsedAt: 4, permissions: ["read", "issue"] };
    expect((await store.apiKeys()).toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      bound,
      { ...apiKey("l", "other"), ...changed },
    ]);
  });

  rule("idempotency keys are found, and forgotten", async () => {
    const store = await open();
    const row = { key: "i", request: "r", voucherId: "v", created: true, sealedAnswer: "sealed", createdAt: 100 };
    expect([await store.insertIdempotency(row), await store.insertIdempotency({ ...row, voucherId: "w" })]).toEqual([
      true,
      false,
    ]);
    await store.forgetIdempotency(100);
    expect(await store.findIdempotency("i")).toEqual(row);
    await store.forgetIdempotency(101);
    expect(await store.findIdempotency("i")).toBeUndefined();
  });
  return rules;
}

async function withDeliveries(open: () => Promise<Store>, ...ids: readonly string[]): Promise<Store> {
  const store = await open();
  for (const id of ids) await store.insertDelivery(delivery(id));
  return store;
}

function delivery(id: string) {
  return {
    id,
    state: "open",
    sealedPhone: "sealed",
    sealedLabel: null,
    sealedDetails: null,
    parcels: 0,
    asks: 0,
    takers: 15,
    locale: "en",
    orderMac: "mac",
    createdAt: 100,
    courier: null,
  } as const;
}

export function apiKey(id: string, tokenHash: string): ApiKeyRow {
  const times = { createdAt: 1, expiresAt: null, revokedAt: null, lastUsedAt: null };
  return { id, tokenHash, name: "unnamed", permissions: ["redeem"], courier: null, ...times };
}

function voucher(deliveryId: string, number: number): VoucherRow {
  const kid = "0a0b0c0d";
  const cti = number.toString(16).padStart(16, "0");
  const ids = { id: kid + cti, kid, cti, deliveryId, codeSecretId: "secret", linkHash: `link${number}` };
  return { ...ids, expiresAt: 0xffffffff, phoneHash: 4095, status: "live", issuedAt: 100, endedAt: null };
}

function sms(id: string, dueAt: number): SmsRow {
  return { id, voucherId: voucher("D", 1).id, state: "waiting", dueAt, attempts: 0, createdAt: 100, sentAt: null };
}

function event(deliveryId: string): Omit<EventRow, "seq"> {
  return {
    at: 1,
    kind: "stop-moved",
    deliveryId,
    voucherId: null,
    actorKind: "operator",
    actorId: "o",
    sealedReason: null,
  };
}

function redemption(reporter: string, recordId: string): Omit<RedemptionRow, "seq"> {
  const voucherRelated = { voucherId: null, deliveryId: null, byId: null, byAt: null };
  const device = { floor: null, deviceSeq: null, route: null, version: null, sealedName: null };
  return {
    reporter,
    recordId,
    via: "scan",
    at: 1,
    takenBy: "recipient",
    receivedAt: 2,
    writtenAt: 3,
    clockDifference: -4,
    status: "accepted",
    code: null,
    ...voucherRelated,
    ...device,
  };
}
