import { openRevocations, readJwksKeys, verifyVoucher } from "@doorproof/verifier";
import { hasEntry } from "@doorproof/voucher/codec";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { underWatch } from "../src/domain/clock/watch.ts";
import { hours, makeHttpWorld, ORDER, OUTBOX_TOKEN, PUBLIC_URL } from "./http-world.ts";
import { DAY, sendAll, T0 } from "./world.ts";

const UUID = "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1";

describe("vouchers", () => {
  test("issue, once: the answer holds what the customer gets, and verifies with the published keys alone", async () => {
    const { app, call } = await makeHttpWorld();
    const issued = await call("POST", "/v1/vouchers", { ...ORDER, label: "Flat 2", locale: "de" });
    expect(issued.statusCode).toBe(201);
    const voucher = issued.json();
    expect(voucher).toMatchObject({
      deliveryId: ORDER.deliveryId,
      status: "live",
      label: { name: null, address: "Flat 2", hint: null },
      locale: "de",
      sms: { status: "waiting", parts: 1 },
    });
    expect(voucher.shortCode).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    expect(voucher.link).toMatch(/^http:\/\/localhost:8080\/v\/[\w-]{22}$/);
    expect(voucher.expiresAt).toBe(new Date((T0 + 2 * DAY) * 1000).toISOString().replace(".000", ""));
    expect(issued.headers["location"]).toBe(`/v1/vouchers/${voucher.id}`);
    expect(issued.headers["cache-control"]).toBe("no-store");

    const jwks = (await app.inject("/.well-known/jwks.json")).json();
    const keys = readJwksKeys(jwks, { issuer: jwks.issuer });
    expect(verifyVoucher(voucher.voucher, { keys, now: T0, delivery: ORDER.deliveryId })).toMatchObject({
      deliveryId: ORDER.deliveryId,
    });

    const again = await call("POST", "/v1/vouchers", ORDER);
    expect([again.statusCode, again.json().id]).toEqual([200, voucher.id]);
    const shown = await call("GET", `/v1/vouchers/${voucher.id}`);
    const { voucher: _text, shortCode: _code, link: _link, ...listed } = voucher;
    expect(shown.json()).toEqual(listed);
  });

  test("an Idempotency-Key, bare or quoted, does its request once; with another body it is refused", async () => {
    const { call } = await makeHttpWorld();
    const first = (await call("POST", "/v1/vouchers", ORDER)).json();
    const reissue = (key: string, expiresIn: string) =>
      call("POST", `/v1/vouchers/${first.id}/reissue`, { expiresIn }, { "idempotency-key": key });
    const once = await reissue("k-1", "24h");
    const twice = await reissue('"k-1"', "24h");
    expect([once.statusCode, twice.statusCode]).toEqual([201, 201]);
    expect(twice.json().id).toBe(once.json().id);
    const other = await reissue("k-1", "25h");
    expect([other.statusCode, other.json().code]).toEqual([422, "idempotency-mismatch"]);
    const live = (await call("GET", "/v1/vouchers?status=live")).json();
    expect(live.data.map(({ id }: { id: string }) => id)).toEqual([once.json().id]);
  });

  test("lists, newest first, by page and by filter", async () => {
    const { call } = await makeHttpWorld();
    for (const deliveryId of ["A", "B", "C"]) await call("POST", "/v1/vouchers", { ...ORDER, deliveryId });
    const first = (await call("GET", "/v1/vouchers?limit=2")).json();
    expect(first).toMatchObject({ data: [{ deliveryId: "C" }, { deliveryId: "B" }], hasMore: true });
    const rest = (await call("GET", `/v1/vouchers?limit=2&after=${first.data[1].id}`)).json();
    expect(rest).toMatchObject({ data: [{ deliveryId: "A" }], hasMore: false });
    expect((await call("GET", "/v1/vouchers?delivery=B&status=live")).json().data).toHaveLength(1);
    expect((await call("GET", "/v1/vouchers?status=redeemed")).json()).toEqual({ data: [], hasMore: false });
  });

  test("resend and revoke need no body; what the state does not allow is 409, what does not exist 404", async () => {
    const { call, clock } = await makeHttpWorld();
    const { id } = (await call("POST", "/v1/vouchers", ORDER)).json();
    clock.now += 120;
    expect((await call("POST", `/v1/vouchers/${id}/resend`)).statusCode).toBe(200);
    const tooSoon = await call("POST", `/v1/vouchers/${id}/resend`);
    expect([tooSoon.statusCode, tooSoon.json().code]).toEqual([429, "sms-refused"]);
    const revoked = await call("POST", `/v1/vouchers/${id}/revoke`);
    expect([revoked.statusCode, revoked.json().status]).toEqual([200, "revoked"]);
    const dead = await call("POST", `/v1/vouchers/${id}/resend`);
    expect([dead.statusCode, dead.json().code]).toEqual([409, "voucher-not-live"]);
    const none = await call("POST", `/v1/vouchers/${"0".repeat(24)}/resend`);
    expect([none.statusCode, none.json().code]).toEqual([404, "voucher-unknown"]);
    const other = await call("POST", "/v1/vouchers", { ...ORDER, phone: "+447700900124" });
    expect([other.statusCode, other.json().code]).toEqual([409, "delivery-exists"]);
  });

  test("a cancelled delivery stays so", async () => {
    const { call } = await makeHttpWorld();
    const { id } = (await call("POST", "/v1/vouchers", ORDER)).json();
    await call("POST", `/v1/vouchers/${id}/revoke`, { cancel: true, reason: "lost" });
    const again = await call("POST", `/v1/vouchers/${id}/reissue`, { expiresIn: "24h" });
    expect([again.statusCode, again.json().code]).toEqual([409, "delivery-cancelled"]);
    const { data } = (await call("GET", "/v1/events?delivery=RR123456785DE&limit=1")).json();
    expect(data[0]).toMatchObject({ kind: "delivery-cancelled", deliveryId: ORDER.deliveryId });
  });
});

