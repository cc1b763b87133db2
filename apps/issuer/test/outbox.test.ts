import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import type { SmsGateway } from "../src/domain/messages/gateway.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import {
  BACK_OFFICE,
  DAY,
  dramaNumber,
  HOUR,
  issueOne,
  listeningGateway,
  order,
  sendAll,
  T0,
  withStore,
} from "./world.ts";

const DEAF: SmsGateway = {
  name: "deaf",
  outcome: "sent",
  send: () => Promise.reject(new Error("no route to +447700900001")),
};

test("a message is sent once, to the number on the order", async () => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const gateway = listeningGateway();
  expect(await sendAll(deps, gateway)).toEqual({ sent: 1, failed: 0 });
  expect(await sendAll(deps, gateway)).toEqual({ sent: 0, failed: 0 });
  expect(gateway.received).toMatchObject([{ to: dramaNumber(1) }]);
  expect((await showVoucher(deps, view.id)).sms).toEqual({ status: "sent", parts: 1 });
});

test.each(["sent", "logged", "unsent"] as const)(
  "what its gateway makes of it is told, and is no other word: %s",
  async (outcome) => {
    const { deps } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    await sendAll(deps, { ...listeningGateway(), outcome });
    expect((await showVoucher(deps, view.id)).sms.status).toBe(outcome);
    const [event] = await deps.store.listEvents({ limit: 1 });
    expect(event?.kind).toBe(`sms-${outcome}`);
  },
);

test("at the time it was ordered for, and not at all if that was not wanted", async () => {
  const { deps, clock } = await makeMemoryWorld();
  await issueOne(deps, order("later", { sendAt: T0 + HOUR }), BACK_OFFICE);
  const { view } = await issueOne(deps, order("none", { sms: false }), BACK_OFFICE);
  expect(view.sms).toEqual({ status: "none", parts: 0 });
  expect(await sendAll(deps, listeningGateway())).toEqual({ sent: 0, failed: 0 });
  clock.now += HOUR;
  expect(await sendAll(deps, listeningGateway())).toEqual({ sent: 1, failed: 0 });
});

test("a gateway that fails is tried again, ever more seldom, and given up after eight times", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const pauses: number[] = [];
  for (let tries = 0; tries < 8; ) {
    const { failed } = await sendAll(deps, DEAF);
    tries += failed;
    if (failed) pauses.push(clock.now);
    clock.now += 15;
  }
  expect(pauses.slice(1).map((at, index) => at - (pauses[index] ?? 0))).toEqual([15, 30, 60, 120, 240, 480, 960]);
  clock.now += HOUR;
  expect(await sendAll(deps, listeningGateway())).toEqual({ sent: 0, failed: 0 });
  expect((await showVoucher(deps, view.id)).sms.status).toBe("failed");
  expect((await listEvents(deps, { limit: 1 })).data).toMatchObject([
    { kind: "sms-failed", voucherId: view.id, reason: null },
  ]);
});

test("one that fails holds back no other", async () => {
  const { deps } = await makeMemoryWorld();
  await issueOne(deps, order("bad", { phone: dramaNumber(13) }), BACK_OFFICE);
  await issueOne(deps, order("good"), BACK_OFFICE);
  const gateway = listeningGateway();
  const picky: SmsGateway = {
    name: "picky",
    outcome: "sent",
    send: (message) => (message.to === dramaNumber(13) ? DEAF.send(message) : gateway.send(message)),
  };
  expect(await sendAll(deps, picky)).toEqual({ sent: 1, failed: 1 });
});

test("killed after sending and before its mark: once the lease is over it goes out again, under the same ID", async () => {
  const { deps, clock } = await makeMemoryWorld();
  await issueOne(deps, order("D"), BACK_OFFICE);
  const gateway = listeningGateway();
  const killed = withStore(deps, () => ({ transaction: () => Promise.reject(new Error("killed")) }));
  await expect(sendAll(killed, gateway)).rejects.toThrow("killed");
  expect(await sendAll(deps, gateway)).toEqual({ sent: 0, failed: 0 });
  clock.now += 120;
  expect(await sendAll(deps, gateway)).toEqual({ sent: 1, failed: 0 });
  expect(gateway.received).toHaveLength(2);
  expect(gateway.received[1]).toEqual(gateway.received[0]);
});

test("two workers at once send each message once", async () => {
  const { deps } = await makeMemoryWorld();
  for (let i = 0; i < 30; i++) await issueOne(deps, order(`D${i}`), BACK_OFFICE);
  const gateway = listeningGateway();
  const slow: SmsGateway = {
    name: "slow",
    outcome: "sent",
    send: (message) => new Promise((done) => setImmediate(() => void gateway.send(message).then(done))),
  };
  const [a, b] = await Promise.all([sendAll(deps, slow), sendAll(deps, slow)]);
  expect(a.sent + b.sent).toBe(30);
  expect(new Set(gateway.received.map(({ id }) => id)).size).toBe(30);
});

test.each(["revoked", "expired"])("a voucher %s meanwhile is not announced", async (how) => {
  const { deps, clock } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  if (how === "revoked") await revokeVoucher(deps, view.id, { cancel: false }, BACK_OFFICE);
  else clock.now += 3 * DAY;
  const gateway = listeningGateway();
  expect(await sendAll(deps, gateway)).toEqual({ sent: 0, failed: 0 });
  expect(gateway.received).toEqual([]);
  expect((await deps.store.smsOf(view.id)).map(({ state }) => state)).toEqual(["dropped"]);
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
      const { deps } = await makeMemoryWorld();
      const { view } = await issueOne(deps, order("RR123456785DE", { locale }), BACK_OFFICE);
      const gateway = listeningGateway();
      await sendAll(deps, gateway);
      const sent = gateway.received[0]?.text ?? "";
      expect(sent.replace(view.shortCode ?? "", "CODE").replace(view.link ?? "", "LINK")).toBe(text);
      expect(view.sms.parts).toBe(1);
      // Of GSM 03.38, what counts as one character each; 160 of them are one message.
      expect(sent).toMatch(/^[ !-?A-Za-z@_àéèùìòÇØøÅåÆæßÉÄÖÑÜäöñü§£¥¿¡]{1,160}$/);
    },
  );

  test("typographic characters of a brand do not make two messages of one", async () => {
    const { deps } = await makeMemoryWorld();
    const curly = {
      ...deps,
      keyring: { ...deps.keyring, issuer: "Bob\u2019s \u201cFast\u201d Parcels \u2014 UK\u2026" },
    };
    await issueOne(curly, order("D"), BACK_OFFICE);
    const gateway = listeningGateway();
    await sendAll(curly, gateway);
    expect(gateway.received[0]?.text).toMatch(/^Bob's "Fast" Parcels - UK\.\.\.: parcel D\./);
  });

  test("a long delivery ID is counted as what it costs", async () => {
    const { deps } = await makeMemoryWorld();
    expect((await issueOne(deps, order("x".repeat(64)), BACK_OFFICE)).view.sms.parts).toBe(2);
  });
});
