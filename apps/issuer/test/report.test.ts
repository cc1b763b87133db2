import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { findGaps } from "../src/domain/dispatch/devices.ts";
import { showRoute } from "../src/domain/dispatch/show-route.ts";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { type Entry, report } from "../src/domain/redemptions/report.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import type { Rows, Store, StoreDeps } from "../src/store/store.ts";
import { enrolPhone, fetchOnce, issueAll, put, seal, sync } from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, record, redeemOne, seededRandom, T0 } from "./world.ts";

// docs/format.md section 7, as far as it takes a driver's device.

async function driving(deliveries: readonly string[] = ["A", "B", "C"]) {
  const world = await makeMemoryWorld();
  const { deps } = world;
  const vouchers = await issueAll(deps, deliveries);
  const phone = await enrolPhone(deps, "north");
  await put(deps, "north", deliveries);
  await seal(deps);
  await sync(deps, phone);
  const [a, b, c] = vouchers;
  if (!a || !b || !c) throw new Error("nothing was issued");
  const version = phone.manifest?.version ?? 0;
  return { ...world, phone, a, b, c, version };
}

/** The same issuer, some of its rows handled by somebody inside transactions. */
function withRows(deps: StoreDeps, change: (rows: Rows) => Partial<Rows>): StoreDeps {
  const { store } = deps;
  const transaction: Store["transaction"] = (work) => store.transaction((rows) => work({ ...rows, ...change(rows) }));
  return { ...deps, store: { ...store, transaction } };
}

function attempt(seq: number, change: Partial<Extract<Entry, { kind: "attempt" }>> = {}): Entry {
  return { kind: "attempt", id: randomUUID(), seq, at: T0 + seq, deliveryId: "B", reason: "no-answer", ...change };
}

describe("a device's redemption", () => {
  test("of a stop of its route is accepted", async () => {
    const { deps, phone, a, version } = await driving();
    const answers = await report(deps, [{ ...record(a), route: "north", version }], phone.actor);
    expect(answers).toMatchObject([{ status: "accepted" }]);
  });

  test("of another route's stop is a conflict, and closes nothing", async () => {
    const { deps, a, version } = await driving();
    const other = await enrolPhone(deps, "south");
    // What it says of its route is only kept: the token names it.
    for (const claim of [{}, { route: "south", version }, { route: "north", version }])
      expect(await redeemOne(deps, { ...record(a), ...claim }, other.actor)).toMatchObject({
        status: "conflict",
        code: "not-on-manifest",
      });
    expect((await showVoucher(deps, a.id)).status).toBe("live");
    // A courier has no route.
    expect((await redeemOne(deps, record(a), COURIER)).status).toBe("accepted");
  });

  test("of a stop on no route at all is one too", async () => {
    const { deps, phone } = await driving();
    const [d] = await issueAll(deps, ["D"]);
    if (!d) throw new Error("nothing was issued");
    expect(await redeemOne(deps, record(d), phone.actor)).toMatchObject({ code: "not-on-manifest" });
  });

  test("of a stop that was moved away is judged by the manifest that it names", async () => {
    const { deps, clock, phone, a, b, c, version } = await driving();
    clock.now += HOUR;
    await put(deps, "south", ["A", "B", "C"]);
    await sync(deps, phone);
    const later = phone.manifest?.version ?? 0;
    const told = async (voucher: typeof a, claim: { version?: number }) => {
      const { status, code } = await redeemOne(deps, { ...record(voucher), ...claim }, phone.actor);
      return [status, code];
    };
    expect(await told(a, { version: later })).toEqual(["conflict", "not-on-manifest"]);
    expect(await told(b, { version: version - 1 })).toEqual(["conflict", "not-on-manifest"]);
    expect(await told(a, { version })).toEqual(["accepted", undefined]);
    expect(await told(c, {})).toEqual(["accepted", undefined]);
  });

  test("of a stop that is on its route now needs no manifest that had it", async () => {
    const { deps, phone } = await driving();
    const [d] = await issueAll(deps, ["D"]);
    if (!d) throw new Error("nothing was issued");
    await put(deps, "north", ["D"]);
    expect((await redeemOne(deps, { ...record(d), version: 1 }, phone.actor)).status).toBe("accepted");
  });

  test("with a voucher of before is judged as any: superseded before the act", async () => {
    const { deps, clock, phone, a } = await driving();
    clock.now += HOUR;
    await reissueVoucher(deps, a.id, { expires: { in: DAY }, sms: false }, BACK_OFFICE);
    clock.now += HOUR;
    expect(await redeemOne(deps, record(a, { at: clock.now }), phone.actor)).toMatchObject({ code: "superseded" });
    expect((await redeemOne(deps, record(a, { at: T0 + 60 }), phone.actor)).status).toBe("accepted");
  });
});

