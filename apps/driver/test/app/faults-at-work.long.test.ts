import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goHome, green, openStop, press, red, scan, tenSecondsOn, type } from "../fixtures/drive-app.ts";
import {
  accept,
  again,
  home,
  issuer,
  newDevice,
  proxy,
  type Shift,
  settled,
  shift,
  startShift,
  take,
  van,
} from "../fixtures/faulty-shift.ts";
import { ledger } from "../fixtures/ledger-rows.ts";

describe("a forced move: two phones, one voucher", () => {
  test.each([
    ["the first that accepted syncs first", true],
    ["and last", false],
  ])("%s: one accepted, one conflict, both kept, at the issuer and on the phones", async (_, inSequence) => {
    const first = shift;
    const route = `${first.route}-x`;
    await first.context.setOffline(true);
    await issuer.putStops(route, [first.one.deliveryId], true);
    await issuer.sealed(route);
    const second: Shift = { ...first, route, ...(await newDevice(route, 1)) };
    try {
      await second.context.setOffline(true);
      for (const each of [first, second]) {
        take(each);
        await accept(first.one, "Door A");
      }
      for (const each of inSequence ? [first, second] : [second, first]) {
        await each.context.setOffline(false);
        await tenSecondsOn(each.page);
        await each.page.locator(".facts", { hasText: "0 unsent" }).waitFor();
      }
      const [winner, loser] = inSequence ? [first, second] : [second, first];
      const of = async (status: string) =>
        (await issuer.redemptions(status)).filter(({ deliveryId }) => deliveryId === first.one.deliveryId);
      const [accepted, conflict] = [await of("accepted"), await of("conflict")];
      expect([accepted.length, conflict.length]).toEqual([1, 1]);
      expect(conflict[0]).toMatchObject({
        code: "already-used",
        by: { id: accepted[0]?.id, reporter: accepted[0]?.reporter },
      });
      expect((await ledger(winner.page)).redemptions).toMatchObject([
        { id: accepted[0]?.id, answer: { status: "accepted" } },
      ]);
      expect((await ledger(loser.page)).redemptions).toMatchObject([
        { id: conflict[0]?.id, answer: { status: "conflict" } },
      ]);
      await press(loser.page, "Log");
      await loser.page.getByText("Conflict: tell your dispatcher").waitFor();
      await loser.page.getByText(/^The other record, of .* stands\.$/).waitFor();
    } finally {
      await second.context.close();
      take(first);
    }
  });
});

describe("a clock", () => {
  test.each([
    ["set back a day", -86_400],
    ["set ahead a year", 365 * 86_400],
  ])("%s opens no door; set right and after one sync it does", async (_, skew) => {
    await shift.context.setOffline(true);
    const set = (seconds: number) =>
      shift.page.evaluate((by) => {
        globalThis.skew = by;
      }, seconds);
    await set(skew);
    await openStop(shift.page, "Door A");
    await scan(van, shift.page, shift.one.voucher);
    await red(shift.page);
    expect(await ledger(shift.page)).toEqual({ redemptions: [], used: [] });
    await set(0);
    await shift.context.setOffline(false);
    await again();
    await shift.page.locator(".facts", { hasText: "0 unsent" }).waitFor();
    await accept(shift.one, "Door A");
    await settled(shift.one);
  });
});

