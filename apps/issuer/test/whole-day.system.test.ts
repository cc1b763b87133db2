import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PERMISSIONS } from "@doorproof/api/lists";
import { readText } from "@doorproof/voucher";
import { splitVoucher } from "@doorproof/voucher/codec";
import Database from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import { PATIENCE } from "../../../tools/patience.ts";
import { initKeyFolder } from "../src/keys/init.ts";
import { type Machine, openOperations } from "../src/operations.ts";
import { environmentOf } from "./environment.ts";
import { aPort, becomesReady, type Child, start } from "./issuer-process.ts";
import { dumpDatabase, holds } from "./search.ts";
import { makeFolder } from "./world.ts";

// A day of an issuer in production, as a process of its own: what of a person lies on its disk and in its log afterwards.

const ERASED = "RR-UNFORGETTABLE-7";
const PHONE = "+447700900123";
const TEXTS = {
  label: "Flat 3, 12 Unfindable Street",
  recipient: "Unfindable Recipientia",
  name: "Wilhelmina Featherstonehaugh",
  note: "the dog named Bartholomew bites",
  reason: "customer called from 07700 900124",
  "label of an import": "Åsa Öberg-Løvstrøm, the yellow door",
};

test("of a whole day nothing of anybody lies on the disk, in the log or in the metrics, and after an erasure not even its delivery", async () => {
  const { folder, child, call, operations, wire } = await startDay();
  const secrets = new Map<string, readonly Uint8Array[]>();
  for (const [kind, text] of Object.entries(TEXTS)) secrets.set(kind, [bytes(text)]);
  secrets.set("number", [PHONE, "447700900123", "7700900123", "07700 900123"].map(bytes));
  const learn = ({ deliveryId, voucher, shortCode, link }: Made) => {
    const raw = readText(voucher);
    const token = link.slice(-22);
    secrets.set(`voucher of ${deliveryId}`, [raw, bytes(voucher), splitVoucher(raw).signature]);
    secrets.set(`code of ${deliveryId}`, [bytes(shortCode), bytes(shortCode.replace("-", ""))]);
    secrets.set(`link of ${deliveryId}`, [bytes(token), Buffer.from(token, "base64url")]);
  };

  const issue = async (deliveryId: string, change: object = {}): Promise<Made> => {
    const body = {
      deliveryId,
      phone: PHONE,
      expiresIn: "48h",
      label: { name: TEXTS.recipient, address: TEXTS.label },
      route: "north",
      ...change,
    };
    const made = await call("POST", "/v1/vouchers", body, { "idempotency-key": randomUUID() });
    learn(made);
    return made;
  };
  const first = await issue(ERASED, { phone: "07700 900123", country: "GB" });
  const again = await call("POST", `/v1/vouchers/${first.id}/reissue`, { expiresIn: "24h" });
  learn({ ...again, deliveryId: "the same, again" });
  const other = await issue("OTHER");
  const third = await issue("THIRD");
  const csv = `deliveryId,phone,label\nIMPORTED,${PHONE},"${TEXTS["label of an import"]}"\n`;
  for await (const row of operations.importDeliveries(chunks(csv), { map: {}, expires: { in: 86_400 }, dryRun: false }))
    expect(row.status).toBe("created");
  const [imported] = (await call("GET", "/v1/vouchers?delivery=IMPORTED")).data;
  learn({
    ...(await call("POST", `/v1/vouchers/${imported.id}/reveal`, { reason: TEXTS.reason })),
    deliveryId: "IMPORTED",
  });
  for (const path of [link(other), `${link(other)}/qr.svg`]) await call("GET", path);
  await call("POST", `/v1/vouchers/${third.id}/revoke`, { cancel: true, reason: TEXTS.reason });

  const { link: enrolment } = await call("POST", "/v1/routes/north/devices", {});
  const { deviceToken } = await call("POST", "/v1/enrolments", { token: enrolment.slice(enrolment.indexOf("#") + 1) });
  secrets.set("device token", [bytes(deviceToken)]);
  const phone = { authorization: `Bearer ${deviceToken}` };
  await vi.waitFor(async () => expect((await call("GET", "/v1/routes/north")).stops.map(stateOf)).toContain("on"), {
    timeout: PATIENCE,
  });
  await call("GET", "/v1/manifests/north", undefined, phone);
  const upload = (record: object) =>
    call(
      "POST",
      "/v1/redemptions",
      { records: [{ id: randomUUID(), at: new Date().toISOString(), ...record }] },
      phone,
    );
  const attempt = { kind: "attempt", seq: 1, deliveryId: ERASED, reason: "other", note: TEXTS.note };
  await upload(attempt);
  await upload({ seq: 2, voucher: again.voucher, via: "scan", takenBy: "neighbour", name: TEXTS.name });
  await upload({ kind: "refusal", seq: 3, code: "expired", kid: first.kid, cti: first.cti, deliveryId: ERASED });
  await upload({ seq: 4, voucher: `${again.voucher}0`, via: "scan", takenBy: "recipient" });
  const { data: redeemed } = await call("GET", "/v1/redemptions");
  expect(redeemed.map(({ status }: { status: string }) => status)).toContain("accepted");
  await wire.fetch("/v1/vouchers", { method: "POST", body: { phone: { number: PHONE }, [PHONE]: TEXTS.name } });
  await wire.fetch(`/v1/vouchers/${encodeURIComponent(again.voucher)}?${PHONE}=${TEXTS.name}`);
  await wire.fetch(`${link(other)}/nothing`);
  const metrics = await (await wire.fetch("/metrics")).text();

  const told = () => Buffer.from(child.said.out + child.said.err + metrics);
  const onDisk = () => Buffer.concat([filesOf(folder), dumpDatabase(join(folder, "data", "doorproof.sqlite"))]);
  expect(child.said.err.split("\n").length).toBeGreaterThan(20);
  expect(metrics).toContain("doorproof_");
  expect(found(secrets, onDisk())).toEqual([]);
  expect(found(secrets, told())).toEqual([]);
  // The same search finds each of them in what went over the wire.
  expect(found(secrets, Buffer.concat(wire.seen))).toEqual([...secrets.keys()]);

  const before = (await call("GET", "/v1/events?limit=100")).data;
  const person = new Map([["delivery", [bytes(ERASED)]], ...sealedOf(folder)]);
  expect(found(person, onDisk())).toEqual([...person.keys()]);
  const { tombstone, isGone } = await operations.eraseDelivery(ERASED);
  expect(isGone).toBe(true);
  expect(found(person, onDisk())).toEqual([]);
  expect(found(secrets, onDisk())).toEqual([]);
  expect(found(new Map([["delivery", [bytes(ERASED)]]]), told())).toEqual([]);
  const after: Event[] = (await call("GET", "/v1/events?limit=100")).data;
  expect(after.map(({ cursor }) => cursor)).toEqual(after.map((_, index) => `${after.length - index}`));
  expect(after[0]).toMatchObject({ kind: "delivery-erased", deliveryId: tombstone });
  const acts = (events: Event[]) => events.map(({ cursor, kind, at, actor }) => ({ cursor, kind, at, actor }));
  expect(acts(after.slice(1))).toEqual(acts(before));
  expect(after.filter(({ deliveryId }) => deliveryId === tombstone).length).toBeGreaterThan(6);

  child.process.kill("SIGTERM");
  expect(await child.ended).toBe(0);
  await operations.close();
  expect(found(new Map([...person, ...secrets]), Buffer.concat([filesOf(folder), told()]))).toEqual([]);
});

