import { verifyVoucher } from "@doorproof/verifier";
import { expect, test } from "vitest";
import { report } from "../src/domain/redemptions/report.ts";
import { type ImportedRow, importDeliveries } from "../src/import/import.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DRIVER, dramaNumber, HOUR, record, T0 } from "./world.ts";

const ROWS = Array.from({ length: 1000 }, (_, index) => ({ deliveryId: `ORDER-${index}`, phone: dramaNumber(index) }));

test("a thousand orders: imported, again, with dates of the past; redeemed, again, by another", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const run = async (map: Record<string, string>) => {
    const rows: ImportedRow[] = [];
    const options = {
      map: { deliveryId: "order_id", phone: "tel", ...map },
      expires: { in: 168 * HOUR },
      dryRun: false,
    };
    for await (const row of importDeliveries(deps, csv(), options, BACK_OFFICE)) rows.push(row);
    return rows;
  };
  const count = (rows: readonly { status: string }[]) =>
    Object.entries(Object.groupBy(rows, ({ status }) => status)).map(([status, of]) => [status, of?.length]);

  const created = await run({});
  expect(count(created)).toEqual([["created", 1000]]);
  for (const [index, { voucher }] of created.entries()) {
    const { deliveryId = "", phone = "" } = ROWS[index] ?? {};
    verifyVoucher(voucher, { keys: deps.keyring.keys, now: T0, delivery: deliveryId, phones: [phone] });
  }
  expect(count(await run({}))).toEqual([["existing", 1000]]);
  const past = await run({ expiresAt: "promised_by" });
  expect(past.map(({ errors }) => errors?.map(({ code }) => code).join())).toEqual(Array(1000).fill("expiry-past"));

  clock.now += HOUR;
  const records = created.map(({ voucher = "" }) => record({ voucher }, { at: clock.now }));
  const answers = await report(deps, records, DRIVER);
  expect(count(answers)).toEqual([["accepted", 1000]]);
  expect(await report(deps, records, DRIVER)).toEqual(answers);
  expect(
    count(
      await report(
        deps,
        created.map(({ voucher = "" }) => record({ voucher }, { at: clock.now })),
        COURIER,
      ),
    ),
  ).toEqual([["conflict", 1000]]);
});

async function* csv(): AsyncGenerator<string> {
  yield "order_id,tel,promised_by\n";
  for (const [index, { deliveryId, phone }] of ROWS.entries())
    yield `${deliveryId},${phone},2018-0${1 + (index % 9)}-17T00:00:00-03:00\n`;
}
