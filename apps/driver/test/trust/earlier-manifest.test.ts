import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import { type HeldDocument, type Identity, judgeDocument, readTrust } from "../../src/trust/documents.ts";
import { stopLine } from "../../src/trust/stop-line.ts";

// What a phone holds of the days when a stop had five items. The whole app with it: test/app/earlier.system.test.ts.

const { identity, held } = readPhone();
const manifest = held.find(({ kind }) => kind === "manifest");
if (!manifest) throw new Error("the phone of then holds a manifest");

describe("a manifest from before stops said who may take them", () => {
  test("is read where it is held: its labels are addresses, and anybody may take what it brings", () => {
    const stops = readTrust(identity, held)?.manifest?.stops ?? [];
    expect(stops.map(stopLine)).toEqual([2, 3, 4, 5].map((number) => `${number} Mill Lane`));
    expect(stops.map(({ asks, takers, parcels, call }) => [asks, takers, parcels.length, call])).toEqual(
      stops.map(() => [0, 15, 0, null]),
    );
  });

  test("is refused where it is offered", () => {
    const others = held.filter(({ kind }) => kind !== "manifest");
    const trust = readTrust(identity, others);
    const offer = () => judgeDocument("manifest", manifest.document, { identity, trust, held: others, time: null });
    expect(offer).toThrow(new Refusal("malformed", { step: "payload" }));
  });
});

function readPhone(): { identity: Identity; held: readonly HeldDocument[] } {
  const path = join(import.meta.dirname, "../fixtures/be8a529/phone.json");
  const { databases } = JSON.parse(readFileSync(path, "utf8"), (_, value) =>
    typeof value?.$bytes === "string" ? new Uint8Array(Buffer.from(value.$bytes, "base64")) : value,
  );
  const rows = (store: string) =>
    databases.flatMap(({ stores }: { stores: { name: string; rows: unknown[] }[] }) =>
      stores.filter(({ name }) => name === store).flatMap((one) => one.rows),
    );
  return { identity: rows("device")[0].identity, held: rows("documents") };
}
