import { PERMISSIONS, SCOPES } from "@doorproof/api/lists";
import { openKeyList, openRevocations } from "@doorproof/verifier";
import { readManifest, readSign1 } from "@doorproof/voucher/codec";
import type { InjectOptions } from "fastify";
import { describe, expect, test } from "vitest";
import { seal, tokenIn } from "./dispatch-world.ts";
import { type HttpWorld, hours, makeHttpWorld, ORDER, PUBLIC_URL } from "./http-world.ts";
import { BACK_OFFICE, DAY, issueOne, order, T0 } from "./world.ts";

const iso = (count: number) => hours(count).replace(".000", "");
const UUID = "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1";

/** As the back office, any method. */
async function backOffice({ app, authorize }: HttpWorld) {
  const headers = await authorize(...SCOPES.vouchers);
  return (method: "GET" | "PUT" | "POST", url: string, payload?: object) =>
    app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) } as InjectOptions);
}

/** A phone that was enrolled over HTTP. */
async function enrol(world: HttpWorld, route = "north-1") {
  const { link } = (await (await backOffice(world))("POST", `/v1/routes/${encodeURIComponent(route)}/devices`)).json();
  const enrolled = (
    await world.app.inject({ method: "POST", url: "/v1/enrolments", payload: { token: tokenIn(link) } })
  ).json();
  const authorization = `Bearer ${enrolled.deviceToken}`;
  const fetch = (etag?: string, of = route) =>
    world.app.inject({
      url: `/v1/manifests/${encodeURIComponent(of)}`,
      headers: { authorization, ...(etag === undefined ? {} : { "if-none-match": etag }) },
    });
  return { ...enrolled, authorization, fetch };
}

test("a day's beginning: ordered, put on a route, enrolled, fetched; and the device can check it with what it was given", async () => {
  const world = await makeHttpWorld();
  const { app, deps } = world;
  const ask = await backOffice(world);
  const window = { from: hours(1), to: hours(3) };
  await ask("POST", "/v1/vouchers", { ...ORDER, route: "north-1", window, label: "Flat 3" });
  const shown = (await ask("GET", "/v1/routes/north-1")).json();
  expect(shown).toEqual({
    route: "north-1",
    stops: [{ deliveryId: ORDER.deliveryId, state: "sealing" }],
    device: null,
    manifest: null,
  });
  await seal(deps);

  const made = await ask("POST", "/v1/routes/north-1/devices");
  expect([made.statusCode, made.headers["cache-control"]]).toEqual([201, "no-store"]);
  const { link, qr, expiresAt, replaces } = made.json();
  expect(link).toMatch(new RegExp(`^${PUBLIC_URL}/driver/#[\\w-]{22}$`));
  expect(qr).toMatch(/^<svg xmlns/);
  expect([expiresAt, replaces]).toEqual([iso(0.25), null]);

  // A GET of the link burns nothing: its token never leaves the browser.
  await app.inject(link.slice(PUBLIC_URL.length));
  const enrolled = await app.inject({ method: "POST", url: "/v1/enrolments", payload: { token: tokenIn(link) } });
  expect([enrolled.statusCode, enrolled.headers["cache-control"]]).toEqual([201, "no-store"]);
  const { deviceToken, deviceId, ...rest } = enrolled.json();
  const [root] = rest.roots;
  expect(rest).toEqual({ issuer: "Parcel Co", route: "north-1", country: "44", roots: [root], now: iso(0) });

  const pins = { issuer: rest.issuer, roots: [Buffer.from(root, "hex")], held: () => null };
  const keys = openKeyList(new Uint8Array((await app.inject("/v1/keys")).rawPayload), pins);
  openRevocations(new Uint8Array((await app.inject("/v1/revocations")).rawPayload), { keys, held: () => null });
  const headers = { authorization: `Bearer ${deviceToken}` };
  const document = await app.inject({ url: "/v1/manifests/north-1", headers });
  expect([document.statusCode, document.headers["content-type"], document.headers["cache-control"]]).toEqual([
    200,
    "application/cose",
    "no-store",
  ]);
  const manifest = readManifest(readSign1("manifest", new Uint8Array(document.rawPayload)).payload);
  expect(manifest.stops).toMatchObject([
    { deliveryId: ORDER.deliveryId, label: { address: "Flat 3" }, window: { from: T0 + 3600, to: T0 + 3 * 3600 } },
  ]);
  expect(document.headers.etag).toBe(`"${manifest.version}"`);
  expect((await ask("GET", "/v1/routes/north-1")).json()).toMatchObject({
    stops: [{ state: "on" }],
    device: {
      id: deviceId,
      enrolledAt: iso(0),
      lastSeenAt: iso(0),
      fetchedVersion: manifest.version,
      heldVersion: null,
      gaps: [],
    },
    manifest: { version: manifest.version, expiresAt: iso(24) },
  });
});

