import { verifyVoucher } from "@doorproof/verifier";
import { hashPhone } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import type { DeliveryRequest } from "../src/domain/vouchers/delivery-request.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { listVouchers, showVoucher, showWithSecrets } from "../src/domain/vouchers/show.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import {
  BACK_OFFICE,
  DAY,
  DRIVER,
  dramaNumber,
  HOUR,
  issueOne,
  order,
  redeemNow,
  refusal,
  seededRandom,
  T0,
  withStore,
} from "./world.ts";

test("a voucher is signed, in the database and waiting to be sent", async () => {
  const { deps } = await makeMemoryWorld();
  const { view, created } = await issueOne(
    deps,
    order("RR123456785DE", { label: { address: "Flat 3" }, locale: "de-AT" }),
    BACK_OFFICE,
  );
  expect(created).toBe(true);
  expect(
    verifyVoucher(view.voucher, {
      keys: deps.keyring.keys,
      now: T0,
      delivery: "RR123456785DE",
      phones: [dramaNumber(1)],
    }),
  ).toMatchObject({
    expiresAt: T0 + 48 * HOUR,
    issuer: "Parcel Co",
  });
  expect(view).toMatchObject({
    id: view.kid + view.cti,
    status: "live",
    issuedAt: T0,
    sms: { status: "waiting", parts: 1 },
    label: { name: null, address: "Flat 3", hint: null },
    parcels: [],
    call: null,
    asks: [],
    takers: ["recipient", "neighbour", "safe-place", "reception"],
    locale: "de-AT",
  });
  expect(view.shortCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(view.link).toMatch(/^https:\/\/dp\.example\/v\/[\w-]{22}$/);
  expect(await showWithSecrets(deps, view.id)).toEqual(view);
  expect((await listEvents(deps, { delivery: "RR123456785DE", limit: 10 })).data).toMatchObject([
    { kind: "voucher-issued", actor: { kind: "api-key", id: BACK_OFFICE.id } },
  ]);
});

test("the same order again gives the same voucher and writes nothing", async () => {
  const { deps, clock } = await makeMemoryWorld();
  for (const expires of [{ in: HOUR }, { at: T0 + HOUR }]) {
    const id = JSON.stringify(expires);
    const first = await issueOne(deps, order(id, { expires }), BACK_OFFICE);
    clock.now += 60;
    const second = await issueOne(deps, order(id, { expires, phone: "07700 900001" }), BACK_OFFICE);
    expect(second).toEqual({ view: first.view, created: false });
    // Accepted once, it stays accepted: even when its expiry is in the past by now.
    clock.now += DAY;
    expect(await issueOne(deps, order(id, { expires }), BACK_OFFICE)).toMatchObject({
      created: false,
      view: { id: first.view.id, status: "expired" },
    });
    clock.now = T0;
  }
  expect((await listEvents(deps, { limit: 10 })).data).toHaveLength(2);
});

test.each<[string, Partial<DeliveryRequest>]>([
  ["another number", { phone: dramaNumber(2) }],
  ["another duration", { expires: { in: 47 * HOUR } }],
  ["a time in place of a duration, though the same", { expires: { at: T0 + 48 * HOUR } }],
])("the same delivery with %s is refused", async (_, change) => {
  const { deps } = await makeMemoryWorld();
  await issueOne(deps, order("D"), BACK_OFFICE);
  expect(await refusal(issueOne(deps, order("D", change), BACK_OFFICE))).toBe("delivery-exists");
});

test("nothing is issued again for a cancelled or a delivered delivery", async () => {
  const { deps } = await makeMemoryWorld();
  const { view: cancelled } = await issueOne(deps, order("C"), BACK_OFFICE);
  await revokeVoucher(deps, cancelled.id, { cancel: true }, BACK_OFFICE);
  const { view: delivered } = await issueOne(deps, order("D"), BACK_OFFICE);
  await redeemNow(deps, delivered, DRIVER);
  const other = { phone: dramaNumber(2) };
  expect(await refusal(issueOne(deps, order("C", other), BACK_OFFICE))).toBe("delivery-cancelled");
  expect(await refusal(issueOne(deps, order("D", other), BACK_OFFICE))).toBe("delivery-delivered");
  expect(await issueOne(deps, order("C"), BACK_OFFICE)).toMatchObject({
    created: false,
    view: { status: "revoked" },
  });
});

describe("an order with faults", () => {
  test.each<[string, Partial<DeliveryRequest>, [pointer: string, code: string][]]>([
    ["empty delivery ID", { deliveryId: "" }, [["/deliveryId", "delivery-id"]]],
    ["delivery ID with a space", { deliveryId: "A B" }, [["/deliveryId", "delivery-id"]]],
    ["delivery ID of 65 characters", { deliveryId: "x".repeat(65) }, [["/deliveryId", "delivery-id"]]],
    ["a link for a delivery ID", { deliveryId: "http://evil.example/login" }, [["/deliveryId", "delivery-id"]]],
    ["a link of any other kind", { deliveryId: "PARCEL-7;tel://+4412345" }, [["/deliveryId", "delivery-id"]]],
    ["not a number", { phone: "none" }, [["/phone", "phone"]]],
    ["a number inside a sentence", { phone: "call +447700900001" }, [["/phone", "phone"]]],
    ["too short", { phone: "+4477009" }, [["/phone", "phone"]]],
    ["too long", { phone: "+4477009000011111" }, [["/phone", "phone"]]],
    ["a country that does not exist", { phone: "+9997700900001" }, [["/phone", "phone"]]],
    ["with an extension", { phone: "+447700900001 ext. 12" }, [["/phone", "phone"]]],
    ["a kilobyte", { phone: `+44${"7".repeat(1000)}` }, [["/phone", "phone"]]],
    ["a fixed line", { phone: "+442079460000" }, [["/phone", "phone-fixed-line"]]],
    ["an unknown country", { phone: "07700900001", country: "XX" }, [["/country", "country"]]],
    ["a country from Object's prototype", { country: "constructor" }, [["/country", "country"]]],
    ["an expiry that is now", { expires: { at: T0 } }, [["/expiresAt", "expiry-past"]]],
    ["a duration of nothing", { expires: { in: 0 } }, [["/expiresIn", "expiry-past"]]],
    ["a fraction", { expires: { in: 0.5 } }, [["/expiresIn", "expiry"]]],
    ["no number", { expires: { at: Number.NaN } }, [["/expiresAt", "expiry"]]],
    ["more than a week", { expires: { in: 7 * DAY + 1 } }, [["/expiresIn", "expiry-far"]]],
    ["a message after the expiry", { sendAt: T0 + 48 * HOUR }, [["/sendAt", "send-at"]]],
    ["no language", { locale: "Deutsch!" }, [["/locale", "locale"]]],
    ["a label of 401 bytes", { label: { name: "é".repeat(100), hint: `${"é".repeat(100)}x` } }, [["/label", "label"]]],
    [
      "everything at once",
      { deliveryId: "A B", phone: "none", expires: { at: T0 - 1 }, locale: "?", label: { address: "x".repeat(401) } },
      [
        ["/deliveryId", "delivery-id"],
        ["/phone", "phone"],
        ["/locale", "locale"],
        ["/label", "label"],
        ["/expiresAt", "expiry-past"],
      ],
    ],
  ])("%s", async (_, change, faults) => {
    const { deps } = await makeMemoryWorld();
    const error = await issueOne(deps, order("D", change), BACK_OFFICE).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "invalid-delivery" });
    expect(
      (error as { faults: { pointer: string; code: string }[] }).faults.map(({ pointer, code }) => [pointer, code]),
    ).toEqual(faults);
    expect((await listVouchers(deps, { limit: 1 })).data).toEqual([]);
  });
});

