import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readText } from "@doorproof/voucher";
import { encodeBase45, splitVoucher } from "@doorproof/voucher/codec";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { createApiKey } from "../src/domain/access/create-api-key.ts";
import type { Deps } from "../src/domain/ports.ts";
import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { withIdempotency } from "../src/domain/vouchers/idempotency.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { resendVoucher } from "../src/domain/vouchers/resend.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showWithSecrets, type VoucherView } from "../src/domain/vouchers/show.ts";
import { logGateway } from "../src/gateways/log.ts";
import { importDeliveries } from "../src/import/import.ts";
import type { Rows } from "../src/store/store.ts";
import { makeWorld, type World } from "./sqlite-world.ts";
import {
  BACK_OFFICE,
  COURIER,
  DAY,
  DRIVER,
  dramaNumber,
  HOUR,
  issueOne,
  order,
  record,
  redeemOne,
  sendAll,
} from "./world.ts";

// docs/format.md section 8, property 6: a stolen database, write-ahead log included, holds no voucher, signature, code,
// token or phone number.

type Kind = "voucher" | "signature" | "code" | "link token" | "API token" | "phone" | "name" | "label" | "reason";

interface Secret {
  readonly kind: Kind;
  /** The ways in which it may stand somewhere, before any encoding. */
  readonly spellings: readonly Uint8Array[];
}

test("a dump of the database gives none of them away, and the same search finds in the outbox what phones received", async () => {
  const { world, secrets } = await play();
  const { outbox, database } = dump(world);
  const count = (kind: Kind) => secrets.filter((secret) => secret.kind === kind).length;
  expect([count("voucher"), count("signature"), count("code"), count("link token"), count("phone")]).toEqual([
    65, 65, 65, 65, 64,
  ]);
  expect(database.length).toBeGreaterThan(100_000);
  expect(readFileSync(`${world.database}-wal`).length).toBeGreaterThan(100_000);
  expect(find(secrets, database)).toEqual([]);
  // The answer that is kept with an Idempotency-Key, with all that opens a door, is among what was searched.
  const [kept] = new Database(world.database).prepare("select sealed_answer from idempotency").pluck().all();
  expect([String(kept).length > 500, database.includes(String(kept))]).toEqual([true, true]);

  const inMessages = secrets.filter(({ kind }) => kind === "code" || kind === "link token" || kind === "phone");
  expect(find(secrets, outbox)).toEqual(inMessages);
});

test("the search finds every kind in every spelling and encoding, and what lies in the database themselves", async () => {
  const { world, secrets } = await play();
  const kinds = new Map(secrets.map((secret) => [secret.kind, secret]));
  expect(kinds.size).toBe(9);
  const missed: string[] = [];
  for (const [kind, secret] of kinds) {
    for (const [name, encode] of Object.entries(encodings())) {
      for (const spelling of secret.spellings) {
        const haystack = Buffer.concat([Buffer.from("before"), Buffer.from(encode(spelling)), Buffer.from("after")]);
        if (find([secret], haystack).length === 0) missed.push(`${kind} as ${name}`);
      }
    }
  }
  expect(missed).toEqual([]);

  const db = new Database(world.database);
  for (const secret of kinds.values()) {
    expect(find([secret], dump(world).database)).toEqual([]);
    db.prepare("insert into events (at, kind, actor_kind, actor_id, sealed_reason) values (1, 'k', 'a', 'a', ?)").run(
      secret.spellings[0],
    );
    expect(find([secret], dump(world).database)).toEqual([secret]);
    db.exec("pragma secure_delete = on; delete from events where kind = 'k'; pragma wal_checkpoint(truncate)");
  }
  db.close();
});

const KEY = { name: "desk", permissions: ["read"], courier: null, expiresAt: null } as const;

