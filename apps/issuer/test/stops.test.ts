import { ASKS, TAKERS } from "@doorproof/api/lists";
import { ASK_BITS, TAKER_BITS } from "@doorproof/voucher/codec";
import { describe, expect, test } from "vitest";
import { checkReissue } from "../src/domain/dispatch/route-bounds.ts";
import { encrypt, labelRow } from "../src/domain/encryption.ts";
import { IssueError } from "../src/domain/errors.ts";
import type { DeliveryRequest } from "../src/domain/vouchers/index.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { enrolPhone, put, seal, sync } from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, issueOne, order, refusal, T0 } from "./world.ts";

// What a stop says to its driver, from the request to the manifest (docs/format.md section 4).

const FULL = {
  label: { name: "Y. Tan", address: "12 Mill Lane", hint: "ring twice" },
  parcels: ["JD0001", "JD0002"],
  call: "tel:+442079460000",
  asks: ["signature", "label"],
  takers: ["reception"],
} as const satisfies Partial<DeliveryRequest>;

test("the words of the API are the bits of the format, all of them", () => {
  expect([Object.keys(ASK_BITS), Object.keys(TAKER_BITS)]).toEqual([[...ASKS], [...TAKERS]]);
});

test("all of it reaches the phone; of a delivery that says nothing, anybody may take it", async () => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("A", FULL), BACK_OFFICE);
  await issueOne(deps, order("B"), BACK_OFFICE);
  expect(view).toMatchObject({ ...FULL, asks: ["label", "signature"] });
  await put(deps, "north", ["A", "B"]);
  await seal(deps);
  const phone = await enrolPhone(deps, "north");
  await sync(deps, phone);
  const [a, b] = phone.manifest?.stops ?? [];
  expect(a).toMatchObject({
    label: FULL.label,
    parcels: FULL.parcels,
    call: FULL.call,
    asks: 9,
    takers: 8,
    named: null,
  });
  const nothing = { label: { name: null, address: null, hint: null }, parcels: [], call: null };
  expect(b).toMatchObject({ ...nothing, asks: 0, takers: 15 });
});

test("no name, address, hint, number or parcel lies in the database in the clear", async () => {
  const { deps } = await makeMemoryWorld();
  await issueOne(deps, order("A", FULL), BACK_OFFICE);
  const row = JSON.stringify(await deps.store.findDelivery("A"));
  for (const text of [...Object.values(FULL.label), ...FULL.parcels, FULL.call]) expect(row).not.toContain(text);
});

test("a label that was stored under other bounds is cut at a character, and ends no route", async () => {
  const { deps } = await makeMemoryWorld();
  const { deliveryId, id } = (await issueOne(deps, order("A"), BACK_OFFICE)).view;
  const stored = await deps.store.findDelivery(deliveryId);
  if (!stored) expect.unreachable("it was issued");
  const label = `${"m".repeat(399)}\u{1f6aa}`;
  await deps.store.insertDelivery({ ...stored, id: "B", sealedLabel: encrypt(deps, labelRow("B"), label) });
  const voucher = await deps.store.findVoucher(id);
  if (!voucher) expect.unreachable("it was issued");
  const other = { id: "0".repeat(24), cti: "0".repeat(16), linkHash: "other", deliveryId: "B" };
  await deps.store.insertVoucher({ ...voucher, ...other });
  await put(deps, "north", ["B"]);
  const nothing = { salt: Buffer.alloc(16).toString("base64url"), sealed: Buffer.alloc(98).toString("base64url") };
  await deps.store.insertSeal({ voucherId: other.id, ...nothing });
  const phone = await enrolPhone(deps, "north");
  expect(await sync(deps, phone)).toEqual(["B"]);
  expect(phone.manifest?.stops[0]?.label.address).toBe("m".repeat(399));
});

describe("refused as it is asked for", () => {
  test.each<[string, Partial<DeliveryRequest>, readonly string[]]>([
    ["400 bytes are taken", { label: { name: "é".repeat(100), address: "m".repeat(100), hint: "é".repeat(50) } }, []],
    ["a label of 401 bytes", { label: { name: "é".repeat(100), address: "m".repeat(201) } }, ["/label label"]],
    ["33 parcels", { parcels: Array.from({ length: 33 }, (_, i) => `JD${i}`) }, ["/parcels parcels"]],
    ["a parcel with a space", { parcels: ["JD1", "JD 2", ""] }, ["/parcels/1 parcels", "/parcels/2 parcels"]],
    ["a number without tel:", { call: "+442079460000" }, ["/call call"]],
    ["a link to call", { call: "https://example.com" }, ["/call call"]],
    ["tones behind a number", { call: "tel:+442079460000,,5" }, ["/call call"]],
    ["the recipient's own number", { call: "tel:+447700900123" }, ["/call call-is-recipient"]],
    [
      "the recipient's own number, as it is dialled",
      { phone: "07700 900123", country: "GB", call: "tel:+447700900123" },
      ["/call call-is-recipient"],
    ],
    ["nobody", { takers: [] }, ["/takers takers"]],
  ])("%s", async (_, change, faults) => {
    const { deps } = await makeMemoryWorld();
    expect(await faultsOf(issueOne(deps, order("A", { phone: "+447700900123", ...change }), BACK_OFFICE))).toEqual(
      faults,
    );
  });

  test("a reissue to the number that the driver calls", async () => {
    const { deps } = await makeMemoryWorld();
    const { id } = (await issueOne(deps, order("A", { call: "tel:+447700900003" }), BACK_OFFICE)).view;
    const to = (phone: string) => reissueVoucher(deps, id, { expires: { in: DAY }, phone }, BACK_OFFICE);
    expect(await faultsOf(to("+447700900003"))).toEqual(["/phone call-is-recipient"]);
    expect(await faultsOf(to("+447700900002"))).toEqual([]);
  });
});

