import { describe, expect, test } from "vitest";
import { checkDevice } from "../src/domain/access/device-tokens.ts";
import { enrolDevice } from "../src/domain/access/enrol.ts";
import { makeEnrolment } from "../src/domain/access/open-enrolment.ts";
import { listEvents } from "../src/domain/audit/list.ts";
import { listDevices, revokeDevice } from "../src/domain/dispatch/devices.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { showRoute } from "../src/domain/dispatch/show-route.ts";
import { enrolPhone, issueAll, put, seal, sync, tokenIn } from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, refusal, T0 } from "./world.ts";

const QUARTER = 15 * 60;

describe("an enrolment link", () => {
  test("is exchanged once for all that a device needs", async () => {
    const { deps } = await makeMemoryWorld();
    const { link, expiresAt, replaces } = await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
    expect(link).toMatch(/^https:\/\/dp\.example\/driver\/#[\w-]{22}$/);
    expect([expiresAt, replaces]).toEqual([T0 + QUARTER, null]);
    const enrolled = await enrolDevice(deps, tokenIn(link));
    expect(enrolled).toMatchObject({ issuer: "Parcel Co", route: "north", country: "44", now: T0 });
    expect(enrolled.deviceToken).toMatch(/^dpd_[\w-]{43}$/);
    expect(enrolled.roots).toEqual(deps.keyring.keys.list?.roots);
    expect(enrolled.roots).toHaveLength(1);
    expect(await checkDevice(deps, enrolled.deviceToken)).toEqual({ id: enrolled.deviceId, route: "north" });
    expect(await refusal(enrolDevice(deps, tokenIn(link)))).toBe("enrolment-over");
  });

  test("lives for 15 minutes", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const { link } = await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
    clock.now += QUARTER;
    expect(await refusal(enrolDevice(deps, tokenIn(link)))).toBe("enrolment-over");
    clock.now -= 1;
    expect((await enrolDevice(deps, tokenIn(link))).route).toBe("north");
  });

  test("is the route's newest, or none", async () => {
    const { deps } = await makeMemoryWorld();
    const first = await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
    const other = await makeEnrolment(deps, { name: "south" }, BACK_OFFICE);
    const second = await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
    expect(await refusal(enrolDevice(deps, tokenIn(first.link)))).toBe("enrolment-over");
    expect((await enrolDevice(deps, tokenIn(second.link))).route).toBe("north");
    expect((await enrolDevice(deps, tokenIn(other.link))).route).toBe("south");
  });

  test.each(["", "x", "A".repeat(22), "A".repeat(5000), "%00", "dpd_".padEnd(47, "A")])("%j is none", async (token) => {
    const { deps } = await makeMemoryWorld();
    await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
    expect(await refusal(enrolDevice(deps, token))).toBe("enrolment-over");
    expect(await listDevices(deps)).toEqual([]);
  });

  test.each([
    [{ name: "" }, "gb"],
    [{ name: "north " }, "gb"],
    [{ name: "n".repeat(65) }, "gb"],
    [{ name: "north", country: "gb" }, "gb"],
    [{ name: "north" }, null],
  ])("%j, with the default country %j, is refused", async (order, defaultCountry) => {
    const { deps } = await makeMemoryWorld({ policy: { defaultCountry: defaultCountry && "GB" } });
    expect(await refusal(makeEnrolment(deps, order, BACK_OFFICE))).toBe("invalid-delivery");
  });

  test("of two phones that use it in one moment, one is enrolled", async () => {
    const { deps } = await makeMemoryWorld();
    const { link } = await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => enrolDevice(deps, tokenIn(link))));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await listDevices(deps)).toHaveLength(1);
  });
});

describe("a route has one device", () => {
  test("the next one replaces the former, at the exchange and not before", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const former = await enrolPhone(deps, "north");
    clock.now += 60;
    const { link, replaces } = await makeEnrolment(deps, { name: "north" }, BACK_OFFICE);
    expect(replaces).toBe(former.id);
    expect(await checkDevice(deps, former.token)).not.toBeNull();
    const next = await enrolDevice(deps, tokenIn(link));
    expect(await checkDevice(deps, former.token)).toBeNull();
    const fetch = fetchManifest(deps, { deviceId: former.id, route: "north", has: [] });
    expect(await refusal(fetch)).toBe("device-unknown");
    expect((await showRoute(deps, "north")).device).toMatchObject({ id: next.deviceId, enrolledAt: T0 + 60 });
    expect((await listDevices(deps)).map(({ id, revokedAt, endedBy }) => [id, revokedAt, endedBy])).toEqual([
      [next.deviceId, null, null],
      [former.id, T0 + 60, "replaced"],
    ]);
  });

  test("a phone that was enrolled anew gets what it had once more: the next device must be known to hold it", async () => {
    const { deps } = await makeMemoryWorld();
    const former = await enrolPhone(deps, "north");
    await sync(deps, former);
    const next = await enrolPhone(deps, "north");
    const has = [former.manifest?.version ?? 0];
    const fetch = async () => (await fetchManifest(deps, { deviceId: next.id, route: "north", has })).document;
    expect(await fetch()).toEqual(former.document);
    expect(await fetch()).toBeNull();
  });

  test("it gets no other route's manifest", async () => {
    const { deps } = await makeMemoryWorld();
    const phone = await enrolPhone(deps, "north");
    await put(deps, "south", []);
    const ask = (route: string) => refusal(fetchManifest(deps, { deviceId: phone.id, route, has: [] }));
    expect([await ask("south"), await ask("west")]).toEqual(["foreign-route", "foreign-route"]);
  });

  test("what it was handed and what it has said it has are told apart", async () => {
    const { deps } = await makeMemoryWorld();
    await issueAll(deps, ["A"]);
    await put(deps, "north", ["A"]);
    await seal(deps);
    const phone = await enrolPhone(deps, "north");
    const told = async () => {
      const { device, manifest } = await showRoute(deps, "north");
      return [device?.fetchedVersion, device?.heldVersion, manifest?.version];
    };
    const { version } = await fetchManifest(deps, { deviceId: phone.id, route: "north", has: [] });
    expect(await told()).toEqual([version, null, version]);
    await sync(deps, phone);
    expect(await told()).toEqual([version, version, version]);
  });
});

describe("a device token", () => {
  test("is taken away once, and each of these is a line in the audit trail", async () => {
    const { deps } = await makeMemoryWorld();
    const phone = await enrolPhone(deps, "north");
    expect((await revokeDevice(deps, phone.id, BACK_OFFICE)).revokedAt).toBe(T0);
    expect(await checkDevice(deps, phone.token)).toBeNull();
    expect(await refusal(revokeDevice(deps, phone.id, BACK_OFFICE))).toBe("device-unknown");
    expect(await refusal(revokeDevice(deps, "none", BACK_OFFICE))).toBe("device-unknown");
    expect((await showRoute(deps, "north")).device).toBeNull();
    const { data } = await listEvents(deps, { limit: 10 });
    expect(data.map(({ kind, reason, actor }) => [kind, reason, actor.kind])).toEqual([
      ["device-revoked", `${phone.id} of north`, "api-key"],
      ["device-enrolled", `${phone.id} for north`, "device"],
      ["enrolment-opened", "north", "api-key"],
    ]);
  });

  test.each(["", "dpd_", "dpk_".padEnd(47, "A"), "dpd_".padEnd(47, "A"), "dpd_".padEnd(48, "A")])(
    "%j is none",
    async (token) => {
      const { deps } = await makeMemoryWorld();
      await enrolPhone(deps, "north");
      expect(await checkDevice(deps, token)).toBeNull();
    },
  );
});