test.each<[string, Partial<DeliveryRequest>, string]>([
  ["E.164", { phone: "+447700900123" }, "+447700900123"],
  ["as dialled at home", { phone: "07700 900 123" }, "+447700900123"],
  ["with brackets and dashes", { phone: "+44 (7700) 900-123" }, "+447700900123"],
  ["without its plus, as spreadsheets leave it", { phone: "447700900123" }, "+447700900123"],
  ["of another country", { phone: "0171 1234567", country: "DE" }, "+491711234567"],
  ["that may be a mobile or a fixed line", { phone: "+12015550123" }, "+12015550123"],
  ["Italian, with its 0", { phone: "+393123456789" }, "+393123456789"],
])("a number %s is %3$s", async (_, change, e164) => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D", change), BACK_OFFICE);
  expect((await deps.store.findVoucher(view.id))?.phoneHash).toBe(hashPhone(e164));
});

test("without a country a number needs its plus", async () => {
  const { deps } = await makeMemoryWorld({ policy: { defaultCountry: null } });
  expect(await refusal(issueOne(deps, order("D", { phone: "07700900001" }), BACK_OFFICE))).toBe("invalid-delivery");
  expect((await issueOne(deps, order("D"), BACK_OFFICE)).created).toBe(true);
});

test("policy leaves the phone out of the voucher", async () => {
  const { deps } = await makeMemoryWorld({ policy: { phoneInVoucher: false } });
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const question = { keys: deps.keyring.keys, now: T0, delivery: "D", phones: [dramaNumber(2)] };
  expect(verifyVoucher(view.voucher, question).notes).toContain("phone-not-in-voucher");
});

