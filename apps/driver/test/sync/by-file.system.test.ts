import { writeJwks } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import type { DayPage } from "../fixtures/day-page.ts";
import { documents, issuer, one, phone, two } from "../fixtures/one-phone.ts";
import {
  DAY,
  HOUR,
  type Issued,
  keyList,
  NOW,
  revocations,
  rootPin,
  voucherKey,
} from "../fixtures/signed-documents.ts";

declare const dayPage: DayPage;

// A phone that finds no network for days: its records leave as files, and what it should know comes in as files.

/** A courier who pinned the root, and has no signal any more. */
async function courier(): Promise<void> {
  await phone.call("pin", { text: `${issuer.origin}/driver/#issuer=acme&root=${rootPin}` });
  await phone.settled();
  issuer.down = true;
}

async function take(bytes: Uint8Array) {
  await phone.page.evaluate((list) => dayPage.day.pin({ bytes: Uint8Array.from(list) }), [...bytes]);
  return phone.seen();
}

async function accept({ deliveryId, text }: Issued): Promise<void> {
  await phone.call("openStop", deliveryId);
  expect((await phone.call("scanned", text)).outcome).toMatchObject({ kind: "accept" });
}

async function exported(): Promise<{ name: string; records: { id: string; seq: number; voucher?: string }[] }[]> {
  const files = await phone.page.evaluate(async () =>
    Promise.all((await dayPage.day.exportUnsent()).map(async (file) => [file.name, await file.text()] as const)),
  );
  return files.map(([name, text]) => ({ name, ...JSON.parse(text) }));
}

const answer = (results: unknown) => Buffer.from(JSON.stringify({ now: new Date((NOW + HOUR) * 1000), results }));

describe("records", () => {
  test("leave as the body of an upload, and cannot be taken back any more", async () => {
    await phone.enrol();
    await accept(one);
    expect((await phone.seen()).log[0]).toMatchObject({ undoable: true });
    const [file, ...more] = await exported();
    expect(more).toEqual([]);
    expect(file).toMatchObject({ name: "doorproof-acme-1.json", records: [{ voucher: one.text, via: "scan" }] });
    const { log } = await phone.seen();
    expect(log[0]).toMatchObject({ undoable: false, answer: null });
    expect((await phone.call("undo", log[0]?.id ?? "")).trouble).toBe("too-late");
  });

  test("more than a body may hold are more files, each entry in one", async () => {
    await phone.enrol();
    await phone.page.evaluate(() => dayPage.fill(700));
    const files = await exported();
    expect(files.length).toBeGreaterThan(1);
    for (const { records } of files) {
      expect(records.length).toBeLessThanOrEqual(500);
      expect(JSON.stringify({ records }).length).toBeLessThan(262_144);
    }
    expect(files.flatMap(({ records }) => records.map(({ seq }) => seq))).toEqual(
      Array.from({ length: 700 }, (_, i) => i + 1),
    );
  });

  test("the issuer's answer comes in as a file, and only what it names is settled", async () => {
    await courier();
    await accept(one);
    await accept(two);
    const [file] = await exported();
    const [first, second] = file?.records ?? [];
    const seen = await take(
      answer([{ id: first?.id, status: "conflict", code: "delivery-closed" }, { id: "another" }]),
    );
    expect(seen.trouble).toBe(null);
    expect(seen.log.map(({ answer }) => answer?.status ?? null)).toEqual([null, "conflict"]);
    expect((await exported()).map(({ records }) => records.map(({ id }) => id))).toEqual([[second?.id]]);
  });

  test("an enrolled device asks the issuer itself, and believes no file", async () => {
    await phone.enrol();
    await accept(one);
    const [file] = await exported();
    const seen = await take(answer([{ id: file?.records[0]?.id, status: "accepted" }]));
    expect([seen.trouble, seen.log[0]?.answer]).toEqual(["no-keys", null]);
  });
});

describe("lists", () => {
  test("a newer one is taken, the same one changes nothing, an older one is said to be older", async () => {
    await courier();
    const newer = await revocations({ version: 2, issuedAt: NOW + HOUR, next: NOW + 7 * HOUR, ctis: [one.cti] });
    expect((await take(newer)).trouble).toBe(null);
    await phone.setClock(NOW + HOUR);
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ code: "revoked" });
    expect((await take(newer)).trouble).toBe(null);
    expect((await take(documents.get("/v1/revocations") ?? new Uint8Array())).trouble).toBe("older-list");
    expect((await phone.seen()).readiness.revocationsAge).toBe(0);
  });

  test("one that lets a device go on is taken after its own is past its grace", async () => {
    await courier();
    await phone.setClock(NOW + 2 * DAY - HOUR);
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ code: "stale-keys" });
    const times = { issuedAt: NOW + DAY, expiresAt: NOW + 3 * DAY };
    await take(await keyList({ version: 2, ...times }));
    await take(await revocations({ version: 2, issuedAt: NOW + DAY, next: NOW + 2 * DAY }));
    await phone.advance(4);
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "accept" });
  });

  test("what a wrong clock left behind ends with it", async () => {
    await courier();
    await phone.setClock(NOW + HOUR);
    await accept(one);
    await phone.setClock(NOW);
    await phone.call("openStop", "P-2");
    expect((await phone.call("scanned", two.text)).outcome).toMatchObject({ code: "clock-behind" });
    await take(await revocations({ version: 2 }));
    await phone.advance(4);
    expect((await phone.call("scanned", two.text)).outcome).toMatchObject({ kind: "accept" });
    await phone.call("openStop", "P-1");
    await phone.advance(4);
    expect((await phone.call("scanned", one.text)).outcome, "the used-set stands").toMatchObject({
      code: "already-used",
    });
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    ["another issuer's", () => revocations({ issuer: "evil", version: 9 })],
    ["signed by a voucher key", () => revocations({ version: 9 }, { ...voucherKey, use: "documents" })],
    ["cut short", async () => (await revocations({ version: 9 })).slice(0, -1)],
    ["no document", async () => Uint8Array.of(0xd2)],
    ["a bare key set", async () => Buffer.from(JSON.stringify(writeJwks("acme", [])))],
  ])("not %s", async (_, make) => {
    await courier();
    expect((await take(await make())).trouble).toBe("no-keys");
    await accept(one);
  });
});
