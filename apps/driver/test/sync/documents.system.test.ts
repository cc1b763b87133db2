import { describe, expect, test } from "vitest";
import type { DayPage } from "../fixtures/day-page.ts";
import { accept, documents, IDS, issued, issuer, MANIFEST, phone, sync } from "../fixtures/enrolled-phone.ts";
import { keyList, makeKey, manifest, NOW, root, stop } from "../fixtures/signed-documents.ts";

declare const dayPage: DayPage;

// Down the wire: what becomes of documents when the network lies, breaks or brings old ones.

describe("documents", () => {
  test("come once, and then cost nothing", async () => {
    issuer.fetched.length = 0;
    await sync();
    expect(issuer.fetched.map(({ status }) => status)).toEqual([304, 304, 304]);
    await phone.crash();
    issuer.fetched.length = 0;
    await sync();
    expect(new Set(issuer.fetched.map(({ status }) => status))).toEqual(new Set([304]));
  });

  test("a newer manifest is taken while a stop is open, and the stop that moved is refused", async () => {
    await phone.call("openStop", "P-1");
    issuer.documents.set(MANIFEST, await manifest({ version: 6, stops: [stop("P-2")] }));
    const { stops, open } = await sync();
    expect([stops.map(({ deliveryId }) => deliveryId), open]).toEqual([["P-2"], "P-1"]);
    expect((await phone.call("scanned", issued[0]?.text ?? "")).outcome).toMatchObject({ code: "not-on-manifest" });
  });

  test.each([
    ["an older manifest", "older-document", MANIFEST, () => manifest({ version: 4 })],
    ["another route's", "foreign-document", MANIFEST, () => manifest({ version: 9, route: "van-9" })],
    ["a forged one", "unknown-key", MANIFEST, () => manifest({ version: 9 }, makeKey("documents"))],
    ["a forged key list", "unknown-key", "/v1/keys", () => keyList({ version: 9 }, makeKey("root"))],
    ["nonsense", "malformed", "/v1/revocations", async () => new Uint8Array(40)],
  ])("%s is refused and told, the one held stays, and a restart changes nothing", async (_, code, path, make) => {
    issuer.documents.set(path, await make());
    const offered = await sync();
    expect(offered.readiness).toMatchObject({ sync: "done", documentRefused: code });
    expect(offered.stops).toHaveLength(4);
    await phone.crash();
    expect((await phone.seen()).stops).toHaveLength(4);
    issuer.documents.set(path, documents.get(path) ?? new Uint8Array());
    expect((await sync()).readiness.documentRefused).toBeNull();
  });

  test.each([0, 2, 4, 8, 16])(
    "a root is replaced, and the page thrown away %i ms into each sync: list and pins go together",
    async (ms) => {
      const next = makeKey("root");
      const lists = [
        await keyList({ version: 2, roots: [root.publicKey, next.publicKey] }),
        await keyList({ version: 3, roots: [next.publicKey] }, next),
      ];
      for (const list of lists) {
        issuer.documents.set("/v1/keys", list);
        await phone.page.evaluate((ms) => {
          void dayPage.day.syncNow();
          return new Promise((resolve) => setTimeout(resolve, ms));
        }, ms);
        await phone.crash();
        expect((await sync()).readiness).toMatchObject({ sync: "done", documentRefused: null });
      }
      // What the old root signs now is refused, after a restart too.
      issuer.documents.set("/v1/keys", await keyList({ version: 9, roots: [root.publicKey] }));
      expect((await sync()).readiness.documentRefused).toBe("unknown-key");
      await phone.crash();
      expect((await sync()).readiness.documentRefused).toBe("unknown-key");
      issuer.documents.set("/v1/keys", await keyList({ version: 4, roots: [next.publicKey] }, next));
      expect((await sync()).readiness.documentRefused).toBeNull();
      await accept(0);
    },
  );

  test("a portal's page in a document's place is no document", async () => {
    issuer.impostor = { status: 200, type: "text/html", body: "<html>" };
    expect((await sync()).readiness.sync).toBe("not-an-answer");
    expect((await phone.seen()).stops).toHaveLength(4);
  });

  test("the used-set goes by the signed floor, and never by the device's clock", async () => {
    await accept(0);
    await phone.advance(10);
    await phone.setClock(NOW + 20 * 86_400);
    await sync();
    await phone.setClock(NOW + 10);
    const risen = { version: 6, issuedAt: NOW + 100, stops: IDS.map(stop) };
    issuer.documents.set(MANIFEST, await manifest(risen));
    await sync();
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", issued[0]?.text ?? "")).outcome).toMatchObject({ code: "already-used" });
    issuer.now = NOW + 4 * 86_400;
    await phone.setClock(issuer.now);
    const fresh = { issuedAt: issuer.now, expiresAt: issuer.now + 3600 };
    issuer.documents.set("/v1/keys", await keyList({ version: 2, ...fresh }));
    await sync();
    const used = await phone.page.evaluate(async () => {
      const [{ name = "" } = {}] = await indexedDB.databases();
      const db = await new Promise<IDBDatabase>((resolve) => {
        const open = indexedDB.open(name);
        open.onsuccess = () => resolve(open.result);
      });
      const count = db.transaction("used").objectStore("used").count();
      await new Promise((resolve) => {
        count.onsuccess = resolve;
      });
      db.close();
      return count.result;
    });
    expect(used).toBe(0);
  });
});