describe("what fails in the middle leaves nothing behind", () => {
  const faults: Record<string, (deps: Deps) => Deps> = {
    "the message cannot be written": (deps) =>
      breaking(deps, { insertSms: () => Promise.reject(new Error("disk full")) }),
    "the voucher cannot be written": (deps) =>
      breaking(deps, { insertVoucher: () => Promise.reject(new Error("disk full")) }),
    "the key's answer has a flipped bit": (deps) => ({
      ...deps,
      keyring: { ...deps.keyring, voucherKey: (times) => flipping(deps.keyring.voucherKey(times)) },
    }),
  };
  test.each(Object.entries(faults))("%s", async (_, breakIt) => {
    const { deps } = await makeMemoryWorld();
    await expect(issueOne(breakIt(deps), order("D"), BACK_OFFICE)).rejects.toThrow();
    expect(await deps.store.findDelivery("D")).toBeUndefined();
    expect((await listEvents(deps, { limit: 10 })).data).toEqual([]);
    expect((await issueOne(deps, order("D"), BACK_OFFICE)).created).toBe(true);
  });
});

test("no key covers the time: nothing is written", async () => {
  const { deps, clock } = await makeMemoryWorld();
  clock.now += 500 * DAY;
  expect(await refusal(issueOne(deps, order("D"), BACK_OFFICE))).toBe("no-signing-key");
  expect(await deps.store.findDelivery("D")).toBeUndefined();
});

test("a cti that is in the database already is drawn again", async () => {
  const { deps } = await makeMemoryWorld();
  const once = seededRandom("twins");
  const { view: first } = await issueOne({ ...deps, random: once }, order("A", { sms: false }), BACK_OFFICE);
  // The same stream from its start: the same first cti.
  const { view: second } = await issueOne(
    { ...deps, random: seededRandom("twins") },
    order("B", { sms: false }),
    BACK_OFFICE,
  );
  expect(second.cti).not.toBe(first.cti);
  expect(verifyVoucher(second.voucher, { keys: deps.keyring.keys, now: T0, delivery: "B" }).cti).toBe(second.cti);
});