describe("redemptions", () => {
  test("each record is decided by itself, in order; a broken one holds back no other", async () => {
    const { call } = await makeHttpWorld();
    const { voucher } = (await call("POST", "/v1/vouchers", ORDER)).json();
    const record = {
      id: UUID,
      voucher,
      via: "scan",
      at: hours(0),
      takenBy: "neighbour",
      name: "Ms Doe",
      writtenAt: hours(-1),
      clockDifference: 3600,
    };
    const records = [
      null,
      { ...record, at: "yesterday", speed: 3 },
      record,
      { ...record, id: UUID.replace("0", "1"), voucher: "DP1:" },
      7,
    ];
    const answer = await call("POST", "/v1/redemptions", { records });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      now: hours(0).replace(".000", ""),
      results: [
        {
          id: null,
          status: "refused",
          code: "invalid-record",
          errors: [expect.objectContaining({ pointer: "", code: "wrong-type" })],
        },
        {
          id: UUID,
          status: "refused",
          code: "invalid-record",
          errors: [
            expect.objectContaining({ pointer: "/speed", code: "unknown-field" }),
            expect.objectContaining({ pointer: "/at", code: "wrong-format" }),
          ],
        },
        { id: UUID, status: "accepted" },
        { id: UUID.replace("0", "1"), status: "refused", code: "malformed" },
        {
          id: null,
          status: "refused",
          code: "invalid-record",
          errors: [expect.objectContaining({ code: "wrong-type" })],
        },
      ],
    });
    const again = await call("POST", "/v1/redemptions", { records: [record] });
    expect(again.json().results).toEqual([{ id: UUID, status: "accepted" }]);
    const listed = (await call("GET", "/v1/redemptions?status=accepted")).json().data;
    expect(listed).toMatchObject([
      {
        id: UUID,
        deliveryId: ORDER.deliveryId,
        takenBy: "neighbour",
        name: "Ms Doe",
        at: hours(0).replace(".000", ""),
        writtenAt: hours(-1).replace(".000", ""),
        clockDifference: 3600,
      },
    ]);
    expect((await call("GET", `/v1/redemptions?after=${listed[0].cursor}`)).json().data).toEqual([]);
  });
});

