import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { redeem } from "../src/domain/redemptions/redeem.ts";
import type { AcceptanceRow } from "../src/domain/redemptions/rows.ts";
import type { StoreDeps as Deps, Rows } from "../src/store/store.ts";
import { makeWorld } from "./sqlite-world.ts";
import { BACK_OFFICE, COURIER, DRIVER, issueOne, order, record, redeemOne, withStore } from "./world.ts";

/** A gate: what comes to it waits there until it is opened. */
function makeGate() {
  let arrive = () => {};
  let open = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const through = () => {
    arrive();
    return opened;
  };
  return { arrived, open: () => open(), through };
}

test("stopped between check and commit, another wins: the first finds out at its insert", async () => {
  const { deps } = await makeWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const gate = makeGate();
  // No transaction at all: the driver's report has looked, found nothing in the way, and now only its insert is left.
  const stopped = withStore(deps, (store) => {
    const rows: Rows = { ...store, insertAcceptance: (row) => gate.through().then(() => store.insertAcceptance(row)) };
    return { transaction: (work) => work(rows) };
  });
  const first = redeemOne(stopped, record(view, { id: "first" }), DRIVER);
  await gate.arrived;
  expect(await redeemOne(deps, record(view, { id: "second" }), COURIER)).toMatchObject({ status: "accepted" });
  gate.open();
  expect(await first).toMatchObject({ status: "conflict", code: "already-used", by: { id: "second" } });
  expect(await accepted(deps)).toEqual(["second"]);
});

test("stopped before its transaction, another wins: the first finds it in the database", async () => {
  const { deps } = await makeWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const gate = makeGate();
  const stopped = withStore(deps, (store) => ({
    transaction: (work) => gate.through().then(() => store.transaction(work)),
  }));
  const first = redeemOne(stopped, record(view, { id: "first" }), DRIVER);
  await gate.arrived;
  await redeemOne(deps, record(view, { id: "second" }), COURIER);
  gate.open();
  expect(await first).toMatchObject({ status: "conflict", by: { id: "second" } });
  expect(await accepted(deps)).toEqual(["second"]);
});

test("a store that does not count the rows of its insert is caught by the test above", async () => {
  const { deps } = await makeWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const gate = makeGate();
  const credulous = withStore(deps, (store) => {
    const insertAcceptance = (row: AcceptanceRow) =>
      gate
        .through()
        .then(() => store.insertAcceptance(row))
        .then(() => true);
    return { transaction: (work) => work({ ...store, insertAcceptance }) };
  });
  const first = redeemOne(credulous, record(view, { id: "first" }), DRIVER);
  await gate.arrived;
  await redeemOne(deps, record(view, { id: "second" }), COURIER);
  gate.open();
  expect(await first).toMatchObject({ status: "accepted" });
  expect((await accepted(deps)).toSorted()).toEqual(["first", "second"]);
});

test("of one upload sent many times at once, each gets the same answer", async () => {
  const { deps } = await makeWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  const one = record(view, { id: "one" });
  const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(deps, one, DRIVER)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ id: "one", status: "accepted" })]),
  );
  expect(await accepted(deps)).toEqual(["one"]);
});

test("two processes report the same hundred vouchers at once: each is accepted once", async () => {
  const { deps, folder } = await makeWorld();
  const vouchers: string[] = [];
  for (let i = 0; i < 100; i++) vouchers.push((await issueOne(deps, order(`D${i}`), BACK_OFFICE)).view.voucher ?? "");
  const reporters = ["red", "blue"].map((name) => {
    const child = spawn(process.execPath, [new URL("./reporter.ts", import.meta.url).pathname, folder, name], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const output = text(child.stdout);
    return { child, output, ready: once(child, "spawn") };
  });
  await Promise.all(reporters.map(({ ready }) => ready));
  for (const { child } of reporters) child.stdin.end(JSON.stringify(vouchers));
  const told = await Promise.all(reporters.map(async ({ output }): Promise<string[]> => JSON.parse(await output)));
  const [red = [], blue = []] = told;
  expect(red).toHaveLength(100);
  expect(red.map((status, index) => [status, blue[index]].toSorted().join())).toEqual(
    Array(100).fill("accepted,conflict"),
  );
  expect(await accepted(deps)).toHaveLength(100);
});

async function accepted(deps: Deps): Promise<string[]> {
  return (await listRedemptions(deps, { status: "accepted", limit: 1000 })).data.map(({ id }) => id);
}
