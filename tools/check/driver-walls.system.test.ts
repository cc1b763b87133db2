import { expect, test } from "vitest";
import { checkLayers } from "./layers.ts";

// The walls inside the driver, each run into once: what a newcomer would import first, and the reason that is said to
// them.

const BREACHES: readonly (readonly [name: string, file: string, text: string])[] = [
  ["the database beside the one file that opens it", "ledger/memory.ts", 'import { openDB } from "idb";'],
  ["a sync past the ledger", "sync/upload.ts", 'import type { Write } from "../ledger/database.ts";'],
  ["trust that knows the network", "trust/accept.ts", 'import { ask } from "../sync/network.ts";'],
  ["trust that knows the ledger by a type", "trust/accept.ts", 'import type { Ledger } from "../ledger/ledger.ts";'],
  ["a ledger that knows the door", "ledger/rows.ts", 'import { pausedUntil } from "../door/pause.ts";'],
  ["a door that syncs", "door/door.ts", 'import { sync } from "../sync/sync.ts";'],
  ["a verifier page with a network", "main.page.ts", 'import { startSchedule } from "./sync/schedule.ts";'],
  ["what both pages share, with a network", "app.ts", 'import { startSchedule } from "./sync/schedule.ts";'],
  ["a screen that judges", "screens/scan.tsx", 'import { check } from "../door/check.ts";'],
  ["a screen that writes", "screens/stop.tsx", 'import { openLedger } from "../ledger/ledger.ts";'],
  ["a screen that verifies", "screens/scan.tsx", 'import { verifyVoucher } from "@doorproof/verifier";'],
  ["a day that draws", "day/day.ts", 'import type { Router } from "../screens/router.ts";'],
  ["a day that draws with preact", "day/start-day.ts", 'import { render } from "preact";'],
  ["a decoder outside its worker", "hardware/camera.ts", 'import { readBarcodes } from "zxing-wasm/reader";'],
  ["a camera that knows the door", "hardware/camera.ts", 'import type { Door } from "../door/door.ts";'],
  [
    "a worker of another room",
    "screens/scan.tsx",
    'new Worker(new URL("../hardware/kdf.worker.ts", import.meta.url));',
  ],
];

test.each(BREACHES)("%s", async (_, file, text) => {
  const path = `apps/driver/src/${file}`;
  expect((await faultsOf(path, "")).length).toBe(0);
  const faults = await faultsOf(path, text);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^${path}:1: imports .*: not in the import table: apps/driver: `));
});

async function faultsOf(path: string, text: string): Promise<readonly string[]> {
  return (await checkLayers({ files: [path], read: () => text })).faults;
}