describe("a random source that repeats itself", () => {
  // Hands out the first nonce so many times, and new ones after that.
  const stuck = (times: number, first: Uint8Array) => {
    const next = seededRandom("next");
    let left = times;
    return (length: number) => (length === 8 && left-- > 0 ? first.slice() : next(length));
  };

  test.each([1, 2, 7])("%i times: another nonce is drawn, and one voucher is written", async (times) => {
    const { deps } = await makeMemoryWorld();
    const { view: before } = await issueOne(deps, order("A", { sms: false }), BACK_OFFICE);
    const random = stuck(times, Buffer.from(before.cti, "hex"));
    const { view } = await issueOne({ ...deps, random }, order("B", { sms: false }), BACK_OFFICE);
    expect(view.cti).not.toBe(before.cti);
    expect((await listVouchers(deps, { limit: 9 })).data.map(({ id }) => id)).toEqual([view.id, before.id]);
  });

  test("for ever: the request ends, and nothing is written", async () => {
    const { deps } = await makeMemoryWorld();
    const { view: before } = await issueOne(deps, order("A", { sms: false }), BACK_OFFICE);
    const random = stuck(Number.POSITIVE_INFINITY, Buffer.from(before.cti, "hex"));
    await expect(issueOne({ ...deps, random }, order("B", { sms: false }), BACK_OFFICE)).rejects.toThrow(/random/);
    expect(await deps.store.findDelivery("B")).toBeUndefined();
    expect((await deps.store.findVoucher(before.id))?.deliveryId).toBe("A");
  });
});

test("of ten orders for one delivery at once, one is issued", async () => {
  const { deps } = await makeMemoryWorld();
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => issueOne(deps, order("D"), BACK_OFFICE)));
  expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(outcomes.map(({ view }) => view.id)).size).toBe(1);
  expect(await deps.store.smsOf(outcomes[0]?.view.id ?? "")).toHaveLength(1);
});

test("the list pages from the newest, and a key that is gone leaves no voucher to show", async () => {
  const { deps } = await makeMemoryWorld();
  for (const id of ["A", "B", "C"]) await issueOne(deps, order(id), BACK_OFFICE);
  const first = await listVouchers(deps, { limit: 2 });
  expect([first.data.map(({ deliveryId }) => deliveryId), first.hasMore]).toEqual([["C", "B"], true]);
  const rest = await listVouchers(deps, { limit: 2, after: first.data[1]?.id ?? "" });
  expect([rest.data.map(({ deliveryId }) => deliveryId), rest.hasMore]).toEqual([["A"], false]);
  const keyless = {
    ...deps,
    keyring: { ...deps.keyring, signedBy: () => undefined },
    secrets: { ...deps.secrets, codes: [new Uint8Array(32)] },
  };
  const [newest] = (await listVouchers(keyless, { limit: 1 })).data;
  expect(newest).toMatchObject({ deliveryId: "C", sms: { parts: 0 } });
  expect(await showWithSecrets(keyless, newest?.id ?? "")).toMatchObject({ voucher: null, shortCode: null });
  expect(await refusal(showVoucher(deps, "0".repeat(24)))).toBe("voucher-unknown");
});

test("a code stays with the secret that it was made with", async () => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const rotated = { ...deps, secrets: { ...deps.secrets, codes: [new Uint8Array(32), ...deps.secrets.codes] } };
  expect((await showWithSecrets(rotated, view.id)).shortCode).toBe(view.shortCode);
});

function breaking(deps: Deps, broken: Partial<Deps["store"]>): Deps {
  return withStore(deps, (store) => ({
    transaction: (work) => store.transaction((rows) => work({ ...rows, ...broken })),
  }));
}

function flipping({
  key,
  until,
}: ReturnType<Deps["keyring"]["voucherKey"]>): ReturnType<Deps["keyring"]["voucherKey"]> {
  const sign = async (bytes: Uint8Array) =>
    (await key.sign(bytes)).map((byte, index) => (index === 40 ? byte ^ 1 : byte));
  return { key: { ...key, sign }, until };
}
