import { verifyVoucher } from "@doorproof/verifier";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { listVouchers } from "../src/domain/vouchers/show.ts";
import { type ImportedRow, type ImportOptions, importDeliveries } from "../src/import/import.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, dramaNumber, HOUR, refusal, T0 } from "./world.ts";

const EXPIRES = { in: 168 * HOUR };

async function run(deps: Deps, csv: string | Uint8Array, change: Partial<ImportOptions> = {}): Promise<ImportedRow[]> {
  const rows: ImportedRow[] = [];
  const options = { map: {}, expires: EXPIRES, dryRun: false, ...change };
  for await (const row of importDeliveries(deps, inPieces(csv), options, BACK_OFFICE)) rows.push(row);
  return rows;
}

/** Five bytes at a time: a piece ends in mid-cell, in mid-quote and in mid-character. */
async function* inPieces(csv: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(csv);
  for (let at = 0; at < bytes.length; at += 5) yield bytes.subarray(at, at + 5);
}

/** `line status deliveryId code,code` for each row. */
function summary(rows: readonly ImportedRow[]): string[] {
  return rows.map(({ line, status, deliveryId, errors = [] }) =>
    [line, status, deliveryId ?? "-", ...errors.map(({ code }) => code)].join(" "),
  );
}

function sample(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, index) => `ORDER-${String(index).padStart(5, "0")},${dramaNumber(index)}`,
  );
  return `deliveryId,phone\n${rows.join("\n")}\n`;
}

test("good rows are issued, and their vouchers verify", async () => {
  const { deps } = await makeMemoryWorld();
  const rows = await run(deps, sample(20));
  expect(summary(rows).slice(0, 2)).toEqual(["2 created ORDER-00000", "3 created ORDER-00001"]);
  for (const [index, { voucher, deliveryId = "", shortCode }] of rows.entries()) {
    const question = { keys: deps.keyring.keys, now: T0, delivery: deliveryId, phones: [dramaNumber(index)] };
    expect(verifyVoucher(voucher, question).expiresAt).toBe(T0 + 168 * HOUR);
    expect(shortCode).toMatch(/^.{5}-.{5}$/);
  }
});

test("the same file twice changes nothing", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const first = await run(deps, sample(20));
  const events = await deps.store.countEvents();
  clock.now += HOUR;
  const second = await run(deps, sample(20));
  expect(second).toEqual(first.map((row) => ({ ...row, status: "existing" })));
  expect(await deps.store.countEvents()).toEqual(events);
});

test("a dry run judges every row and writes none", async () => {
  const { deps } = await makeMemoryWorld();
  await run(deps, "deliveryId,phone\nA,+447700900001\n");
  const csv = "deliveryId,phone\nA,+447700900001\nB,+447700900002\nC,none\nB,+447700900002\n";
  expect(summary(await run(deps, csv, { dryRun: true }))).toEqual([
    "2 existing A",
    "3 would-create B",
    "4 faulty C phone",
    "5 faulty B duplicate",
  ]);
  expect((await listVouchers(deps, { limit: 10 })).data).toHaveLength(1);
  expect((await listEvents(deps, { limit: 10 })).data).toHaveLength(1);
});

describe("a file as spreadsheets write it", () => {
  test.each<[string, string | Uint8Array]>([
    ["with a BOM", "\ufeffdeliveryId,phone,label\nA,+447700900001,x\n"],
    ["with semicolons", "deliveryId;phone;label\nA;+447700900001;x\n"],
    ["with tabs", "deliveryId\tphone\tlabel\nA\t+447700900001\tx\n"],
    ["with a BOM, semicolons and CR LF", "\ufeffdeliveryId;phone;label\r\nA;+447700900001;x\r\n"],
    ["with CR alone", "deliveryId,phone,label\rA,+447700900001,x\r"],
    ["with several line endings", "deliveryId,phone,label\r\nA,+447700900001,x\n"],
    ["with everything in quotes", '"deliveryId","phone","label"\n"A","+447700900001","x"\n'],
    [
      "with a comma in a quoted header and semicolons between",
      '"deliveryId";phone;label;"a,b,c,d,e"\nA;+447700900001;x;\n',
    ],
    ["with numbers that must stay text", 'deliveryId,phone,label\nA,="+447700900001",x\n'],
    ["with blanks around cells", "deliveryId , phone,label\n A ,  +447700900001 ,x \n"],
    ["without a line ending at the end", "deliveryId,phone,label\nA,+447700900001,x"],
    ["with more columns than needed, in another order", "label,city,phone,deliveryId\nx,York,+447700900001,A\n"],
    ["with empty lines", "deliveryId,phone,label\n\n,,\nA,+447700900001,x\n\n\n"],
  ])("%s", async (_, csv) => {
    const { deps } = await makeMemoryWorld();
    expect((await run(deps, csv)).map(({ deliveryId, status }) => [deliveryId, status])).toEqual([["A", "created"]]);
    expect((await listVouchers(deps, { limit: 2 })).data).toMatchObject([{ deliveryId: "A", label: { address: "x" } }]);
  });

  test("a quoted cell may hold the delimiter, quotes and line breaks, and the lines are still counted right", async () => {
    const { deps } = await makeMemoryWorld();
    const csv =
      'deliveryId;phone;label\r\nA;+447700900001;"Flat ""3""; second floor\r\nring twice"\r\n\r\nB;none;\r\nC;+447700900001;"é"\r\n';
    expect(summary(await run(deps, csv))).toEqual(["2 created A", "5 faulty B phone", "6 created C"]);
    const labels = (await listVouchers(deps, { limit: 9 })).data.map(({ label }) => label?.address);
    expect(labels).toEqual(["é", 'Flat "3"; second floor\r\nring twice']);
  });
});