describe("the manifest", () => {
  test("is 304 for a device that has it, however it says so, and once more whole for one that does not say", async () => {
    const world = await makeHttpWorld();
    const { fetch } = await enrol(world);
    const first = await fetch();
    const etag = String(first.headers.etag);
    for (const tag of [etag, `W/${etag}`, `"1", ${etag}`]) {
      const again = await fetch(tag);
      expect([tag, again.statusCode, again.payload, again.headers.etag]).toEqual([tag, 304, "", etag]);
    }
    for (const tag of [undefined, "*", '"1"', '"x"', "99999999999", ""]) {
      const again = await fetch(tag);
      expect([tag, again.statusCode]).toEqual([tag, 200]);
      expect(again.rawPayload).toEqual(first.rawPayload);
    }
  });

  test("is for the route's own device alone", async () => {
    const world = await makeHttpWorld();
    const { app, authorize, deps } = world;
    const phone = await enrol(world);
    await enrol(world, "south 2/a");
    const foreign = await phone.fetch(undefined, "south 2/a");
    expect([foreign.statusCode, foreign.json().code]).toEqual([403, "foreign-route"]);
    const ask = async (headers: Record<string, string>) => {
      const answer = await app.inject({ url: "/v1/manifests/north-1", headers });
      return [answer.statusCode, answer.json().code];
    };
    expect(await ask({})).toEqual([401, "unauthorized"]);
    expect(await ask(await authorize(...PERMISSIONS))).toEqual([401, "unauthorized"]);
    expect(await ask({ authorization: `${phone.authorization}x` })).toEqual([401, "unauthorized"]);
    const next = await enrol(world);
    expect(await ask({ authorization: phone.authorization })).toEqual([401, "unauthorized"]);
    expect((await next.fetch()).statusCode).toBe(200);
    expect((await deps.store.listDevices()).length).toBe(3);
  });

  test("a device token opens nothing of the back office", async () => {
    const world = await makeHttpWorld();
    const { authorization } = await enrol(world);
    for (const [method, url] of [
      ["GET", "/v1/vouchers"],
      ["POST", "/v1/vouchers"],
      ["GET", "/v1/redemptions"],
      ["GET", "/v1/events"],
      ["GET", "/v1/routes/north-1"],
      ["PUT", "/v1/routes/north-1/stops"],
      ["POST", "/v1/routes/north-1/devices"],
    ] as const) {
      const answer = await world.app.inject({ method, url, headers: { authorization } });
      expect([method, url, answer.statusCode, answer.json().code]).toEqual([method, url, 401, "unauthorized"]);
    }
  });
});

describe("enrolment", () => {
  test("a token works once; what is none is over as well", async () => {
    const world = await makeHttpWorld();
    const { link } = (await (await backOffice(world))("POST", "/v1/routes/north-1/devices", { country: "DE" })).json();
    const exchange = async (payload: object) => {
      const answer = await world.app.inject({ method: "POST", url: "/v1/enrolments", payload });
      return [answer.statusCode, answer.json().code ?? answer.json().country];
    };
    expect(await exchange({ token: tokenIn(link) })).toEqual([201, "49"]);
    expect(await exchange({ token: tokenIn(link) })).toEqual([410, "enrolment-over"]);
    expect(await exchange({ token: "x" })).toEqual([410, "enrolment-over"]);
    expect(await exchange({ token: "x".repeat(101) })).toEqual([400, "invalid-request"]);
    expect(await exchange({ token: 7 })).toEqual([400, "invalid-request"]);
    expect(await exchange({})).toEqual([400, "invalid-request"]);
    expect(await exchange({ token: "x", route: "north-1" })).toEqual([400, "unknown-field"]);
  });

  test("tokens are in no log", async () => {
    const world = await makeHttpWorld();
    const { deviceToken, fetch } = await enrol(world);
    await fetch();
    const broken = await makeHttpWorld({
      change: (deps) => ({
        ...deps,
        store: { ...deps.store, findDeviceByToken: () => Promise.reject(new Error(`no row for ${deviceToken}`)) },
      }),
    });
    const headers = { authorization: `Bearer ${deviceToken}` };
    expect((await broken.app.inject({ url: "/v1/manifests/north-1", headers })).statusCode).toBe(500);
    expect(world.log.length).toBeGreaterThan(2);
    expect(broken.log.join("")).toContain("[device token]");
    expect([...world.log, ...broken.log].join("")).not.toContain(deviceToken.slice(4));
  });
});