interface Made {
  readonly id: string;
  readonly kid: string;
  readonly cti: string;
  readonly deliveryId: string;
  readonly voucher: string;
  readonly shortCode: string;
  readonly link: string;
}

interface Event {
  readonly cursor: string;
  readonly kind: string;
  readonly at: string;
  readonly actor: object;
  readonly deliveryId: string | null;
}

async function startDay() {
  const folder = makeFolder();
  const machine: Machine = {
    now: () => Math.floor(Date.now() / 1000),
    uptime: () => performance.now() / 1000,
    random: (length) => new Uint8Array(randomBytes(length)),
  };
  const keys = { folder: join(folder, "keys"), rootFolder: join(folder, "stick") };
  await initKeyFolder(keys, { issuer: "Parcel Co", ...machine, now: machine.now() });
  const port = await aPort();
  const environment = { ...environmentOf(folder), SMS_GATEWAY: "none", LOG_LEVEL: "trace", PORT: `${port}` };
  const child: Child = start(folder, environment);
  await becomesReady(port);
  const operations = await openOperations(environment, machine);
  onTestFinished(() => operations.close().catch(() => undefined));
  const { token } = await operations.createApiKey({
    name: "all",
    permissions: PERMISSIONS,
    courier: "*",
    expiresAt: null,
  });
  const seen: Buffer[] = [];
  const authorization = `Bearer ${token}`;
  const fetched = async (path: string, { method = "GET", body, headers = {} }: Options = {}) => {
    if (body) seen.push(Buffer.from(JSON.stringify(body)));
    const type = body ? { "content-type": "application/json" } : {};
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization, ...type, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    seen.push(Buffer.from(await answer.clone().arrayBuffer()));
    return answer;
  };
  const call = async (method: string, path: string, body?: object, headers?: Record<string, string>) => {
    const answer = await fetched(path, { method, ...(body && { body }), ...(headers && { headers }) });
    const text = await answer.text();
    expect([path, answer.ok, answer.ok || text]).toEqual([path, true, true]);
    return answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  };
  return { folder, child, call, operations, wire: { seen, fetch: fetched } };
}

interface Options {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

function link({ link }: Made): string {
  return new URL(link).pathname;
}

function stateOf({ state }: { state: string }): string {
  return state;
}

/** Everything below the data folder, as it lies there. */
function filesOf(folder: string): Buffer {
  const data = join(folder, "data");
  const names = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat(names.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
}

/** What is encrypted of the delivery, and made from its number: whoever has the secret reads it. */
function sealedOf(folder: string): [string, Uint8Array[]][] {
  const database = new Database(join(folder, "data", "doorproof.sqlite"));
  const columns = [
    ["sealed_phone", "deliveries", "id"],
    ["sealed_label", "deliveries", "id"],
    ["sealed_details", "deliveries", "id"],
    ["order_mac", "deliveries", "id"],
    ["sealed_name", "redemptions", "delivery_id"],
    ["sealed_note", "entries", "delivery_id"],
    ["sealed_reason", "events", "delivery_id"],
  ] as const;
  const texts = columns.map(([column, table, id]): [string, Uint8Array[]] => {
    const query = `select ${column} from ${table} where ${id} = ? and ${column} is not null`;
    return [column, (database.prepare(query).pluck().all(ERASED) as string[]).map(bytes)];
  });
  database.close();
  for (const [column, found] of texts) expect([column, found.length > 0]).toEqual([column, true]);
  return texts;
}

function found(secrets: ReadonlyMap<string, readonly Uint8Array[]>, haystack: Buffer): string[] {
  return [...secrets].filter(([, spellings]) => spellings.some((one) => holds(haystack, one))).map(([kind]) => kind);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function* chunks(text: string): AsyncGenerator<string> {
  yield text;
}