describe("columns", () => {
  test("are mapped by name, and say more than the command", async () => {
    const { deps } = await makeMemoryWorld();
    const csv = [
      "order_id,tel,until,land,lang,note,at",
      "A,07700 900001,2027-01-16T08:00:00Z,GB,de,x,2027-01-15T09:00:00+01:00",
      "B,0171 1234567,,DE,,,",
    ].join("\n");
    const map = {
      deliveryId: "order_id",
      phone: "tel",
      expiresAt: "until",
      country: "land",
      locale: "lang",
      label: "note",
      sendAt: "at",
    };
    expect(summary(await run(deps, csv, { map }))).toEqual(["2 created A", "3 created B"]);
    const [b, a] = (await listVouchers(deps, { limit: 2 })).data;
    expect(a).toMatchObject({ expiresAt: Date.UTC(2027, 0, 16, 8) / 1000, locale: "de", label: { address: "x" } });
    expect(b).toMatchObject({ expiresAt: T0 + 168 * HOUR, locale: "en", label: null });
    expect((await deps.store.smsOf(a?.id ?? ""))[0]?.dueAt).toBe(Date.UTC(2027, 0, 15, 8) / 1000);
  });

  test("say what the driver reads; several parcels and words stand in one cell", async () => {
    const { deps } = await makeMemoryWorld();
    const csv = [
      "deliveryId,phone,name,address,hint,parcels,call,asks,takers",
      "A,+447700900001,Y. Tan,12 Mill Lane,ring twice,JD1 JD2,tel:+442079460000,age signature,recipient",
      "B,+447700900001,,,,,tel:+447700900001,thumbprint,recipient",
      "C,+447700900001,,,,J\u00c4,,,",
    ].join("\n");
    expect(summary(await run(deps, csv))).toEqual(["2 created A", "3 faulty B not-accepted", "4 faulty C parcels"]);
    const [a] = (await listVouchers(deps, { limit: 2 })).data;
    const label = { name: "Y. Tan", address: "12 Mill Lane", hint: "ring twice" };
    const rest = {
      parcels: ["JD1", "JD2"],
      call: "tel:+442079460000",
      asks: ["signature", "age"],
      takers: ["recipient"],
    };
    expect(a).toMatchObject({ label, ...rest });
    const both = "deliveryId,phone,label,address\nA,+447700900002,x,y\n";
    expect(summary(await run(deps, both))).toEqual(["2 faulty A label"]);
  });

  test("may hold a duration", async () => {
    const { deps } = await makeMemoryWorld();
    await run(deps, "deliveryId,phone,expiresIn\nA,+447700900001,90m\n", {});
    expect((await listVouchers(deps, { limit: 1 })).data[0]?.expiresAt).toBe(T0 + 5400);
  });

  test.each<[string, string, Partial<ImportOptions>]>([
    ["an empty file", "", {}],
    ["a file of empty lines", "\n\n", {}],
    ["no column for the number", "deliveryId,tel\nA,+447700900001\n", {}],
    ["a mapped column that is not there", "deliveryId,phone\nA,+447700900001\n", { map: { label: "note" } }],
    ["two columns of one name", "deliveryId,phone,phone\nA,+447700900001,\n", {}],
    ["nothing that says when vouchers expire", "deliveryId,phone\nA,+447700900001\n", { expires: undefined as never }],
  ])("%s stops before any row", async (_, csv, change) => {
    const { deps } = await makeMemoryWorld();
    expect(await refusal(run(deps, csv, change))).toBe("invalid-delivery");
    expect((await listVouchers(deps, { limit: 1 })).data).toEqual([]);
  });
});

