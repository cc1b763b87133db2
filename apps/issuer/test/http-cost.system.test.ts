import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { PERMISSIONS } from "@doorproof/api/lists";
import { expect, test } from "vitest";
import { enrolPhone, issueAll } from "./dispatch-world.ts";
import { filledBodies } from "./filled-bodies.ts";
import { type Api, describeApi } from "./openapi.ts";

// No request is dear: what is refused costs little, and twice as much of it costs twice as much. Every route that takes
// a body, every shape that could be repeated, filled to the body's limit.

const KIB = 1024;
const MIB = 1024 * KIB;
/** Milliseconds, and MiB, that a refused request may cost. */
const MOST_CPU = 50;
const MOST_MEMORY = 32;
/** From the largest; a route's is the first that is not 413. */
const LIMITS = [256 * KIB, 64 * KIB, 16 * KIB];

/** An issuer, and what it says of itself. */
interface Described extends Api {
  readonly token: { readonly authorization: string };
}

async function describeIssuer(): Promise<Described> {
  const api = await describeApi();
  return { ...api, token: await api.world.authorize(...PERMISSIONS) };
}

test("what is refused costs no more than its bytes, in time, memory and answer, on every route with a body", async () => {
  const api = await describeIssuer();
  const withBody = api.operations.filter(([, { requestBody }]) => requestBody);
  expect(withBody.length).toBeGreaterThan(6);
  const dear: string[] = [];
  for (const [route, operation] of withBody) {
    const limit = await limitOf(api, route);
    for (const [shape, fill] of Object.entries(filledBodies(api, operation))) {
      const whole = fill(limit - 1);
      const cost = await measure(api, route, whole);
      const ofHalf = await measure(api, route, fill(limit / 2));
      const told = `${route}, ${shape}, ${whole.length} bytes: ${JSON.stringify(cost)}, half of it ${ofHalf.cpu} ms`;
      if (cost.status >= 500) dear.push(`${told}: a fault of this side`);
      if (cost.cpu >= MOST_CPU) dear.push(`${told}: ${MOST_CPU} ms`);
      const isSteep = ({ cpu }: Cost) => ofHalf.cpu > 10 && cpu >= 3 * ofHalf.cpu;
      // Once more, for the same neighbours.
      if (isSteep(cost) && isSteep(await measure(api, route, whole))) dear.push(`${told}: more than linear`);
      if (cost.memory >= MOST_MEMORY) dear.push(`${told}: ${MOST_MEMORY} MiB`);
      if (cost.answer > 4 * whole.length + 8 * KIB) dear.push(`${told}: longer than four times the body and 8 KiB`);
    }
  }
  expect(dear).toEqual([]);
});

const fieldsOf = (count: number, name: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), 0]));

test.each<[what: string, records: readonly unknown[], answered: string]>([
  ["one of nothing", [{}], "1 refused"],
  ["one with half an ID", [{ id: "" }], "1 refused"],
  ["500 with a short one", Array(500).fill({ id: "a", x: 1 }), "500 refused"],
  ["40 that cannot be named", Array(40).fill(null), "40 refused"],
  ["41 that cannot be named", Array(41).fill(null), "invalid-request"],
  ["501", Array(501).fill({ id: "a" }), "invalid-request"],
  ["one of 101 unknown fields", [fieldsOf(101, (index) => `f${index}`)], "1 refused"],
  ["one with a field of a long name", [{ id: "a", ...fieldsOf(1, () => "~".repeat(100_000)) }], "1 refused"],
  ["one with a long ID", [{ id: '"'.repeat(100_000) }], "1 refused"],
])("records that cannot be read are told in four times their bytes and 8 KiB: %s", async (_, records, answered) => {
  const api = await describeIssuer();
  const body = JSON.stringify({ records });
  const answer = await api.world.app.inject(request(api, "POST /v1/redemptions", body));
  expect(answer.payload.length).toBeLessThan(4 * body.length + 8 * KIB);
  const { results, code, errors } = answer.json();
  expect(results ? `${results.length} ${results[0].status}` : code).toBe(answered);
  expect((errors ?? results.flatMap((one: { errors?: object[] }) => one.errors ?? [])).length).toBeLessThanOrEqual(100);
});

test("500 good records: others are served while they are read, and after each is decided", async () => {
  const { app, deps } = (await describeApi()).world;
  const phone = await enrolPhone(deps, "north");
  const vouchers = await issueAll(
    deps,
    Array.from({ length: 500 }, (_, index) => `D${index}`),
  );
  const at = new Date(deps.now() * 1000).toISOString();
  const records = vouchers.map(({ voucher }, index) => ({
    id: randomUUID(),
    seq: index + 1,
    voucher,
    via: "scan",
    at,
    takenBy: "recipient",
  }));
  let served = 0;
  let over = false;
  const others = (async () => {
    for (; !over; served++) await setImmediate();
  })();
  const answer = await app.inject({
    method: "POST",
    url: "/v1/redemptions",
    headers: { authorization: `Bearer ${phone.token}` },
    payload: { records },
  });
  over = true;
  await others;
  expect(answer.json().results).toHaveLength(500);
  expect(served).toBeGreaterThan(2 * 490);
});

function request({ token }: Described, route: string, payload: string) {
  const [method = "", path = ""] = route.split(" ");
  const url = path.replace(/\{\w+\}/g, "north");
  return { method: method as "POST", url, headers: { ...token, "content-type": "application/json" }, payload };
}

async function limitOf(api: Described, route: string): Promise<number> {
  for (const limit of LIMITS) {
    const { statusCode } = await api.world.app.inject(request(api, route, `"${"x".repeat(limit - 3)}"`));
    if (statusCode !== 413) return limit;
  }
  throw new Error(`${route} takes no body of ${LIMITS.at(-1)} bytes`);
}

interface Cost {
  readonly status: number;
  /** Milliseconds of CPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly answer: number;
}

/**
 * The cheapest of three runs, or of twelve while it looks dear: a collection of garbage, or neighbours on the same core,
 * are nobody's cost, and what is dear is so each time.
 */
async function measure(api: Described, route: string, body: string): Promise<Cost> {
  let least: Cost | undefined;
  for (let run = 0; run < 3 || (run < 12 && least && (least.cpu >= MOST_CPU || least.memory >= MOST_MEMORY)); run++) {
    const memory = process.memoryUsage.rss();
    const cpu = process.cpuUsage();
    const { statusCode: status, payload } = await api.world.app.inject(request(api, route, body));
    const { user, system } = process.cpuUsage(cpu);
    const grown = process.memoryUsage.rss() - memory;
    least = {
      status,
      cpu: Math.min(least?.cpu ?? Infinity, Math.round((user + system) / 1000)),
      memory: Math.min(least?.memory ?? Infinity, Math.round(grown / MIB)),
      answer: Math.max(least?.answer ?? 0, payload.length),
    };
  }
  if (least === undefined) throw new Error("no run");
  return least;
}