describe("two devices with the same voucher, after a forced move", () => {
  test.each(["north", "south"])(
    "%s syncs first: one accepted, one conflict, both kept and both shown",
    async (first) => {
      const { deps, clock, phone: north, a } = await driving();
      const south = await enrolPhone(deps, "south");
      await put(deps, "south", ["A"], { force: true });
      await fetchOnce(deps, south);
      clock.now += HOUR;
      const phones = first === "north" ? [north, south] : [south, north];
      const records = phones.map(({ route, manifest }, index) => ({
        ...record(a, { id: randomUUID(), at: T0 + 60 + index, takenBy: "neighbour", name: `by ${route}` }),
        route,
        version: manifest?.version ?? 0,
      }));
      const [winner, loser] = phones;
      if (!winner || !loser || !records[0] || !records[1]) throw new Error("no phones");
      expect((await report(deps, [records[0]], winner.actor))[0]?.status).toBe("accepted");
      const lost = await report(deps, [records[1]], loser.actor);
      const by = { id: records[0].id, at: T0 + 60, reporter: winner.id };
      expect(lost).toEqual([{ id: records[1].id, status: "conflict", code: "already-used", by }]);
      // A retry is told the same, word for word.
      expect(await report(deps, [records[1]], loser.actor)).toEqual(lost);

      const { data } = await listRedemptions(deps, { status: "conflict", limit: 10 });
      expect(data).toMatchObject([
        {
          id: records[1].id,
          reporter: `device:${loser.id}`,
          route: loser.route,
          name: `by ${loser.route}`,
          by: {
            id: records[0].id,
            reporter: `device:${winner.id}`,
            route: winner.route,
            name: `by ${winner.route}`,
            at: T0 + 60,
            voucherId: a.id,
            via: "scan",
            takenBy: "neighbour",
          },
        },
      ]);
    },
  );

  test("whose key it was that reported first is not told to a device", async () => {
    const { deps, phone, a } = await driving();
    await redeemOne(deps, record(a, { id: "1" }), COURIER);
    expect((await redeemOne(deps, record(a), phone.actor)).by).toEqual({ id: "1", at: T0 });
  });
});

describe("what is no redemption", () => {
  test("is noted, in order, once, and decides nothing", async () => {
    const { deps, phone, a } = await driving();
    const claims = { kid: a.kid, cti: a.cti, deliveryId: "A" };
    const entries: Entry[] = [
      { kind: "refusal", id: randomUUID(), seq: 1, at: T0, code: "wrong-delivery", ...claims },
      { kind: "refusal", id: randomUUID(), seq: 2, at: T0, code: "bad-signature" },
      { kind: "redemption", ...record(a, { seq: 3 }) },
      attempt(4, { note: "dog in the yard" }),
      { kind: "undo", id: randomUUID(), seq: 5, at: T0, of: randomUUID() },
    ];
    const answers = await report(deps, entries, phone.actor);
    expect(answers).toEqual(entries.map(({ id }, index) => ({ id, status: index === 2 ? "accepted" : "noted" })));
    expect(await report(deps, entries, phone.actor)).toEqual(answers);
    const { data } = await listEvents(deps, { limit: 100 });
    expect(
      data
        .filter(({ kind }) => kind.startsWith("door-"))
        .map((event) => [event.kind, event.deliveryId, event.voucherId, event.reason]),
    ).toEqual([
      ["door-undo", null, null, entries[4]?.kind === "undo" && entries[4].of],
      ["door-attempt", "B", null, "no-answer: dog in the yard"],
      ["door-refusal", null, null, "bad-signature"],
      ["door-refusal", "A", a.id, "wrong-delivery"],
    ]);
  });

  test.each([
    ["of now", 0, "B", []],
    ["as far ahead as a clock may be", 300, "B", []],
    ["further ahead", 301, "B", ["out-of-bounds"]],
    ["of a month ago", -31 * DAY, "B", []],
    ["older", -31 * DAY - 1, "B", ["out-of-bounds"]],
    ["of the year 0001", -62_135_596_800 - T0, "B", ["out-of-bounds"]],
    ["of the year 9999", 253_402_300_799 - T0, "B", ["out-of-bounds"]],
    ["for a delivery that nobody knows", 0, "X", ["unknown-delivery"]],
    ["of both kinds", 301, "X", ["out-of-bounds", "unknown-delivery"]],
  ] as const)("%s is noted; what cannot be so is marked in its row and in the trail", async (_, offset, id, marks) => {
    const { deps, clock } = await makeMemoryWorld();
    const phone = await enrolPhone(deps, "north");
    await issueAll(deps, ["B"]);
    clock.now += 40 * DAY;
    const at = clock.now + offset;
    const entries: Entry[] = [
      attempt(1, { at, deliveryId: id }),
      { kind: "refusal", id: randomUUID(), seq: 2, at, code: "wrong-delivery", deliveryId: id },
    ];
    expect((await report(deps, entries, phone.actor)).map(({ status }) => status)).toEqual(["noted", "noted"]);
    const stored = await Promise.all(entries.map((entry) => deps.store.findEntry(`device:${phone.id}`, entry.id)));
    // What a refused voucher says of its delivery is another issuer's, as often as not.
    const ofRefusal = marks.filter((mark) => mark === "out-of-bounds");
    expect(stored).toMatchObject([
      { at, marks },
      { at, marks: ofRefusal },
    ]);
    const { data } = await listEvents(deps, { limit: 2 });
    // One that nobody knows may have been erased: it is named in the encrypted reason alone.
    const about = id === "X" ? "X: " : "";
    expect(data.map(({ reason }) => reason)).toEqual([
      `${about}${["wrong-delivery", ...ofRefusal.map((mark) => `(${mark})`)].join(" ")}`,
      `${about}${["no-answer", ...marks.map((mark) => `(${mark})`)].join(" ")}`,
    ]);
    expect(data.map(({ deliveryId }) => deliveryId === "B")).toEqual([id === "B", id === "B"]);
  });

  test("the same ID from another reporter is another entry", async () => {
    const { deps, phone } = await driving();
    const one = attempt(1);
    await report(deps, [one], phone.actor);
    await report(deps, [one], COURIER);
    expect(
      (await listEvents(deps, { delivery: "B", limit: 10 })).data.filter(({ kind }) => kind === "door-attempt"),
    ).toHaveLength(2);
  });
});