describe("a faulty row comes back with its line and reason, and holds back no other", () => {
  test.each<[string, string, string]>([
    ["an impossible number", "B,+4477009,,", "3 faulty B phone"],
    ["a fixed line", "B,+442079460000,,", "3 faulty B phone-fixed-line"],
    ["no number", "B,,,", "3 faulty B phone"],
    ["no delivery ID", ",+447700900002,,", "3 faulty - delivery-id"],
    ["a delivery ID with a blank", "B B,+447700900002,,", "3 faulty B B delivery-id"],
    ["a date in the past", "B,+447700900002,2017-10-18T00:00:00-03:00,", "3 faulty B expiry-past"],
    ["a date too far", "B,+447700900002,2027-06-01T00:00:00Z,", "3 faulty B expiry-far"],
    ["a date without a zone", "B,+447700900002,2027-01-16T08:00:00,", "3 faulty B time"],
    ["a date without a time", "B,+447700900002,2027-01-16,", "3 faulty B time"],
    ["a date that does not exist", "B,+447700900002,2027-02-30T08:00:00Z,", "3 faulty B time"],
    ["an hour that does not exist", "B,+447700900002,2027-01-16T25:00:00Z,", "3 faulty B time"],
    ["a date as people write it", "B,+447700900002,16/01/2027,", "3 faulty B time"],
    ["a language that is none", "B,+447700900002,,Deutsch!", "3 faulty B locale"],
    ["several faults at once", "B B,none,2017-10-18T00:00:00Z,!", "3 faulty B B delivery-id phone locale expiry-past"],
    ["too few cells", "B,+447700900002", "3 faulty B columns"],
    ["too many cells", "B,+447700900002,,,,", "3 faulty B columns"],
    ["the delivery of an earlier row", "A,+447700900001,,", "3 faulty A duplicate"],
    ["a delivery that exists with other claims", "OLD,+447700900002,,", "3 faulty OLD delivery-exists"],
    ["a stray quote", 'B"B,+4477009,,', '3 faulty B"B phone'],
    ["a stray quote at the start", '"B"B,+4477009,,', '3 faulty "B"B phone'],
  ])("%s", async (_, row, expected) => {
    const { deps } = await makeMemoryWorld();
    await run(deps, "deliveryId,phone\nOLD,+447700900001\n");
    const csv = `deliveryId,phone,expiresAt,locale\nA,+447700900001,,\n${row}\nZ,+447700900003,,\n`;
    const rows = summary(await run(deps, csv));
    expect(rows).toEqual(["2 created A", expected, "4 created Z"]);
  });

  test("a row that is not UTF-8", async () => {
    const { deps } = await makeMemoryWorld();
    const csv = Buffer.concat([
      Buffer.from("deliveryId,phone,label\nA,+447700900001,Stra"),
      Buffer.of(0xdf),
      Buffer.from("e\nB,+447700900002,Straße\n"),
    ]);
    expect(summary(await run(deps, csv))).toEqual(["2 faulty A utf-8", "3 created B"]);
  });

  test("a quote that is never closed: what was before it is in, and the line is told from which nothing was read", async () => {
    const { deps } = await makeMemoryWorld();
    const csv = 'deliveryId,phone\nA,+447700900001\n"B,+447700900002\nC,+447700900003\n';
    expect(summary(await run(deps, csv))).toEqual(["2 created A", "3 faulty - csv"]);
  });

  test("a row of a hundred kilobytes", async () => {
    const { deps } = await makeMemoryWorld();
    const csv = `deliveryId,phone\nA,+447700900001\nB,${"7".repeat(100_000)}\n`;
    const rows: ImportedRow[] = [];
    const whole = (async function* () {
      yield csv;
    })();
    for await (const row of importDeliveries(deps, whole, { map: {}, expires: EXPIRES, dryRun: false }, BACK_OFFICE))
      rows.push(row);
    expect(summary(rows)).toEqual(["2 created A", "3 faulty - csv"]);
  });
});

test("what breaks under the import is not taken for a faulty row", async () => {
  const { deps } = await makeMemoryWorld();
  const broken = (async function* () {
    yield "deliveryId,phone\nA,+447700900001\n";
    throw new Error("the disk is gone");
  })();
  const work = async () => {
    for await (const row of importDeliveries(deps, broken, { map: {}, expires: EXPIRES, dryRun: false }, BACK_OFFICE))
      expect(row.status).toBe("created");
  };
  await expect(work()).rejects.toThrow("the disk is gone");
});

test("dates of the past are faulty, unless their order stands already", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const csv = "deliveryId,phone,expiresAt\nA,+447700900001,2027-01-16T08:00:00Z\n";
  expect(summary(await run(deps, csv))).toEqual(["2 created A"]);
  clock.now += 3 * DAY;
  expect(summary(await run(deps, csv))).toEqual(["2 existing A"]);
});
