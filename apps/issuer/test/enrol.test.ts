import { describe, expect, test } from "vitest";
import { enrolDevice, makeEnrolment } from "../src/domain/access/enrol.ts";
import { listEvents } from "../src/domain/audit/events.ts";
import { checkDevice, listDevices, revokeDevice } from "../src/domain/dispatch/devices.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { showRoute } from "../src/domain/dispatch/routes.ts";
import { enrolPhone, issueAll, put, seal, sync, tokenIn } from "./dispatch-world.ts";
import { makeWorld, OFFICE, refusal, T0 } from "./world.ts";

const QUARTER = 15 * 60;

describe("an enrolment link", () => {
  test("is exchanged once for all that a device needs", async () => {
    const { parts } = await makeWorld();
    const { link, expiresAt, replaces } = await makeEnrolment(parts, { name: "north" }, OFFICE);
    expect(link).toMatch(/^https:\/\/dp\.example\/driver\/#[\w-]{22}$/);
    expect([expiresAt, replaces]).toEqual([T0 + QUARTER, null]);
    const enrolled = await enrolDevice(parts, tokenIn(link));
    expect(enrolled).toMatchObject({ issuer: "Parcel Co", route: "north", country: "44", now: T0 });
    expect(enrolled.deviceToken).toMatch(/^dpd_[\w-]{43}$/);
    expect(enrolled.roots).toEqual(parts.keyring.keys.list?.roots);
    expect(enrolled.roots).toHaveLength(1);
    expect(await checkDevice(parts, enrolled.deviceToken)).toEqual({ id: enrolled.deviceId, route: "north" });
    expect(await refusal(enrolDevice(parts, tokenIn(link)))).toBe("enrolment-over");
  });

  test("lives for 15 minutes", async () => {
    const { parts, clock } = await makeWorld();
    const { link } = await makeEnrolment(parts, { name: "north" }, OFFICE);
    clock.now += QUARTER;
    expect(await refusal(enrolDevice(parts, tokenIn(link)))).toBe("enrolment-over");
    clock.now -= 1;
    expect((await enrolDevice(parts, tokenIn(link))).route).toBe("north");
  });

  test("is the route's newest, or none", async () => {
    const { parts } = await makeWorld();
    const first = await makeEnrolment(parts, { name: "north" }, OFFICE);
    const other = await makeEnrolment(parts, { name: "south" }, OFFICE);
    const second = await makeEnrolment(parts, { name: "north" }, OFFICE);
    expect(await refusal(enrolDevice(parts, tokenIn(first.link)))).toBe("enrolment-over");
    expect((await enrolDevice(parts, tokenIn(second.link))).route).toBe("north");
    expect((await enrolDevice(parts, tokenIn(other.link))).route).toBe("south");
  });

  test.each(["", "x", "A".repeat(22), "A".repeat(5000), "%00", "dpd_".padEnd(47, "A")])("%j is none", async (token) => {
    const { parts } = await makeWorld();
    await makeEnrolment(parts, { name: "north" }, OFFICE);
    expect(await refusal(enrolDevice(parts, token))).toBe("enrolment-over");
    expect(await listDevices(parts)).toEqual([]);
  });

  test.each([
    [{ name: "" }, "gb"],
    [{ name: "north " }, "gb"],
    [{ name: "n".repeat(65) }, "gb"],
    [{ name: "north", country: "gb" }, "gb"],
    [{ name: "north" }, null],
  ])("%j, with the default country %j, is refused", async (order, defaultCountry) => {
    const { parts } = await makeWorld({ policy: { defaultCountry: defaultCountry && "GB" } });
    expect(await refusal(makeEnrolment(parts, order, OFFICE))).toBe("invalid-delivery");
  });

  test("of two phones that use it in one moment, one is enrolled", async () => {
    const { parts } = await makeWorld();
    const { link } = await makeEnrolment(parts, { name: "north" }, OFFICE);
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => enrolDevice(parts, tokenIn(link))));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await listDevices(parts)).toHaveLength(1);
  });
});