describe("a device's numbers", () => {
  test.each<[number[], [number, number][]]>([
    [[], []],
    [[5], []],
    [[5, 6, 7], []],
    [[1, 3], [[2, 2]]],
    [
      [2, 3, 7, 8, 20],
      [
        [4, 6],
        [9, 19],
      ],
    ],
  ])("%j: missing are %j", (seqs, gaps) => {
    expect(findGaps(seqs)).toEqual(gaps.map(([from, to]) => ({ from, to })));
  });

  test("that are missing are told once as they are noticed, and shown until they come", async () => {
    const { deps, clock, phone } = await driving();
    clock.now += 90;
    const upload = async (...seqs: number[]) => {
      await report(
        deps,
        seqs.map((seq) => attempt(seq)),
        phone.actor,
      );
      const { device } = await showRoute(deps, "north");
      const { data } = await listEvents(deps, { limit: 1000 });
      const events = data.filter(({ kind }) => kind === "device-gap").map(({ reason }) => reason);
      return [device?.gaps.map(({ from, to }) => `${from}-${to}`).join(), events.length, events[0]];
    };
    // A phone that was enrolled before goes on counting.
    expect(await upload(57, 58)).toEqual(["", 0, undefined]);
    expect(await upload(61, 63)).toEqual(["59-60,62-62", 1, "59 to 60 are missing, 62 is missing"]);
    expect(await upload(64)).toEqual(["59-60,62-62", 1, "59 to 60 are missing, 62 is missing"]);
    expect(await upload(60, 59)).toEqual(["62-62", 1, "59 to 60 are missing, 62 is missing"]);
    expect(await upload(66)).toEqual(["62-62,65-65", 2, "65 is missing"]);
    expect((await showRoute(deps, "north")).device?.lastSeenAt).toBe(T0 + 90);
  });

  test("of any uploads are told as when all of them are read each time, and only the new ones are read", async () => {
    for (let run = 0; run < 30; run++) {
      const { deps } = await makeMemoryWorld();
      const phone = await enrolPhone(deps, "north");
      const draw = seededRandom(`gaps ${run}`);
      const below = (limit: number) => (draw(1)[0] ?? 0) % limit;
      const read: number[] = [];
      const counting = withRows(deps, ({ seqsOf }) => ({
        async seqsOf(reporter, range) {
          const seqs = await seqsOf(reporter, range);
          read.push(seqs.length);
          return seqs;
        },
      }));
      const stored = new Set<number>();
      const expected: string[] = [];
      for (let upload = 0; upload < 12; upload++) {
        const highest = Math.max(0, ...stored);
        const seqs = Array.from({ length: below(5) }, () => Math.max(0, highest - 3 + below(9)));
        for (const seq of seqs) stored.add(seq);
        const noticed = findGaps([...stored].sort((a, b) => a - b)).filter(({ from }) => from > highest);
        if (noticed.length > 0)
          expected.push(
            noticed
              .map(({ from, to }) => (from === to ? `${from} is missing` : `${from} to ${to} are missing`))
              .join(", "),
          );
        const entries = seqs.map((seq) => attempt(seq));
        await report(counting, entries, phone.actor);
      }
      const { data } = await listEvents(deps, { limit: 1000 });
      const told = data.filter(({ kind }) => kind === "device-gap").map(({ reason }) => reason);
      expect([run, told.toReversed()]).toEqual([run, expected]);
      // At most four new ones, and the highest before them.
      expect(Math.max(...read)).toBeLessThanOrEqual(5);
    }
  });

  test("a slip that was taken back travels under its own number, and none is missing", async () => {
    const { deps, phone, a } = await driving();
    const slip = randomUUID();
    const entries: Entry[] = [
      attempt(1),
      { kind: "undo", id: slip, seq: 2, at: T0, of: slip },
      { kind: "undo", id: randomUUID(), seq: 3, at: T0, of: slip },
      { ...record(a, { seq: 4 }) },
    ];
    await report(deps, entries, phone.actor);
    expect((await showRoute(deps, "north")).device?.gaps).toEqual([]);
  });
});
