import { randomUUID } from "node:crypto";
import { readText } from "@doorproof/voucher";
import { splitVoucher } from "@doorproof/voucher/codec";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { enrolDevice } from "../src/domain/access/enrol.ts";
import { makeEnrolment } from "../src/domain/access/open-enrolment.ts";
import { report } from "../src/domain/redemptions/report.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import type { VoucherView } from "../src/domain/vouchers/show.ts";
import { enrolPhone, put, seal, sync, tokenIn } from "./dispatch-world.ts";
import { dumpDatabase, holds } from "./search.ts";
import { makeWorld, type World } from "./sqlite-world.ts";
import { BACK_OFFICE, DAY, HOUR, issueOne, order, record, T0 } from "./world.ts";

// docs/format.md section 8, property 6, for a day with routes and devices: what a stolen database holds together with
// what a stolen phone holds. Seals are there, and open by their code alone; whatever would open one sooner, or act as a
// device, is not.

const KINDS = ["voucher", "signature", "code", "device token", "link token", "label", "name", "note"] as const;
type Kind = (typeof KINDS)[number];

interface Secret {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
}

test("a dump of the database gives none of it away, nor does it with everything that went out to devices", async () => {
  const { world, secrets, devices } = await play();
  const database = dumpDatabase(world.database);
  const count = (kind: Kind) => secrets.filter((secret) => secret.kind === kind).length;
  expect(KINDS.map((kind) => [kind, count(kind) > 0])).toEqual(KINDS.map((kind) => [kind, true]));
  expect(kindsIn(database, secrets)).toEqual([]);
  // A phone shows labels to its driver; that is all it has more.
  expect(kindsIn(Buffer.concat([database, ...devices]), secrets)).toEqual(["label"]);
  // The seals themselves do lie there: the search looks in the right place.
  const db = new Database(world.database);
  const seals = db.prepare("select sealed from seals").pluck().all() as string[];
  db.close();
  expect(seals.length).toBeGreaterThan(4);
  for (const sealed of seals) expect(holds(database, Buffer.from(sealed, "base64url"))).toBe(true);
});

test("the search finds each kind where it is put", async () => {
  const { world, secrets } = await play();
  const db = new Database(world.database);
  for (const kind of KINDS) {
    const secret = secrets.find((one) => one.kind === kind);
    if (!secret) throw new Error(`no ${kind}`);
    const text = Buffer.concat([Buffer.from("x"), secret.bytes, Buffer.from("y")]).toString("base64url");
    db.prepare("insert into enrolments (token_hash, route, expires_at) values (?, 'north', 1)").run(text);
    expect(kindsIn(dumpDatabase(world.database), secrets)).toContain(kind);
    db.exec("pragma secure_delete = on; delete from enrolments where expires_at = 1; pragma wal_checkpoint(truncate)");
    expect(kindsIn(dumpDatabase(world.database), secrets)).toEqual([]);
  }
  db.close();
});

/** A day with all that dispatch and devices write down, each thing that must not be found kept beside it. */
async function play(): Promise<{ world: World; secrets: readonly Secret[]; devices: readonly Uint8Array[] }> {
  const world = await makeWorld();
  const { deps, clock } = world;
  const label = "Flat 3, 12 Unfindable Street";
  const [name, note] = ["Wilhelmina Featherstonehaugh", "dog named Bartholomew bites, customer's ex is at home"];
  const views: VoucherView[] = [];
  for (const id of ["A", "B", "C", "D"]) {
    const change = {
      route: "north",
      label: { name: `${label} ${id}`, address: `${label} ${id}` },
      window: { from: T0, to: T0 + DAY },
    };
    views.push((await issueOne(deps, order(id, change), BACK_OFFICE)).view);
  }
  const [a, b, c] = views;
  if (!a || !b || !c) throw new Error("nothing was issued");
  await seal(deps);
  const open = await makeEnrolment(deps, { name: "west" }, BACK_OFFICE);
  const used = await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
  const replaced = await enrolDevice(deps, tokenIn(used.link));
  const north = await enrolPhone(deps, "north");
  const south = await enrolPhone(deps, "south");
  await sync(deps, north);
  const first = north.document;
  await put(deps, "south", ["B"]);
  await sync(deps, north);
  await sync(deps, south);
  await put(deps, "south", ["B", "C"], { force: true });
  clock.now += HOUR;
  views.push(await reissueVoucher(deps, b.id, { expires: { in: DAY }, sms: false }, BACK_OFFICE));
  await revokeVoucher(deps, c.id, { cancel: true, reason: note }, BACK_OFFICE);
  await seal(deps);
  await sync(deps, south);
  const version = north.manifest?.version ?? 0;
  await report(
    deps,
    [
      { ...record(a, { seq: 1, at: clock.now, takenBy: "neighbour", name }), route: "north", version },
      { kind: "attempt", id: randomUUID(), seq: 2, at: clock.now, deliveryId: "D", reason: "other", note },
      {
        kind: "refusal",
        id: randomUUID(),
        seq: 9,
        at: clock.now,
        code: "expired",
        kid: b.kid,
        cti: b.cti,
        deliveryId: "B",
      },
      { ...record({ voucher: `${b.voucher}0` }, { seq: 10, at: clock.now }) },
    ],
    north.actor,
  );
  await sync(deps, north);

  const text = (value: string) => new TextEncoder().encode(value);
  const tokens = [replaced.deviceToken, north.token, south.token];
  const secrets: Secret[] = [
    ...views.flatMap(({ voucher, shortCode }): Secret[] => [
      { kind: "voucher", bytes: readText(voucher) },
      { kind: "voucher", bytes: text(voucher ?? "") },
      { kind: "signature", bytes: splitVoucher(readText(voucher)).signature },
      { kind: "code", bytes: text(shortCode ?? "") },
      { kind: "code", bytes: text(shortCode?.replace("-", "") ?? "") },
    ]),
    ...tokens.flatMap((token): Secret[] => [
      { kind: "device token", bytes: text(token) },
      { kind: "device token", bytes: Buffer.from(token.slice(4), "base64url") },
    ]),
    ...[open.link, used.link].flatMap((link): Secret[] => [
      { kind: "link token", bytes: text(tokenIn(link)) },
      { kind: "link token", bytes: Buffer.from(tokenIn(link), "base64url") },
    ]),
    { kind: "label", bytes: text(label) },
    { kind: "name", bytes: text(name) },
    { kind: "note", bytes: text(note) },
  ];
  const devices = [first, north.document, south.document].flatMap((document) => document ?? []);
  expect(devices).toHaveLength(3);
  return { world, secrets, devices };
}

function kindsIn(haystack: Buffer, secrets: readonly Secret[]): Kind[] {
  return KINDS.filter((kind) => secrets.some((secret) => secret.kind === kind && holds(haystack, secret.bytes)));
}