describe("stops", () => {
  test("moved by a PUT: waiting, forced, and what that risks", async () => {
    const world = await makeHttpWorld();
    const ask = await backOffice(world);
    await ask("POST", "/v1/vouchers", { ...ORDER, route: "north-1" });
    await seal(world.deps);
    const phone = await enrol(world);
    await phone.fetch();
    const put = async (payload: object) => (await ask("PUT", "/v1/routes/south-2/stops", payload)).json();
    const stop = { deliveryId: ORDER.deliveryId, state: "waiting", waitsFor: "north-1", until: iso(24) };
    const { version } = await put({ stops: [] });
    expect(await put({ stops: [ORDER.deliveryId] })).toEqual({ route: "south-2", version, stops: [stop], risks: [] });
    const forced = await put({ stops: [ORDER.deliveryId], force: true });
    expect(forced).toMatchObject({
      version: version + 1,
      stops: [{ deliveryId: ORDER.deliveryId, state: "on" }],
      risks: [{ deliveryId: ORDER.deliveryId, route: "north-1", until: iso(24) }],
    });
    expect(forced.risks[0].detail).toMatch(/north-1 may accept it too/);
  });

  test("faults are told all at once; what has no shape is 400, what cannot be done 422, what is not there 404", async () => {
    const world = await makeHttpWorld();
    const ask = await backOffice(world);
    const told = async (method: "GET" | "PUT" | "POST", url: string, payload?: object) => {
      const answer = await ask(method, url, payload);
      const { code, errors } = answer.json();
      return [
        answer.statusCode,
        code,
        errors.map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`),
      ];
    };
    expect(await told("PUT", "/v1/routes/north-1/stops", { stops: ["A", "b c", "B"], country: "XX" })).toEqual([
      422,
      "invalid-delivery",
      ["/country country", "/stops/1 delivery-id"],
    ]);
    expect(await told("PUT", "/v1/routes/north-1/stops", { stops: ["A", "B"] })).toEqual([
      422,
      "invalid-delivery",
      ["/stops/0 unknown-delivery", "/stops/1 unknown-delivery"],
    ]);
    expect(await told("PUT", "/v1/routes/%20/stops", { stops: [] })).toEqual([
      422,
      "invalid-delivery",
      ["/route route"],
    ]);
    expect(await told("PUT", "/v1/routes/north-1/stops", { stops: "A", force: 1, order: 2 })).toEqual([
      400,
      "invalid-request",
      ["/order unknown-field", "/stops wrong-type", "/force wrong-type"],
    ]);
    expect(await told("PUT", "/v1/routes/north-1/stops", {})).toEqual([
      400,
      "invalid-request",
      ["/stops missing-field"],
    ]);
    expect(await told("PUT", "/v1/routes/north-1/stops", { stops: Array(501).fill("A") })).toEqual([
      400,
      "invalid-request",
      ["/stops wrong-length"],
    ]);
    expect(await told("GET", "/v1/routes/north-1")).toEqual([404, "route-unknown", []]);
    expect(await told("POST", "/v1/routes/north-1/devices", { phone: "+44" })).toEqual([
      400,
      "unknown-field",
      ["/phone unknown-field"],
    ]);
    expect(await told("POST", "/v1/vouchers", { ...ORDER, window: { from: hours(2) } })).toEqual([
      400,
      "invalid-request",
      ["/window/to missing-field"],
    ]);
    expect(
      await told("POST", "/v1/vouchers", { ...ORDER, route: "", window: { from: hours(2), to: hours(1) } }),
    ).toEqual([422, "invalid-delivery", ["/route route", "/window window"]]);
  });

  test("500 stops with the longest IDs fit into one request, and with the longest labels into one manifest", async () => {
    const world = await makeHttpWorld();
    const { deps } = world;
    const ids = Array.from({ length: 500 }, (_, index) => `${index}`.padStart(64, "~"));
    for (const [index, id] of ids.entries()) {
      const change = { label: { hint: "\u{1f6aa}".repeat(100) }, sms: false, window: { from: T0, to: T0 + DAY } };
      const { view } = await issueOne(deps, order(id, change), BACK_OFFICE);
      const salt = Buffer.alloc(16, `${index} `).toString("base64url");
      // As long as a seal of such a voucher: 500 KDF runs would show nothing more.
      await deps.store.insertSeal({ voucherId: view.id, salt, sealed: Buffer.alloc(168).toString("base64url") });
    }
    const answer = await (await backOffice(world))("PUT", "/v1/routes/north-1/stops", { stops: ids });
    expect([answer.statusCode, answer.json().stops.length]).toEqual([200, 500]);
    const document = new Uint8Array((await (await enrol(world)).fetch()).rawPayload);
    expect(document.length).toBeLessThan(524_288);
    expect(readManifest(readSign1("manifest", document).payload).stops).toHaveLength(500);
  });
});

describe("uploads", () => {
  test("a device's entries of every kind, by its token; one bad one holds back no other", async () => {
    const world = await makeHttpWorld();
    const ask = await backOffice(world);
    const { voucher } = (await ask("POST", "/v1/vouchers", { ...ORDER, route: "north-1" })).json();
    const phone = await enrol(world);
    const id = (index: number) => UUID.replace("0", String(index));
    const at = hours(0);
    const records = [
      {
        kind: "redemption",
        id: id(1),
        seq: 1,
        voucher,
        via: "code",
        at,
        floor: at,
        route: "north-1",
        version: 1,
        takenBy: "recipient",
      },
      {
        kind: "refusal",
        id: id(2),
        seq: 2,
        at,
        code: "expired",
        kid: "0a0b0c0d",
        cti: "0102030405060708",
        deliveryId: "X",
      },
      { kind: "refusal", id: id(3), seq: 3, at, code: "no-such-code", voucher },
      { kind: "attempt", id: id(4), seq: 4, at, deliveryId: "X", reason: "no-answer", note: "\u00e5" },
      { kind: "attempt", id: id(5), at, deliveryId: "X", reason: "bored" },
      { kind: "undo", id: id(6), seq: 6, at, of: id(6) },
      { kind: "teleport", id: id(7), seq: 7, at },
      { kind: 7 },
      [],
    ];
    const upload = async () => {
      const headers = { authorization: phone.authorization };
      const answer = await world.app.inject({ method: "POST", url: "/v1/redemptions", headers, payload: { records } });
      expect(answer.statusCode).toBe(200);
      return answer.json();
    };
    const first = await upload();
    const results = first.results.map(
      (one: { id: string; status: string; errors?: { pointer: string; code: string }[] }) => [
        one.id,
        one.status,
        ...(one.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
      ],
    );
    expect(results).toEqual([
      [id(1), "accepted"],
      [id(2), "noted"],
      [id(3), "refused", "/voucher unknown-field", "/code not-accepted"],
      [id(4), "noted"],
      [id(5), "refused", "/seq missing-field", "/reason not-accepted"],
      [id(6), "noted"],
      [id(7), "refused", "/kind not-accepted"],
      [null, "refused", "/kind not-accepted"],
      [null, "refused", " wrong-type"],
    ]);
    expect(await upload()).toEqual(first);
    const { device } = (await ask("GET", "/v1/routes/north-1")).json();
    expect(device).toMatchObject({
      id: phone.deviceId,
      gaps: [
        { from: 3, to: 3 },
        { from: 5, to: 5 },
      ],
    });
  });

  test("without a token, or with one that ended more than a week ago, nothing is stored", async () => {
    const world = await makeHttpWorld();
    const phone = await enrol(world);
    await enrol(world);
    world.clock.now += 7 * DAY + 1;
    const records = [{ kind: "undo", id: UUID, seq: 1, at: hours(0), of: UUID }];
    for (const headers of [{}, { authorization: phone.authorization }]) {
      const answer = await world.app.inject({ method: "POST", url: "/v1/redemptions", headers, payload: { records } });
      expect([answer.statusCode, answer.headers["content-type"]]).toEqual([
        401,
        "application/problem+json; charset=utf-8",
      ]);
    }
    expect(await world.deps.store.seqsOf(`device:${phone.deviceId}`, { from: 0 })).toEqual([]);
  });

  test("a phone that was replaced uploads for a week what it did before, and gets no manifest", async () => {
    const world = await makeHttpWorld();
    const ask = await backOffice(world);
    const { voucher } = (await ask("POST", "/v1/vouchers", { ...ORDER, route: "north-1" })).json();
    const phone = await enrol(world);
    world.clock.now += 2 * 3600;
    await enrol(world);
    world.clock.now += 4 * DAY;
    expect((await phone.fetch()).statusCode).toBe(401);
    const headers = { authorization: phone.authorization };
    const records = [{ id: UUID, voucher, via: "scan", at: hours(1), takenBy: "recipient" }];
    const answer = await world.app.inject({ method: "POST", url: "/v1/redemptions", headers, payload: { records } });
    expect([answer.statusCode, answer.json().results]).toEqual([200, [{ id: UUID, status: "accepted" }]]);
  });

  test("an empty list is answered with the time, and counts as a sign of life", async () => {
    const world = await makeHttpWorld();
    const phone = await enrol(world);
    world.clock.now += 3600;
    const { authorization } = phone;
    const upload = { method: "POST", url: "/v1/redemptions", headers: { authorization }, payload: { records: [] } };
    const answer = await world.app.inject(upload as InjectOptions);
    expect(answer.json()).toEqual({ now: iso(1), results: [] });
    const { device } = (await (await backOffice(world))("GET", "/v1/routes/north-1")).json();
    expect(device.lastSeenAt).toBe(iso(1));
  });
});
