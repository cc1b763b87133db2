import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PERMISSIONS } from "@doorproof/api/lists";
import { readText } from "@doorproof/voucher";
import { splitVoucher } from "@doorproof/voucher/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { enrolPhone, put } from "./dispatch-world.ts";
import { type Draft, drafts, type Loot, writeRequest } from "./hostile-requests.ts";
import { describeApi } from "./openapi.ts";
import { HOUR } from "./world.ts";

// FUZZ_RUNS=1000000 takes about an hour; another FUZZ_SEED tries something else.
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 3000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const MIB = 2 ** 20;

test(`${RUNS} requests that are nearly right: none is answered by chance, none redeems what it must not, memory stays`, async () => {
  const { world, operations, components } = await describeApi();
  const { app, deps, clock } = world;
  const phone = await enrolPhone(deps, "north");
  const all = await world.authorize(...PERMISSIONS);
  const words = ["north", phone.id, "A1", "B2", "*", "", "me"];
  const vouchers: string[] = [];
  const loot = (): Loot => ({
    words,
    vouchers,
    now: new Date(clock.now * 1000).toISOString(),
    tokens: [all.authorization, all.authorization, all.authorization, `Bearer ${phone.token}`, "Bearer dpk_x", ""],
  });
  const accepted = new Map<string, string>();
  const learn = (one: unknown): void => {
    if (typeof one !== "object" || one === null) return;
    for (const [name, value] of Object.entries(one)) {
      if (typeof value !== "string") learn(value);
      else if (["id", "voucher", "deliveryId", "shortCode", "link"].includes(name) && words.length < 500)
        words.push(value.slice(value.lastIndexOf("/") + 1));
      if (name === "voucher" && typeof value === "string" && !vouchers.includes(value)) vouchers.push(value);
    }
  };
  const examples = operations.map(([, { requestBody }]) => examplesOf(requestBody, components.schemas));
  for (const id of ["A1", "B2"]) {
    const answer = await world.call("POST", "/v1/vouchers", {
      deliveryId: id,
      phone: "+447700900123",
      expiresIn: "48h",
    });
    learn(answer.json());
  }
  await put(deps, "north", ["A1", "B2"]);

  const favoured = ["POST /v1/vouchers", "POST /v1/redemptions"].map((route) =>
    operations.findIndex(([name]) => name === route),
  );
  const undocumented = new Set<string>();
  const statuses = new Map<number, number>();
  let dearest = { cpu: 0, route: "" };
  const base = { held: 0, runs: 0 };
  await fc.assert(
    fc.asyncProperty(drafts(operations.length, favoured), async (draft: Draft) => {
      const [route, operation] = operations[draft.operation] ?? [];
      if (!route || !operation) throw new Error("no such operation");
      const request = writeRequest(draft, {
        route,
        operation,
        examples: examples[draft.operation] ?? [],
        loot: loot(),
      });
      if (draft.address % 50 === 0) clock.now += HOUR;
      const before = process.cpuUsage();
      const answer = await app.inject(request);
      const { user, system } = process.cpuUsage(before);
      base.runs += 1;
      if (base.runs === 500) base.held = memoryHeld();
      if (base.runs > 100 && user + system > dearest.cpu) dearest = { cpu: user + system, route };
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);

      expect([route, answer.statusCode, answer.statusCode < 500], answer.payload).toEqual([
        route,
        expect.any(Number),
        true,
      ]);
      if (answer.statusCode !== 404 && !(String(answer.statusCode) in operation.responses))
        undocumented.add(`${route}: ${answer.statusCode} ${answer.payload}`);
      if (answer.headers["content-type"]?.toString().startsWith("application/json")) {
        const body = answer.json();
        learn(body);
        if (route === "POST /v1/redemptions") judgeAnswers(request.payload, body, { vouchers, accepted });
      }
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  expect([...undocumented]).toEqual([]);
  // That nothing breaks where nothing happens says nothing.
  for (const status of [200, 201, 400, 401, 404, 422])
    expect([status, statuses.get(status) ?? 0]).toEqual([status, expect.toSatisfy((count: number) => count > 10)]);
  expect(accepted.size).toBeGreaterThan(2);
  const growth = (memoryHeld() - base.held) / MIB;
  console.log(
    `dearest: ${Math.round(dearest.cpu / 1000)} ms CPU, ${dearest.route}; memory +${Math.round(growth)} MiB; ${JSON.stringify([...statuses])}`,
  );
  expect(growth).toBeLessThan(64);
});

/** Bytes that are held once the garbage is gone. */
function memoryHeld(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What is accepted was handed out here, and once: a second time only as the same record. */
function judgeAnswers(
  payload: unknown,
  body: { results?: { status: string }[] },
  { vouchers, accepted }: { vouchers: readonly string[]; accepted: Map<string, string> },
): void {
  const { records } = JSON.parse(String(payload)) as { records: { id: string; voucher: string }[] };
  for (const [index, { status }] of (body.results ?? []).entries()) {
    const record = records[index];
    if (status !== "accepted" || record === undefined) continue;
    const text = vouchers.find((one) => one === record.voucher.trim());
    expect(text).toBeDefined();
    const claims = Buffer.from(splitVoucher(readText(text)).payload).toString("hex");
    expect(accepted.get(claims) ?? record.id).toBe(record.id);
    accepted.set(claims, record.id);
  }
}

type Schemas = Record<string, object>;

function examplesOf(requestBody: unknown, schemas: Schemas): never[] {
  const schema = Object.values((requestBody as { content?: object })?.content ?? {})[0]?.schema as
    | { $ref?: string }
    | undefined;
  const named = schemas[schema?.$ref?.split("/").at(-1) ?? ""] as { examples?: never[] } | undefined;
  return named?.examples ?? [];
}