describe("published keys and revocations", () => {
  const documents = [
    ["/.well-known/jwks.json", "application/jwk-set+json", "public, max-age=3600, stale-if-error=604800"],
    ["/v1/keys.cbor", "application/cose-key-set", "public, max-age=3600, stale-if-error=604800"],
    ["/v1/keys", "application/cose", "public, max-age=3600, stale-if-error=604800"],
    ["/v1/revocations", "application/cose", "public, no-cache"],
  ] as const;

  test.each(documents)("%s: open to every origin, named by its ETag", async (url, type, cache) => {
    const { app } = await makeHttpWorld();
    const { statusCode, headers, rawPayload } = await app.inject(url);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      "content-type": type,
      "access-control-allow-origin": "*",
      "cache-control": cache,
      "cross-origin-resource-policy": "cross-origin",
    });
    expect(rawPayload.length).toBeGreaterThan(100);
    for (const tag of [headers.etag, `W/${headers.etag}`, `"x", ${headers.etag}`, "*"]) {
      const known = await app.inject({ url, headers: { "if-none-match": tag } });
      expect([known.statusCode, known.payload, known.headers.etag]).toEqual([304, "", headers.etag]);
    }
    expect((await app.inject({ url, headers: { "if-none-match": '"x"' } })).statusCode).toBe(200);
  });

  test("the revocation list is signed as the database stands: revoked and superseded, until they would have expired", async () => {
    const { app, call, clock, deps } = await makeHttpWorld();
    let held: { version: number; document: Uint8Array } | null = null;
    const fetchList = async () => {
      const document = new Uint8Array((await app.inject("/v1/revocations")).rawPayload);
      const list = openRevocations(document, { keys: deps.keyring.keys, held: () => held });
      held = { version: list.version, document };
      return list;
    };
    const before = await fetchList();
    expect(before.ctis).toHaveLength(0);
    const a = (await call("POST", "/v1/vouchers", { ...ORDER, deliveryId: "A" })).json();
    const b = (await call("POST", "/v1/vouchers", { ...ORDER, deliveryId: "B" })).json();
    await call("POST", `/v1/vouchers/${a.id}/revoke`);
    await call("POST", `/v1/vouchers/${b.id}/reissue`, { expiresIn: "72h" });
    clock.now += 5;
    const after = await fetchList();
    const cti = (id: string) => new Uint8Array(Buffer.from(id.slice(8), "hex"));
    expect(after.version).toBeGreaterThan(before.version);
    expect(after.ctis).toHaveLength(16);
    expect([hasEntry(after.ctis, cti(a.id)), hasEntry(after.ctis, cti(b.id))]).toEqual([true, true]);
    clock.now += 5;
    expect((await fetchList()).version).toBe(after.version);
    clock.now += 2 * DAY;
    const later = await fetchList();
    expect(later.ctis).toHaveLength(0);
    expect(later.next).toBeGreaterThan(clock.now);
  });
});

