import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { describe, expect, test } from "vitest";
import { goHome, openStop, press, red, scan } from "../fixtures/drive-app.ts";
import type { Fault } from "../fixtures/faulty-proxy.ts";
import { accept, home, killedAt, POINTS, proxy, settled, shift, van } from "../fixtures/faulty-shift.ts";
import { ledger } from "../fixtures/ledger-rows.ts";

test("the build under test announces every point, and the shipped one holds none of their names", async () => {
  const shipped = join(home, "shipped");
  const configFile = join(import.meta.dirname, "../../vite.config.ts");
  await build({ configFile, logLevel: "error", build: { outDir: shipped, emptyOutDir: true } });
  const read = async (folder: string) => {
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
    return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
  };
  const call = (point: string) => new RegExp(`announce\\(.${point}.\\)`);
  const [tested, sold] = await Promise.all([read(proxy.app), read(shipped)]);
  for (const point of POINTS) {
    expect(tested).toMatch(call(point));
    expect(sold).not.toMatch(call(point));
  }
  expect(sold).not.toContain("announce");
});

describe("the page's process is killed", () => {
  test("between scan and write: nothing was green, nothing is written, and the door opens afterwards", async () => {
    await shift.context.setOffline(true);
    await openStop(shift.page, "Door A");
    await killedAt("judged", (page) => scan(van, page, shift.one.voucher));
    expect(await ledger(shift.page)).toEqual({ redemptions: [], used: [] });
    await accept(shift.one, "Door A");
    await shift.context.setOffline(false);
    await settled(shift.one);
  });

  test("between write and green: the ledger has it, and the same code is refused as used", async () => {
    await shift.context.setOffline(true);
    await openStop(shift.page, "Door A");
    await killedAt("written", (page) => scan(van, page, shift.one.voucher));
    expect((await ledger(shift.page)).redemptions).toHaveLength(1);
    await scan(van, shift.page, shift.one.voucher);
    expect(await red(shift.page)).toBe("Already used");
    await goHome(shift.page);
    await shift.context.setOffline(false);
    await settled(shift.one);
  });

  test.each(["offered", "answered", "stored"] as const)("during sync, at %s", async (point) => {
    await accept(shift.one, "Door A");
    // Ten seconds later it goes up by itself; an earlier round has nothing to offer.
    await expect.poll(async () => (await ledger(shift.page)).redemptions.length).toBe(1);
    await killedAt(point, async () => {});
    await accept(shift.two, "Door B");
    await settled(shift.one, shift.two);
  });
});

describe("an upload is answered", () => {
  const faults: readonly Fault[] = ["5xx-before", "5xx-after", "half", "reordered", "twice", "lost-after", "portal"];
  test.each(faults)("%s", async (fault) => {
    await shift.context.setOffline(true);
    await accept(shift.one, "Door A");
    await accept(shift.two, "Door B");
    proxy.faults = [fault];
    await shift.context.setOffline(false);
    await shift.page.locator(".facts").click();
    const isSent = async () => {
      await press(shift.page, "Update now");
      return proxy.faults.length === 0 && (await shift.page.locator(".facts").textContent())?.includes("0 unsent");
    };
    await expect.poll(isSent).toBe(true);
    await settled(shift.one, shift.two);
  });
});
