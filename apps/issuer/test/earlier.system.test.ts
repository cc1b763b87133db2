import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openDeps } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { listVouchers, showWithSecrets, type VoucherView } from "../src/domain/vouchers/show.ts";
import type { StoreDeps } from "../src/store/store.ts";
import { appOf } from "./http-world.ts";
import { COURIER, makeFolder, record, redeemNow, redeemOne, seededRandom } from "./world.ts";

// An operator updates the program and keeps their folders. Each of these was made by that commit, by its own program; fixtures/README.md tells how.
// What a later version changes on purpose gets a line in the CHANGELOG and a fixture of its own: these stay.

const EARLIER = ["be8a529"];

describe.each(EARLIER)("DATA_DIR and KEYS_DIR of %s", (commit) => {
  test("every voucher is shown as it went out: text, short code, link, label", async () => {
    const { deps, said } = await open(commit);
    const { data } = await listVouchers(deps, { limit: 100 });
    const whole = await Promise.all(data.map(({ id }) => showWithSecrets(deps, id)));
    expect(whole.map(shown)).toEqual([...said.vouchers, said.idempotent.answer].reverse().map(shown));
  });

  test("an open voucher is accepted, once", async () => {
    const { deps, said } = await open(commit);
    const voucher = voucherOf(said, said.open);
    expect((await redeemNow(deps, voucher, COURIER)).status).toBe("accepted");
    expect((await redeemNow(deps, voucher, COURIER)).status).toBe("duplicate");
  });

  test("what was decided stays decided, the conflict among it", async () => {
    const { deps, said } = await open(commit);
    const { data } = await listRedemptions(deps, { limit: 100 });
    const brief = data.map(({ id, deliveryId, status, code, reporter, by }) => [
      id,
      deliveryId,
      status,
      code,
      reporter,
      by?.id,
    ]);
    const before = said.redemptions.map(({ id, deliveryId, status, code, reporter, by }) => [
      id,
      deliveryId,
      status,
      code,
      reporter,
      by?.id,
    ]);
    expect(before.map(([, , status]) => status).sort()).toEqual(["accepted", "accepted", "conflict"]);
    expect(brief).toEqual(before.reverse());
    const taken = voucherOf(said, "RR000000006DE");
    expect((await redeemOne(deps, record(taken, { at: said.now }), COURIER)).status).toBe("conflict");
  });

  test("an API key, a device's token and an Idempotency-Key go on working", async () => {
    const { deps, said, folder } = await open(commit);
    const { app } = await appOf({ deps, folder });
    onTestFinished(() => app.close());
    const { key, request, answer } = said.idempotent;
    const again = await app.inject({
      method: "POST",
      url: "/v1/vouchers",
      headers: { authorization: `Bearer ${said.apiKey}`, "idempotency-key": key },
      payload: request,
    });
    // Its message has gone out meanwhile, and what was not said then asks nothing; all else is as it was said.
    expect([again.statusCode, again.json()]).toEqual([
      201,
      { ...answer, ...STOP, sms: { parts: 1, status: "logged" } },
    ]);
    const manifest = await app.inject({
      url: "/v1/manifests/north-1",
      headers: { authorization: `Bearer ${said.deviceToken}` },
    });
    expect(manifest.statusCode).toBe(200);
    const { stops } = (
      await app.inject({ url: "/v1/routes/north-1", headers: { authorization: `Bearer ${said.apiKey}` } })
    ).json();
    expect(stops).toEqual(said.route.stops);
  });
});

/** What the program of that commit answered, and when; `keys` are the files of KEYS_DIR by name. */
interface Said {
  readonly now: number;
  readonly origin: string;
  readonly apiKey: string;
  readonly deviceToken: string;
  readonly vouchers: readonly Shown[];
  /** A delivery that nobody has brought yet. */
  readonly open: string;
  readonly idempotent: { readonly key: string; readonly request: object; readonly answer: Shown };
  readonly redemptions: readonly {
    readonly id: string;
    readonly deliveryId: string;
    readonly status: string;
    readonly code: string | null;
    readonly reporter: string;
    readonly by: { readonly id: string } | null;
  }[];
  readonly route: { readonly stops: readonly object[] };
}

/** What was one label then is the address now. */
type Shown = Pick<VoucherView, "id" | "deliveryId" | "voucher" | "shortCode" | "link"> & {
  label: string | VoucherView["label"];
};

async function open(commit: string): Promise<{ deps: StoreDeps; said: Said; folder: string }> {
  const fixture = join(import.meta.dirname, "fixtures", commit);
  const read = <T>(name: string) => JSON.parse(readFileSync(join(fixture, name), "utf8")) as T;
  const said = read<Said>("said.json");
  const folder = makeFolder();
  for (const [name, base64] of Object.entries(read<Record<string, string>>("keys.json"))) {
    const path = join(folder, "keys", name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, Buffer.from(base64, "base64"), { mode: 0o600 });
  }
  mkdirSync(join(folder, "data"));
  for (const name of ["doorproof.sqlite", "outbox.ndjson"])
    copyFileSync(join(fixture, name), join(folder, "data", name));
  const environment = {
    PUBLIC_URL: said.origin,
    KEYS_DIR: join(folder, "keys"),
    DATA_DIR: join(folder, "data"),
    DEFAULT_COUNTRY: "GB",
  };
  const deps = await openDeps(readConfig(environment), {
    now: () => said.now,
    uptime: () => 0,
    random: seededRandom(commit),
  });
  onTestFinished(() => deps.store.close());
  return { deps, said, folder };
}

function voucherOf({ vouchers }: Said, delivery: string): VoucherView {
  const found = vouchers.find(({ deliveryId }) => deliveryId === delivery);
  if (!found) throw new Error(`the fixture has no ${delivery}`);
  return found as VoucherView;
}

const STOP = { parcels: [], call: null, asks: [], takers: ["recipient", "neighbour", "safe-place", "reception"] };

function shown({ id, deliveryId, voucher, shortCode, link, label }: Shown): Shown {
  return {
    id,
    deliveryId,
    voucher,
    shortCode,
    link,
    label: typeof label === "object" ? (label?.address ?? null) : label,
  };
}
