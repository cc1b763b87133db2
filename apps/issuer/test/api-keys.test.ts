import { PERMISSIONS } from "@doorproof/api/lists";
import { describe, expect, test } from "vitest";
import { checkApiKey } from "../src/domain/access/check-api-key.ts";
import { createApiKey, type NewApiKey } from "../src/domain/access/create-api-key.ts";
import { listApiKeys, renameApiKey, revokeApiKey } from "../src/domain/access/manage-api-keys.ts";
import { noteKeyUse } from "../src/domain/access/note-key-use.ts";
import { listEvents } from "../src/domain/audit/list.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, refusal, T0 } from "./world.ts";

const READER: NewApiKey = { name: "desk", permissions: ["read"], courier: null, expiresAt: null };
const REDEEMER: NewApiKey = { ...READER, permissions: ["redeem"], courier: "Courier North" };

describe("an API key", () => {
  test("opens what its permissions say, in the list's order, for its courier", async () => {
    const { deps } = await makeMemoryWorld();
    const request: NewApiKey = { ...REDEEMER, permissions: ["redeem", "read", "redeem"] };
    const { id, token } = await createApiKey(deps, request, BACK_OFFICE);
    expect(token).toMatch(/^dpk_[\w-]{43}$/);
    const known = { id, permissions: ["read", "redeem"], courier: "Courier North", lastUsedAt: null };
    expect(await checkApiKey(deps, token)).toEqual(known);
  });

  test.each([
    ["nothing", () => ""],
    ["its prefix", () => "dpk_"],
    ["another", () => `dpk_${"A".repeat(43)}`],
    ["its end changed", (token: string) => token.slice(0, -1) + (token.endsWith("A") ? "B" : "A")],
    ["a blank after it", (token: string) => `${token} `],
    ["a megabyte", (token: string) => token + "A".repeat(1e6)],
  ])("%s opens nothing", async (_, change) => {
    const { deps } = await makeMemoryWorld();
    const { token } = await createApiKey(deps, READER, BACK_OFFICE);
    expect(await checkApiKey(deps, change(token))).toBeNull();
  });

  test.each<[string, Partial<NewApiKey>, readonly string[]]>([
    ["no name", { name: "" }, ["/name"]],
    ["a name that repaints a terminal", { name: "desk\u001b[2J" }, ["/name"]],
    ["a name of 65 characters", { name: "n".repeat(65) }, ["/name"]],
    ["no permission", { permissions: [] }, ["/permissions"]],
    ["redeem, and no courier", { permissions: ["redeem"] }, ["/courier"]],
    ["redeem, and a courier without a name", { permissions: ["redeem"], courier: "" }, ["/courier"]],
    ["a courier, and not redeem", { courier: "Courier North" }, ["/courier"]],
    ["an end that is now", { expiresAt: T0 }, ["/expiresAt"]],
    ["all of these", { name: " ", permissions: [], expiresAt: 0 }, ["/name", "/permissions", "/expiresAt"]],
  ])("with %s is not made", async (_, change, pointers) => {
    const { deps } = await makeMemoryWorld();
    await expect(createApiKey(deps, { ...READER, ...change }, BACK_OFFICE)).rejects.toMatchObject({
      code: "invalid-api-key",
      faults: pointers.map((pointer) => ({ pointer })),
    });
    expect(await listApiKeys(deps)).toEqual([]);
  });

  test("is over at its end, to the second", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const { token } = await createApiKey(deps, { ...READER, expiresAt: T0 + DAY }, BACK_OFFICE);
    clock.now = T0 + DAY - 1;
    expect(await checkApiKey(deps, token)).not.toBeNull();
    clock.now += 1;
    expect(await checkApiKey(deps, token)).toBeNull();
    expect((await listApiKeys(deps)).map(({ status }) => status)).toEqual(["expired"]);
  });

  test("is revoked for good, and renamed while it stands; the trail tells both", async () => {
    const { deps } = await makeMemoryWorld();
    const { id, token } = await createApiKey(deps, READER, BACK_OFFICE);
    expect((await renameApiKey(deps, { id, name: "front desk" }, BACK_OFFICE)).name).toBe("front desk");
    expect(await refusal(renameApiKey(deps, { id, name: "" }, BACK_OFFICE))).toBe("invalid-api-key");
    expect((await revokeApiKey(deps, id, BACK_OFFICE)).status).toBe("revoked");
    expect(await checkApiKey(deps, token)).toBeNull();
    expect(await refusal(revokeApiKey(deps, id, BACK_OFFICE))).toBe("api-key-unknown");
    expect(await refusal(renameApiKey(deps, { id, name: "desk" }, BACK_OFFICE))).toBe("api-key-unknown");
    expect(await refusal(revokeApiKey(deps, "none", BACK_OFFICE))).toBe("api-key-unknown");
    const { data } = await listEvents(deps, { limit: 10 });
    expect(data.map(({ kind, reason }) => [kind, reason])).toEqual([
      ["api-key-revoked", id],
      ["api-key-renamed", `${id}: desk, now front desk`],
      ["api-key-created", id],
    ]);
  });

  test("is listed with all that it is but its token, newest first", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const first = await createApiKey(deps, READER, BACK_OFFICE);
    clock.now += 1;
    const second = await createApiKey(deps, REDEEMER, BACK_OFFICE);
    const listed = await listApiKeys(deps);
    expect(listed.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(listed[0]).toEqual({
      id: second.id,
      ...REDEEMER,
      status: "good",
      createdAt: T0 + 1,
      revokedAt: null,
      lastUsedAt: null,
    });
    expect(JSON.stringify(listed)).not.toContain(second.token.slice(4));
  });

  test("that was made before couriers were asked for redeems for all", async () => {
    const { deps } = await makeMemoryWorld();
    const { token } = await createApiKey(deps, REDEEMER, BACK_OFFICE);
    const [row] = await deps.store.apiKeys();
    const before = { ...deps, store: { ...deps.store, findApiKey: async () => row && { ...row, courier: null } } };
    expect(await checkApiKey(before, token)).toMatchObject({ courier: "*" });
  });

  test("notes its use once a minute, whichever way the clock goes", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const { token } = await createApiKey(deps, READER, BACK_OFFICE);
    const notes: number[] = [];
    const store: typeof deps.store = {
      ...deps.store,
      setApiKey: async (id, change) => {
        notes.push((change.lastUsedAt ?? 0) - T0);
        await deps.store.setApiKey(id, change);
      },
    };
    for (const after of [0, 1, 59, 60, 61, 119, 120, -3600, -3599]) {
      clock.now = T0 + after;
      const key = await checkApiKey({ ...deps, store }, token);
      if (key) await noteKeyUse({ ...deps, store }, key);
    }
    expect(notes).toEqual([0, 60, 120, -3600]);
  });
});

test("every permission can be given", async () => {
  const { deps } = await makeMemoryWorld();
  const { token } = await createApiKey(deps, { ...REDEEMER, permissions: PERMISSIONS }, BACK_OFFICE);
  expect((await checkApiKey(deps, token))?.permissions).toEqual(PERMISSIONS);
});
