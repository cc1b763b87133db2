import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/events.ts";
import { sendWaiting } from "../src/domain/messages/outbox.ts";
import type { SmsGateway } from "../src/domain/ports.ts";
import { issueVoucher } from "../src/domain/vouchers/issue.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import { DAY, dramaNumber, HOUR, listeningGateway, makeWorld, OFFICE, order, T0, withStore } from "./world.ts";

const DEAF: SmsGateway = { name: "deaf", send: () => Promise.reject(new Error("no route to +447700900001")) };

test("a message is sent once, to the number on the order", async () => {
  const { parts } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  const gateway = listeningGateway();
  expect(await sendWaiting(parts, gateway)).toEqual({ sent: 1, failed: 0 });
  expect(await sendWaiting(parts, gateway)).toEqual({ sent: 0, failed: 0 });
  expect(gateway.received).toMatchObject([{ to: dramaNumber(1) }]);
  expect((await showVoucher(parts, view.id)).sms).toEqual({ status: "sent", parts: 1 });
});

test("at the time it was ordered for, and not at all if that was not wanted", async () => {
  const { parts, clock } = await makeWorld();
  await issueVoucher(parts, order("later", { sendAt: T0 + HOUR }), OFFICE);
  const { view } = await issueVoucher(parts, order("none", { sms: false }), OFFICE);
  expect(view.sms).toEqual({ status: "none", parts: 0 });
  expect(await sendWaiting(parts, listeningGateway())).toEqual({ sent: 0, failed: 0 });
  clock.now += HOUR;
  expect(await sendWaiting(parts, listeningGateway())).toEqual({ sent: 1, failed: 0 });
});

test("a gateway that fails is tried again, ever more seldom, and given up after eight times", async () => {
  const { parts, clock } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  const pauses: number[] = [];
  for (let tries = 0; tries < 8; ) {
    const { failed } = await sendWaiting(parts, DEAF);
    tries += failed;
    if (failed) pauses.push(clock.now);
    clock.now += 15;
  }
  expect(pauses.slice(1).map((at, index) => at - (pauses[index] ?? 0))).toEqual([15, 30, 60, 120, 240, 480, 960]);
  clock.now += HOUR;
  expect(await sendWaiting(parts, listeningGateway())).toEqual({ sent: 0, failed: 0 });
  expect((await showVoucher(parts, view.id)).sms.status).toBe("failed");
  expect((await listEvents(parts, { limit: 1 })).data).toMatchObject([
    { kind: "sms-failed", voucherId: view.id, reason: null },
  ]);
});

test("one that fails holds back no other", async () => {
  const { parts } = await makeWorld();
  await issueVoucher(parts, order("bad", { phone: dramaNumber(13) }), OFFICE);
  await issueVoucher(parts, order("good"), OFFICE);
  const gateway = listeningGateway();
  const picky: SmsGateway = {
    name: "picky",
    send: (message) => (message.to === dramaNumber(13) ? DEAF.send(message) : gateway.send(message)),
  };
  expect(await sendWaiting(parts, picky)).toEqual({ sent: 1, failed: 1 });
});

test("killed after sending and before its mark: once the lease is over it goes out again, under the same ID", async () => {
  const { parts, clock } = await makeWorld();
  await issueVoucher(parts, order("D"), OFFICE);
  const gateway = listeningGateway();
  const killed = withStore(parts, () => ({ transaction: () => Promise.reject(new Error("killed")) }));
  await expect(sendWaiting(killed, gateway)).rejects.toThrow("killed");
  expect(await sendWaiting(parts, gateway)).toEqual({ sent: 0, failed: 0 });
  clock.now += 120;
  expect(await sendWaiting(parts, gateway)).toEqual({ sent: 1, failed: 0 });
  expect(gateway.received).toHaveLength(2);
  expect(gateway.received[1]).toEqual(gateway.received[0]);
});

test("two workers at once send each message once", async () => {
  const { parts } = await makeWorld();
  for (let i = 0; i < 30; i++) await issueVoucher(parts, order(`D${i}`), OFFICE);
  const gateway = listeningGateway();
  const slow: SmsGateway = {
    name: "slow",
    send: (message) => new Promise((done) => setImmediate(() => void gateway.send(message).then(done))),
  };
  const [a, b] = await Promise.all([sendWaiting(parts, slow), sendWaiting(parts, slow)]);
  expect(a.sent + b.sent).toBe(30);
  expect(new Set(gateway.received.map(({ id }) => id)).size).toBe(30);
});

test.each(["revoked", "expired"])("a voucher %s meanwhile is not announced", async (how) => {
  const { parts, clock } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  if (how === "revoked") await revokeVoucher(parts, view.id, { cancel: false }, OFFICE);
  else clock.now += 3 * DAY;
  const gateway = listeningGateway();
  expect(await sendWaiting(parts, gateway)).toEqual({ sent: 0, failed: 0 });
  expect(gateway.received).toEqual([]);
  expect((await parts.store.smsOf(view.id)).map(({ state }) => state)).toEqual(["dropped"]);
});

describe("what the customer reads", () => {
  const texts = {
    en: "Parcel Co: parcel RR123456785DE. Only at the door, never by phone: say CODE or show LINK",
    de: "Parcel Co: Paket RR123456785DE. Nur an der Tür, nie am Telefon: CODE sagen oder zeigen: LINK",
    fr: "Parcel Co: colis RR123456785DE. Seulement à la porte, jamais au téléphone: dites CODE ou montrez LINK",
    pt: "Parcel Co: encomenda RR123456785DE. Apenas à porta, nunca por telefone: diga CODE ou mostre LINK",
  };
  test.each<[string, string]>([...Object.entries(texts), ["de-AT", texts.de], ["PT-br", texts.pt], ["ja", texts.en]])(
    "in %s is one message, brand first, link last with nothing after it",
    async (locale, text) => {
      const { parts } = await makeWorld();
      const { view } = await issueVoucher(parts, order("RR123456785DE", { locale }), OFFICE);
      const gateway = listeningGateway();
      await sendWaiting(parts, gateway);
      const sent = gateway.received[0]?.text ?? "";
      expect(sent.replace(view.shortCode ?? "", "CODE").replace(view.link, "LINK")).toBe(text);
      expect(view.sms.parts).toBe(1);
      // Of GSM 03.38, what counts as one character each; 160 of them are one message.
      expect(sent).toMatch(/^[ !-?A-Za-z@_àéèùìòÇØøÅåÆæßÉÄÖÑÜäöñü§£¥¿¡]{1,160}$/);
    },
  );

  test("typographic characters of a brand do not make two messages of one", async () => {
    const { parts } = await makeWorld();
    const curly = {
      ...parts,
      keyring: { ...parts.keyring, issuer: "Bob\u2019s \u201cFast\u201d Parcels \u2014 UK\u2026" },
    };
    await issueVoucher(curly, order("D"), OFFICE);
    const gateway = listeningGateway();
    await sendWaiting(curly, gateway);
    expect(gateway.received[0]?.text).toMatch(/^Bob's "Fast" Parcels - UK\.\.\.: parcel D\./);
  });

  test("a long delivery ID is counted as what it costs", async () => {
    const { parts } = await makeWorld();
    expect((await issueVoucher(parts, order("x".repeat(64)), OFFICE)).view.sms.parts).toBe(2);
  });
});