describe("the customer's page", () => {
  test("shows QR and code, and its pictures; every GET leaves the database as it was", async () => {
    const { app, call, database } = await makeHttpWorld();
    const { link, shortCode, voucher } = (await call("POST", "/v1/vouchers", { ...ORDER, locale: "de" })).json();
    const path = link.slice(PUBLIC_URL.length);
    const before = dump(database);
    const page = await app.inject(path);
    expect(page.statusCode).toBe(200);
    expect(page.payload.replaceAll(/<[^>]+>/g, "")).toContain(shortCode);
    expect(page.payload).not.toContain(voucher);
    expect(page.payload).not.toContain(ORDER.phone);
    expect(page.headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex, nofollow",
    });
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    for (const [file, type, start] of [
      ["qr.svg", "image/svg+xml", "<svg"],
      ["qr.png", "image/png", "\x89PNG"],
    ] as const) {
      const picture = await app.inject(`${path}/${file}`);
      expect([picture.statusCode, picture.headers["content-type"]]).toEqual([200, type]);
      expect(picture.rawPayload.subarray(0, 4).toString("latin1")).toBe(start);
      expect(picture.headers["cache-control"]).toBe("no-store");
    }
    await app.inject({ method: "HEAD", url: path });
    await app.inject("/v/AAAAAAAAAAAAAAAAAAAAAA");
    expect(dump(database)).toEqual(before);
  });

  test("speaks the reader's language, else the order's", async () => {
    const { app, call } = await makeHttpWorld();
    const path = (await call("POST", "/v1/vouchers", { ...ORDER, locale: "de" })).json().link.slice(PUBLIC_URL.length);
    const language = async (headers: Record<string, string>) =>
      /<html lang="(..)"/.exec((await app.inject({ url: path, headers })).payload)?.[1];
    expect(await language({})).toBe("de");
    expect(await language({ "accept-language": "pt-BR,fr;q=0.5" })).toBe("pt");
    expect(await language({ "accept-language": "xx" })).toBe("en");
  });

  test("says so after use, after expiry and after withdrawal, and shows no QR", async () => {
    const { app, call, clock } = await makeHttpWorld();
    const issue = async (deliveryId: string) => (await call("POST", "/v1/vouchers", { ...ORDER, deliveryId })).json();
    const used = await issue("A");
    const withdrawn = await issue("B");
    const expired = await issue("C");
    const record = { id: UUID, voucher: used.voucher, via: "code", at: hours(0), takenBy: "recipient" };
    await call("POST", "/v1/redemptions", { records: [record] });
    await call("POST", `/v1/vouchers/${withdrawn.id}/revoke`);
    const heading = async ({ link }: { link: string }) => {
      const page = await app.inject(link.slice(PUBLIC_URL.length));
      expect([page.statusCode, page.payload.includes('class="qr"')]).toEqual([200, false]);
      const picture = await app.inject(`${link.slice(PUBLIC_URL.length)}/qr.png`);
      expect([picture.statusCode, picture.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
      return /<h1>([^<]+)/.exec(page.payload)?.[1];
    };
    const headings = [await heading(used), await heading(withdrawn)];
    clock.now += 3 * DAY;
    headings.push(await heading(expired));
    expect(new Set(headings).size).toBe(3);
  });

  test("an unknown token and whatever is none get one and the same page", async () => {
    const { app } = await makeHttpWorld();
    const unknown = await app.inject("/v/AAAAAAAAAAAAAAAAAAAAAA");
    expect([unknown.statusCode, unknown.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    const others = [
      "/v/",
      "/v/x",
      "/v/%zz",
      "/v/%00",
      `/v/${"A".repeat(200)}`,
      "/v/a/b/c",
      "/v/AAAAAAAAAAAAAAAAAAAAAA/qr.png",
      "/v/x/qr.svg",
      "/v/../v/x",
    ];
    for (const url of others) {
      const { statusCode, payload, headers } = await app.inject(url);
      expect([url, statusCode, payload, headers["content-security-policy"]]).toEqual([
        url,
        404,
        unknown.payload,
        unknown.headers["content-security-policy"],
      ]);
    }
  });
});

describe("operation", () => {
  test("the outbox shows what each phone received, to this machine only, and to whoever has the link", async () => {
    const { app, call, deps, gateway } = await makeHttpWorld();
    const { link } = (await call("POST", "/v1/vouchers", ORDER)).json();
    expect(await sendAll(deps, gateway)).toEqual({ sent: 1, failed: 0 });
    const local = { headers: { host: "localhost:8080" } };
    const url = `/outbox/${OUTBOX_TOKEN}`;
    const page = await app.inject({ url, ...local });
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
    expect(page.payload).toContain(`<a href="${link}">`);
    expect(page.payload).toContain(ORDER.phone);
    const strangers = [
      { remoteAddress: "192.0.2.7", ...local },
      { headers: { host: "rebound.example" } },
      { headers: { host: "localhost:8080", "x-forwarded-for": "192.0.2.7" } },
      { headers: { host: "localhost:8080", forwarded: "for=192.0.2.7" } },
      { headers: { host: "127.0.0.1", "x-real-ip": "192.0.2.7" } },
      { headers: { host: "127.0.0.1", via: "1.1 proxy" } },
    ];
    for (const stranger of strangers) expect((await app.inject({ url, ...stranger })).statusCode).toBe(404);
    for (const other of ["/outbox", "/outbox/", `${url}x`, url.slice(0, -1)])
      expect((await app.inject({ url: other, ...local })).statusCode).toBe(404);
    const production = await makeHttpWorld({ config: { production: true } });
    expect((await production.app.inject({ url, ...local })).statusCode).toBe(404);
  });

  test("alive, ready, and not ready without a database", async () => {
    const { app } = await makeHttpWorld();
    expect((await app.inject("/livez")).json()).toEqual({ status: "live" });
    expect((await app.inject("/readyz")).json()).toEqual({
      status: "ready",
      checks: { database: true, signingKey: true, clock: true, open: true },
      messages: "logged",
    });
    const broken = await makeHttpWorld({
      change: (deps) => ({
        ...deps,
        store: { ...deps.store, proveWrite: () => Promise.reject(new Error("the disk is gone")) },
      }),
    });
    const notReady = await broken.app.inject("/readyz");
    expect([notReady.statusCode, notReady.json().checks.database]).toEqual([503, false]);
    expect((await broken.app.inject("/livez")).statusCode).toBe(200);
  });

  test("not ready by a clock that is doubted, and what needs a time is answered 503", async () => {
    const clock = { doubt: () => "it stands 3 days before the last time in the database" };
    const { app, call } = await makeHttpWorld({
      change: (deps) => ({ ...deps, clock, keyring: underWatch(deps.keyring, clock) }),
    });
    const readiness = await app.inject("/readyz");
    expect([readiness.statusCode, readiness.json().checks.clock]).toEqual([503, false]);
    for (const answer of [
      await call("POST", "/v1/vouchers", ORDER),
      await call("POST", "/v1/redemptions", { records: [] }),
      await app.inject("/v1/revocations"),
    ]) {
      const { status, code, detail } = answer.json();
      expect({ status, code, detail }).toEqual({ status: 503, code: "clock-doubted", detail: clock.doubt() });
    }
    expect((await app.inject("/v1/keys")).statusCode).toBe(200);
  });

  test("metrics come from the database", async () => {
    const { app, call, clock } = await makeHttpWorld();
    await call("POST", "/v1/vouchers", ORDER);
    clock.now += 30;
    const { payload } = await app.inject("/metrics");
    expect(payload).toContain('doorproof_events_total{kind="voucher-issued"} 1');
    expect(payload).toContain("doorproof_sms_queue_age_seconds 30");
    expect(payload).toContain('route="/v1/vouchers",status="201"');
  });
});

function dump(path: string): Record<string, unknown> {
  const database = new Database(path, { readonly: true });
  try {
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .pluck()
      .all() as string[];
    expect(tables.length).toBeGreaterThan(4);
    return Object.fromEntries(tables.map((name) => [name, database.prepare(`select * from "${name}"`).all()]));
  } finally {
    database.close();
  }
}