// "delivery-exists" is another delivery under the same ID; else the voucher that stands is answered.
test.each<[string, Partial<DeliveryRequest>, Partial<DeliveryRequest>, "same" | "delivery-exists"]>([
  ["nothing said, and all takers said", {}, { takers: [...TAKERS].reverse(), asks: [], parcels: [] }, "same"],
  ["asks in another order", { asks: ["age", "label"] }, { asks: ["label", "age"] }, "same"],
  ["another label: its wording may differ", { label: { address: "a" } }, { label: { address: "b" } }, "same"],
  ["fewer takers", {}, { takers: ["recipient"] }, "delivery-exists"],
  ["something asked", {}, { asks: ["age"] }, "delivery-exists"],
  ["another number to call", { call: "tel:+442079460000" }, { call: "tel:+442079460001" }, "delivery-exists"],
  ["a parcel more", { parcels: ["JD1"] }, { parcels: ["JD1", "JD2"] }, "delivery-exists"],
])("asked for again with %s: %j, then %j", async (_, first, second, expected) => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("A", first), BACK_OFFICE);
  const again = issueOne(deps, order("A", second), BACK_OFFICE);
  if (expected === "same") expect((await again).view.id).toBe(view.id);
  else expect(await refusal(again)).toBe(expected);
});

describe("a route is full", () => {
  const parcels = Array.from({ length: 32 }, (_, i) => `JD${i}`);
  /** 62 deliveries of 32 parcels and one of 16: 2,000. */
  async function furnished() {
    const { deps } = await makeMemoryWorld();
    const ids = Array.from({ length: 62 }, (_, i) => `P${i}`);
    for (const id of ids) await issueOne(deps, order(id, { parcels, sms: false }), BACK_OFFICE);
    await issueOne(deps, order("LAST", { parcels: parcels.slice(0, 16), sms: false }), BACK_OFFICE);
    return { deps, ids: [...ids, "LAST"] };
  }

  test("of parcels: 2,000 are taken, and one more is not, put or issued", async () => {
    const { deps, ids } = await furnished();
    await issueOne(deps, order("MORE", { parcels: ["JD"], sms: false }), BACK_OFFICE);
    expect(await faultsOf(put(deps, "north", [...ids, "MORE"]))).toEqual(["/stops route-full"]);
    expect(await faultsOf(put(deps, "north", ids))).toEqual([]);
    const one = order("NEW", { parcels: ["JD"], route: "north", sms: false });
    expect(await faultsOf(issueOne(deps, one, BACK_OFFICE))).toEqual(["/route route-full"]);
    expect(await deps.store.findDelivery("NEW")).toBeUndefined();
  });

  test("of withdrawn vouchers: 2,000 are named, a reissue more is refused, and what must be withdrawn is not", async () => {
    const { deps } = await makeMemoryWorld();
    const { id } = (await issueOne(deps, order("A"), BACK_OFFICE)).view;
    const voucher = await deps.store.findVoucher(id);
    if (!voucher) expect.unreachable("it was issued");
    const withdraw = async (number: number) => {
      const cti = number.toString(16).padStart(16, "0");
      const ids = { id: `${voucher.kid}${cti}`, cti, linkHash: `link ${number}` };
      await deps.store.insertVoucher({ ...voucher, ...ids, status: "superseded", endedAt: T0 });
    };
    for (let number = 0; number < 1999; number++) await withdraw(number);
    await put(deps, "north", ["A"]);
    expect(await faultsOf(checkReissue(deps.store, id, deps.now()))).toEqual([]);
    await withdraw(1999);
    expect(await faultsOf(checkReissue(deps.store, id, deps.now()))).toEqual([" route-full"]);
    await withdraw(2000);
    expect(await faultsOf(put(deps, "south", ["A"]))).toEqual(["/stops route-full"]);
    await seal(deps);
    const phone = await enrolPhone(deps, "north");
    await sync(deps, phone);
    expect(phone.manifest?.revoked).toHaveLength(8 * 2000);
  });
});

async function faultsOf(verb: Promise<unknown>): Promise<readonly string[]> {
  try {
    await verb;
    return [];
  } catch (error) {
    if (!(error instanceof IssueError)) throw error;
    return error.faults.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}