describe("manifests", () => {
  test("one that replaces the other while a stop is open: the stop that left is refused, the other one opens", async () => {
    const before = proxy.manifests.length;
    await openStop(shift.page, "Door A");
    await issuer.putStops(shift.route, [shift.two.deliveryId]);
    await shift.page.evaluate(() => dispatchEvent(new Event("online")));
    await expect.poll(() => proxy.manifests.length).toBeGreaterThan(before);
    await goHome(shift.page);
    await shift.page.getByText("0 of 1 finished").waitFor();
    await scan(van, shift.page, shift.one.voucher);
    expect(await red(shift.page)).toBe("Not your stop");
    await goHome(shift.page);
    await accept(shift.two, "Door B");
    await settled(shift.two);
  });

  test("an older one and another route's are not taken, and said; the one held stays", async () => {
    const path = `/v1/manifests/${shift.route}`;
    const older = proxy.manifests.at(-1);
    await issuer.putStops(shift.route, [shift.two.deliveryId]);
    await shift.page.locator(".facts").click();
    await press(shift.page, "Update now");
    await expect.poll(() => proxy.manifests.at(-1)).not.toBe(older);
    const foreign = { ...shift, ...(await startShift()) };
    const offers = [
      [older, "The list offered is older than the one on this device."],
      [proxy.manifests.at(-1), /The list offered belongs to/],
    ] as const;
    try {
      for (const [offer, said] of offers) {
        if (!offer) throw new Error("no manifest went through");
        proxy.instead.set(path, offer);
        await press(shift.page, "Update now");
        await shift.page.getByText(said).first().waitFor();
      }
    } finally {
      await foreign.context.close();
    }
    proxy.instead.clear();
    await goHome(shift.page);
    await shift.page.getByText("0 of 1 finished").waitFor();
    await accept(shift.two, "Door B");
    await settled(shift.two);
  });
});

test("a second tab shows and takes nothing; the first goes on", async () => {
  const tab = await shift.context.newPage();
  await tab.goto(`${proxy.origin}/driver/`);
  await tab.getByText("This one only shows; work in the other.").waitFor();
  await openStop(tab, "Door A");
  await scan(van, tab, shift.one.voucher);
  await tab.getByText("Doorproof is open in another tab. Work there.").waitFor();
  expect((await ledger(tab)).redemptions).toEqual([]);
  await tab.close();
  await accept(shift.one, "Door A");
  await settled(shift.one);
});

test("an update in mid-shift waits to be asked, and what is unsent goes through it", async () => {
  const old = proxy.app;
  const next = join(home, "next");
  await cp(old, next, { recursive: true });
  const page = await readFile(join(next, "index.html"), "utf8");
  await writeFile(join(next, "index.html"), page.replace("Checks at the door", "Checks at your door"));
  const worker = await readFile(join(next, "sw.js"), "utf8");
  await writeFile(
    join(next, "sw.js"),
    worker.replace(/("?url"?:"index\.html","?revision"?:"|"?revision"?:")[0-9a-f]{8}/g, "$100000000"),
  );
  proxy.app = next;
  try {
    proxy.faults = ["5xx-before", "5xx-before"];
    await openStop(shift.page, "Door A");
    await shift.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await scan(van, shift.page, shift.one.voucher);
    expect(await green(shift.page)).toBe(shift.one.deliveryId);
    await press(shift.page, "Take it");
    await shift.page.waitForFunction(() =>
      document.querySelector("meta[name=description]")?.getAttribute("content")?.includes("at your door"),
    );
    await shift.page.locator(".frame-stops").waitFor();
    proxy.faults = [];
    await again();
    await accept(shift.two, "Door B");
    await settled(shift.one, shift.two);
  } finally {
    proxy.app = old;
  }
});

test("no camera: it is said, and the code opens the door", async () => {
  await shift.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("no", "NotAllowedError");
    };
  });
  await openStop(shift.page, "Door A");
  await scan(van, shift.page, shift.one.voucher);
  await shift.page.getByRole("heading", { name: "The camera is not allowed" }).waitFor();
  await press(shift.page, "Type");
  await type(shift.page, shift.one.shortCode);
  expect(await green(shift.page)).toBe(shift.one.deliveryId);
  await settled(shift.one);
});

test("no wasm: it is said, and the code opens the door", async () => {
  await shift.page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) if (request.url.includes(".wasm")) await cache.delete(request);
    }
  });
  await shift.context.setOffline(true);
  await again();
  await openStop(shift.page, "Door A");
  await scan(van, shift.page, shift.one.voucher);
  await shift.page.getByText("The reader did not load.").waitFor();
  await press(shift.page, "Type");
  await type(shift.page, shift.one.shortCode);
  expect(await green(shift.page)).toBe(shift.one.deliveryId);
  await shift.context.setOffline(false);
  await settled(shift.one);
});
