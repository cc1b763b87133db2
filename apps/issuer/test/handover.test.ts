import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { IssueError } from "../src/domain/errors.ts";
import type { Actor } from "../src/domain/ports.ts";
import { handDeliveries } from "../src/domain/vouchers/hand-over.ts";
import type { VoucherView } from "../src/domain/vouchers/show.ts";
import { importDeliveries } from "../src/import/import.ts";
import { enrolPhone, put } from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, issueOne, order, record, redeemNow, redeemOne, refusal } from "./world.ts";

// docs/couriers.md: an API key that names a courier redeems what is handed to them, and closes no other delivery.

const keyOf = (courier: string | null): Actor => ({ kind: "api-key", id: `key of ${courier}`, courier });

/** A is handed to north, B to south, C to nobody. */
async function handed() {
  const world = await makeMemoryWorld();
  const issue = async (id: string, courier?: string): Promise<VoucherView> =>
    (await issueOne(world.deps, order(id, courier === undefined ? {} : { courier }), BACK_OFFICE)).view;
  return { ...world, a: await issue("A", "north"), b: await issue("B", "south"), c: await issue("C") };
}

describe("an API key redeems", () => {
  test.each<[courier: string | null, a: string, b: string, c: string]>([
    ["north", "accepted", "not-handed", "not-handed"],
    ["south", "not-handed", "accepted", "not-handed"],
    ["North", "not-handed", "not-handed", "not-handed"],
    ["*", "accepted", "accepted", "accepted"],
    [null, "not-handed", "not-handed", "not-handed"],
  ])("of %j: A %s, B %s, C %s", async (courier, ...expected) => {
    const { deps, a, b, c } = await handed();
    const answers = [];
    for (const voucher of [a, b, c]) answers.push(await redeemNow(deps, voucher, keyOf(courier)));
    expect(answers.map(({ status, code }) => code ?? status)).toEqual(expected);
    for (const { status, code } of answers) expect(status).toBe(code ? "conflict" : "accepted");
  });

  test("nothing by trying: what was left to a person is open to whose it is", async () => {
    const { deps, a } = await handed();
    expect((await redeemNow(deps, a, keyOf("south"))).code).toBe("not-handed");
    expect((await redeemNow(deps, a, keyOf("north"))).status).toBe("accepted");
  });

  test("what a driver's phone carries is not asked of couriers, nor handed to them", async () => {
    const { deps, c } = await handed();
    const phone = await enrolPhone(deps, "route");
    await put(deps, "route", ["C"]);
    expect((await redeemNow(deps, c, keyOf("north"))).code).toBe("not-handed");
    expect((await redeemNow(deps, c, phone.actor)).status).toBe("accepted");
  });
});

describe("a handover", () => {
  test("hands over, takes from the one before, takes back, and leaves the rest; each change is in the audit trail", async () => {
    const { deps, a, b, c } = await handed();
    const hand = (courier: string, deliveries: string[], takeBack: string[] = []) =>
      handDeliveries(deps, courier, { deliveries, takeBack }, BACK_OFFICE);
    expect(await hand("north", ["B", "C"])).toEqual({ handed: 2, takenBack: 0 });
    expect(await hand("north", ["B", "C"])).toEqual({ handed: 0, takenBack: 0 });
    expect(await hand("south", [], ["C"])).toEqual({ handed: 0, takenBack: 0 });
    expect(await hand("north", [], ["C"])).toEqual({ handed: 0, takenBack: 1 });
    const told = [];
    for (const voucher of [a, b, c]) told.push((await redeemNow(deps, voucher, keyOf("north"))).code ?? "accepted");
    expect(told).toEqual(["accepted", "accepted", "not-handed"]);
    const { data } = await listEvents(deps, { limit: 100 });
    const events = data.filter(({ kind }) => kind === "delivery-handed" || kind === "delivery-taken-back");
    expect(events.map(({ kind, deliveryId, reason }) => [kind, deliveryId, reason])).toEqual([
      ["delivery-taken-back", "C", "from north"],
      ["delivery-handed", "C", "to north"],
      ["delivery-handed", "B", "from south to north"],
      ["delivery-handed", "B", "to south"],
      ["delivery-handed", "A", "to north"],
    ]);
  });

  test.each<[string, string, string[], string[], string[]]>([
    ["a name of nobody", "", ["A"], [], ["/courier courier"]],
    ["the star, which is all", "*", ["A"], [], ["/courier courier"]],
    ["a blank at the end", "north ", ["A"], [], ["/courier courier"]],
    ["no delivery IDs", "north", ["A", "b c"], [""], ["/deliveries/1 delivery-id", "/takeBack/0 delivery-id"]],
    ["twice the same", "north", ["A", "A"], ["A"], ["/deliveries/1 duplicate", "/takeBack/0 duplicate"]],
    [
      "what was never issued",
      "north",
      ["A", "X"],
      ["Y"],
      ["/deliveries/1 unknown-delivery", "/takeBack/0 unknown-delivery"],
    ],
  ])(
    "with %s is refused, with every fault, and hands over nothing",
    async (_, courier, deliveries, takeBack, faults) => {
      const { deps } = await handed();
      const error = await handDeliveries(deps, courier, { deliveries, takeBack }, BACK_OFFICE).catch(
        (reason) => reason,
      );
      if (!(error instanceof IssueError)) throw error;
      expect(error.faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(faults);
      expect((await deps.store.findDelivery("A"))?.courier).toBe("north");
    },
  );

  test("a voucher for a courier that cannot be is not issued", async () => {
    const { deps } = await makeMemoryWorld();
    expect(await refusal(issueOne(deps, order("D", { courier: "*" }), BACK_OFFICE))).toBe("invalid-delivery");
    expect(await deps.store.findDelivery("D")).toBeUndefined();
  });
});

test("a column of an import says whose each delivery is", async () => {
  const { deps } = await makeMemoryWorld();
  const file = "id,phone,by\nA,+447700900001,north\nB,+447700900002,\nC,+447700900003,*\n";
  const options = { map: { deliveryId: "id", courier: "by" }, expires: { in: 3600 }, dryRun: false } as const;
  const rows = [];
  async function* chunks() {
    yield file;
  }
  for await (const row of importDeliveries(deps, chunks(), options, BACK_OFFICE)) rows.push(row);
  expect(rows.map(({ status, errors }) => [status, errors?.[0]?.pointer])).toEqual([
    ["created", undefined],
    ["created", undefined],
    ["faulty", "/courier"],
  ]);
  const [a, b] = rows;
  const told = async (voucher: string | undefined) =>
    (await redeemOne(deps, record({ voucher: voucher ?? "" }), keyOf("north"))).code ?? "accepted";
  expect([await told(a?.voucher), await told(b?.voucher)]).toEqual(["accepted", "not-handed"]);
});