describe("a route has one device", () => {
  test("the next one revokes the former, at the exchange and not before", async () => {
    const { parts, clock } = await makeWorld();
    const former = await enrolPhone(parts, "north");
    clock.now += 60;
    const { link, replaces } = await makeEnrolment(parts, { name: "north" }, OFFICE);
    expect(replaces).toBe(former.id);
    expect(await checkDevice(parts, former.token)).not.toBeNull();
    const next = await enrolDevice(parts, tokenIn(link));
    expect(await checkDevice(parts, former.token)).toBeNull();
    const fetch = fetchManifest(parts, { deviceId: former.id, route: "north", has: [] });
    expect(await refusal(fetch)).toBe("device-unknown");
    expect((await showRoute(parts, "north")).device).toMatchObject({ id: next.deviceId, enrolledAt: T0 + 60 });
    expect((await listDevices(parts)).map(({ id, revokedAt }) => [id, revokedAt])).toEqual([
      [next.deviceId, null],
      [former.id, T0 + 60],
    ]);
  });

  test("a phone that was enrolled anew gets what it had once more: the next device must be known to hold it", async () => {
    const { parts } = await makeWorld();
    const former = await enrolPhone(parts, "north");
    await sync(parts, former);
    const next = await enrolPhone(parts, "north");
    const has = [former.manifest?.version ?? 0];
    const fetch = async () => (await fetchManifest(parts, { deviceId: next.id, route: "north", has })).document;
    expect(await fetch()).toEqual(former.document);
    expect(await fetch()).toBeNull();
  });

  test("it gets no other route's manifest", async () => {
    const { parts } = await makeWorld();
    const phone = await enrolPhone(parts, "north");
    await put(parts, "south", []);
    const ask = (route: string) => refusal(fetchManifest(parts, { deviceId: phone.id, route, has: [] }));
    expect([await ask("south"), await ask("west")]).toEqual(["foreign-route", "foreign-route"]);
  });

  test("what it was handed and what it has said it has are told apart", async () => {
    const { parts } = await makeWorld();
    await issueAll(parts, ["A"]);
    await put(parts, "north", ["A"]);
    await seal(parts);
    const phone = await enrolPhone(parts, "north");
    const told = async () => {
      const { device, manifest } = await showRoute(parts, "north");
      return [device?.fetchedVersion, device?.heldVersion, manifest?.version];
    };
    const { version } = await fetchManifest(parts, { deviceId: phone.id, route: "north", has: [] });
    expect(await told()).toEqual([version, null, version]);
    await sync(parts, phone);
    expect(await told()).toEqual([version, version, version]);
  });
});

describe("a device token", () => {
  test("is taken away once, and each of these is a line in the audit trail", async () => {
    const { parts } = await makeWorld();
    const phone = await enrolPhone(parts, "north");
    expect((await revokeDevice(parts, phone.id, OFFICE)).revokedAt).toBe(T0);
    expect(await checkDevice(parts, phone.token)).toBeNull();
    expect(await refusal(revokeDevice(parts, phone.id, OFFICE))).toBe("device-unknown");
    expect(await refusal(revokeDevice(parts, "none", OFFICE))).toBe("device-unknown");
    expect((await showRoute(parts, "north")).device).toBeNull();
    const { data } = await listEvents(parts, { limit: 10 });
    expect(data.map(({ kind, reason, actor }) => [kind, reason, actor.kind])).toEqual([
      ["device-revoked", `${phone.id} of north`, "api-key"],
      ["device-enrolled", `${phone.id} for north`, "device"],
      ["enrolment-opened", "north", "api-key"],
    ]);
  });

  test.each(["", "dpd_", "dpk_".padEnd(47, "A"), "dpd_".padEnd(47, "A"), "dpd_".padEnd(48, "A")])(
    "%j is none",
    async (token) => {
      const { parts } = await makeWorld();
      await enrolPhone(parts, "north");
      expect(await checkDevice(parts, token)).toBeNull();
    },
  );
});