/** Everything that an issuer does in a day, with each thing that must not be found kept beside it. */
async function play(): Promise<{ world: World; secrets: readonly Secret[] }> {
  const world = await makeWorld();
  const { deps, clock, folder } = world;
  const gateway = logGateway(join(folder, "outbox.ndjson"), { now: deps.now });
  const views: VoucherView[] = [];
  const phones = Array.from({ length: 64 }, (_, index) => dramaNumber(index));
  const names = ["Wilhelmina Featherstonehaugh", "Åsa Öberg-Løvstrøm"];
  const labels = ["Flat 3, 12 Unfindable Street"];
  const reasons = ["customer called from 07700 900999"];
  const tokens = [(await createApiKey(deps, KEY, BACK_OFFICE)).token];

  for (const [index, phone] of phones.slice(0, 31).entries()) {
    const address = labels[index];
    const label = address === undefined ? {} : { label: { name: address, address, hint: address } };
    views.push((await issueOne(deps, order(`D${index}`, { phone, ...label }), BACK_OFFICE)).view);
  }
  const csv = ["deliveryId,phone", ...phones.slice(31, 61).map((phone, index) => `C${index},${phone}`)].join("\n");
  for await (const row of importDeliveries(
    deps,
    chunks(csv),
    { map: {}, expires: { in: DAY }, dryRun: false },
    BACK_OFFICE,
  )) {
    const [newest] = await deps.store.listVouchers({ now: clock.now, limit: 1, deliveryId: row.deliveryId ?? "" });
    views.push(await showWithSecrets(deps, newest?.id ?? ""));
  }
  const [a, b, c, d] = views;
  if (!a || !b || !c || !d) throw new Error("nothing was issued");
  const request = {
    actor: BACK_OFFICE,
    key: phones[61] ?? "",
    route: "POST /v1/vouchers",
    bodyHash: hash(phones[61] ?? ""),
  };
  const ordered = order("I", { phone: phones[61] ?? "" });
  const verb = (inside: Deps<Rows>) => issueOne(inside, ordered, BACK_OFFICE);
  const { answer } = await withIdempotency(deps, request, { verb, write: ({ view }) => JSON.stringify(view) });
  views.push(JSON.parse(answer));
  await sendAll(deps, gateway);

  clock.now += HOUR;
  await resendVoucher(deps, a.id, BACK_OFFICE);
  views.push(await reissueVoucher(deps, b.id, { expires: { in: DAY } }, BACK_OFFICE));
  for (const phone of phones.slice(62))
    views.push(
      await reissueVoucher(deps, c.id, { expires: { in: DAY }, phone }, BACK_OFFICE).finally(() =>
        sendAll(deps, gateway),
      ),
    );
  await sendAll(deps, gateway);
  await revokeVoucher(deps, d.id, { cancel: true, reason: reasons[0] ?? "" }, BACK_OFFICE);
  const at = { at: clock.now, takenBy: "neighbour", name: names[0] ?? "" } as const;
  await redeemOne(deps, record(a, at), DRIVER);
  await redeemOne(deps, record(a, { ...at, name: names[1] ?? "" }), COURIER);
  await redeemOne(deps, record(b, at), DRIVER);
  await redeemOne(deps, record({ voucher: `${a.voucher ?? ""}0` }, at), DRIVER);
  clock.now += 3 * DAY;
  await expireVouchers(deps);

  const bytes = (text: string) => new TextEncoder().encode(text);
  const secrets: Secret[] = views.flatMap(({ voucher, shortCode, link }): Secret[] => {
    const raw = readText(voucher);
    const token = link?.slice(-22) ?? "";
    return [
      { kind: "voucher", spellings: [raw, bytes(voucher ?? "")] },
      { kind: "signature", spellings: [splitVoucher(raw).signature] },
      { kind: "code", spellings: [bytes(shortCode ?? ""), bytes(shortCode?.replace("-", "") ?? "")] },
      { kind: "link token", spellings: [bytes(token), Buffer.from(token, "base64url")] },
    ];
  });
  for (const token of tokens)
    secrets.push({ kind: "API token", spellings: [bytes(token), Buffer.from(token.slice(4), "base64url")] });
  for (const phone of phones)
    secrets.push({ kind: "phone", spellings: [bytes(phone), bytes(phone.slice(1)), bytes(`0${phone.slice(3)}`)] });
  for (const name of names) secrets.push({ kind: "name", spellings: [bytes(name)] });
  for (const label of labels) secrets.push({ kind: "label", spellings: [bytes(label)] });
  for (const reason of reasons) secrets.push({ kind: "reason", spellings: [bytes(reason)] });
  return { world, secrets };
}

/** The files as they lie there, the write-ahead log not yet taken in, and the same once more as rows. */
function dump({ database, folder }: World): { database: Buffer; outbox: Buffer } {
  const copy = new Database(database);
  const names = copy.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
  const rows = names.map((name) => JSON.stringify(copy.prepare(`select * from "${name}"`).all()));
  const raw = readdirSync(dirname(database)).map((name) => readFileSync(join(dirname(database), name)));
  copy.close();
  return {
    database: Buffer.concat([...raw, Buffer.from(rows.join("\n"))]),
    outbox: readFileSync(join(folder, "outbox.ndjson")),
  };
}

function find(secrets: readonly Secret[], haystack: Buffer): Secret[] {
  return secrets.filter(({ spellings }) =>
    spellings.some((spelling) => needles(spelling).some((needle) => haystack.includes(needle))),
  );
}

/**
 * Raw, and in every encoding at every alignment: the middle of an encoded secret is the same whatever stands before and
 * after it.
 */
function needles(bytes: Uint8Array): Buffer[] {
  const { hex, HEX } = encodings();
  const whole = [bytes, hex(bytes), HEX(bytes)].map((needle) => Buffer.from(needle));
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const middle = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const base45 = [0, 1].map((before) => {
    const even = bytes.subarray(before, bytes.length - ((bytes.length - before) % 2));
    return encodeBase45(even);
  });
  return [...whole, ...[...base64, ...base45].map((text) => Buffer.from(text))];
}

function encodings(): Record<
  "raw" | "hex" | "HEX" | "base64" | "base64url" | "base45" | "shifted base64",
  (bytes: Uint8Array) => Uint8Array | string
> {
  return {
    raw: (bytes) => bytes,
    hex: (bytes) => Buffer.from(bytes).toString("hex"),
    HEX: (bytes) => Buffer.from(bytes).toString("hex").toUpperCase(),
    base64: (bytes) => Buffer.from(bytes).toString("base64"),
    base64url: (bytes) => Buffer.from(bytes).toString("base64url"),
    base45: (bytes) => encodeBase45(bytes),
    "shifted base64": (bytes) => Buffer.concat([Buffer.from("?"), bytes, Buffer.from("??")]).toString("base64"),
  };
}

async function* chunks(text: string): AsyncGenerator<string> {
  yield text;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
