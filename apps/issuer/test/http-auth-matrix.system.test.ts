import { ALL_COURIERS, PERMISSIONS, type Permission } from "@doorproof/api/lists";
import { expect, test } from "vitest";
import { createApiKey } from "../src/domain/access/create-api-key.ts";
import { revokeApiKey } from "../src/domain/access/manage-api-keys.ts";
import { enrolPhone } from "./dispatch-world.ts";
import { type HttpWorld, makeHttpWorld } from "./http-world.ts";
import { describeApi, type Operation } from "./openapi.ts";
import { BACK_OFFICE, HOUR } from "./world.ts";

// Who is let in where, asked of each route of openapi.json in production, with each kind of token. auth-matrix.txt is what a person
// reads; each of its cells is held as well to what the route states of itself, so that a mistake in one place is not copied to the other.

type Requirement = { readonly apiKey?: readonly string[]; readonly deviceToken?: readonly string[] };

test("each route lets in whom it states, and nobody else, in every state of a key", async () => {
  const { operations } = await describeApi();
  const world = await makeHttpWorld({ config: { production: true } });
  const tokens = await makeTokens(world);
  const rows: string[][] = [];
  for (const [route, { security = [] }] of operations.toSorted(([a], [b]) => a.localeCompare(b))) {
    const ask = (token: string | null) => knock(world, route, token);
    const row = [await ask(null), await ask(`dpk_${"A".repeat(43)}`), await ask(tokens.device)];
    for (const permission of PERMISSIONS) row.push(await ask(tokens.good(permission)));
    for (const state of ["expired", "revoked"] as const) {
      const answers = new Set<string>();
      for (const permission of PERMISSIONS) answers.add(await ask(tokens[state](permission)));
      row.push([...answers].join("/"));
    }
    expect([route, ...row]).toEqual([route, ...stated(security)]);
    rows.push([route, ...row]);
  }
  expect(rows.length).toBeGreaterThan(20);
  const head = ["", "none", "bad", "device", ...PERMISSIONS, "expired", "revoked"];
  await expect(align([head, ...rows])).toMatchFileSnapshot("auth-matrix.txt");
});

/** What a route's `security` promises, cell by cell. That production asks for a key at /metrics is stated in words alone. */
function stated(security: Operation["security"] & {}): string[] {
  const requirements: readonly Requirement[] = security;
  if (requirements.length === 0) return Array(5 + PERMISSIONS.length).fill("in");
  const wanted = requirements.flatMap(({ apiKey = [] }) => apiKey);
  const device = requirements.some(({ deviceToken }) => deviceToken) ? "in" : "401";
  const other = wanted.length === 0 ? "401" : "403";
  const good = PERMISSIONS.map((permission) => (wanted.includes(permission) ? "in" : other));
  return ["401", "401", device, ...good, "401", "401"];
}

/** @returns `in`, or the status by which the route refuses */
async function knock({ app }: HttpWorld, route: string, token: string | null): Promise<string> {
  const [method, path = ""] = route.split(" ");
  const url = path.replace("{route}", "north-1").replace("{id}", "0".repeat(24)).replace("{token}", "A".repeat(22));
  const answer = await app.inject({
    method: method as "GET",
    url,
    // An address of its own each, or the limit of wrong tokens would answer.
    remoteAddress: `10.${(knocks >> 16) & 255}.${(knocks >> 8) & 255}.${knocks++ & 255}`,
    ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  return [401, 403].includes(answer.statusCode) ? String(answer.statusCode) : "in";
}

let knocks = 0;

async function makeTokens({ deps, clock }: HttpWorld) {
  const made = {
    good: new Map<Permission, string>(),
    expired: new Map<Permission, string>(),
    revoked: new Map<Permission, string>(),
  };
  for (const permission of PERMISSIONS)
    for (const state of ["good", "expired", "revoked"] as const) {
      const courier = permission === "redeem" ? ALL_COURIERS : null;
      const expiresAt = state === "expired" ? clock.now + HOUR : null;
      const request = { name: state, permissions: [permission], courier, expiresAt };
      const { id, token } = await createApiKey(deps, request, BACK_OFFICE);
      if (state === "revoked") await revokeApiKey(deps, id, BACK_OFFICE);
      made[state].set(permission, token);
    }
  const device = (await enrolPhone(deps, "north-1")).token;
  clock.now += HOUR;
  const of = (state: keyof typeof made) => (permission: Permission) => made[state].get(permission) ?? "";
  return { device, good: of("good"), expired: of("expired"), revoked: of("revoked") };
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
