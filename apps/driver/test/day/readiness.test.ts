import { expect, test } from "vitest";
import { type Session, viewReadiness } from "../../src/day/readiness.ts";
import { en } from "../../src/languages/en.ts";
import { type Device, EMPTY, NEW_DEVICE } from "../../src/ledger/rows.ts";
import { readinessFacts } from "../../src/screens/readiness.tsx";
import { base, identity } from "../fixtures/offered-documents.ts";
import { HOUR, NOW } from "../fixtures/signed-documents.ts";

const session: Session = { sync: null, syncing: false, documentRefused: null, version: "1", persisted: true };

// The lists that are held were signed at NOW: a clock that stands before that is behind, whatever the last sync said.
test.each<[string, number, Partial<Device>, readonly string[], (readonly string[])?]>([
  ["the clock is right", 0, { clockDifference: 0 }, ["Clock right"], []],
  ["300 s before the lists", -300, { clockDifference: 0 }, ["Clock right"], []],
  ["two hours before the lists, set so since the sync", -2 * HOUR, { clockDifference: 0 }, ["Clock 2 hrs behind!"]],
  ["two hours before the lists, and no sync yet", -2 * HOUR, { clockDifference: null }, ["Clock 2 hrs behind!"]],
  ["before the last record", 0, { clockDifference: 0, mark: NOW + 3 * HOUR }, ["Clock 3 hrs behind!"]],
  ["behind by more than the lists can tell", -2 * HOUR, { clockDifference: 5 * HOUR }, ["Clock 5 hrs behind!"]],
  ["ahead at the last sync", HOUR, { clockDifference: -HOUR }, ["Clock 1 hr ahead!"], []],
])("%s", async (_, clock, known, said, saidWithoutNetwork = said) => {
  const { trust, floor } = await base();
  const contents = { ...EMPTY, device: { ...NEW_DEVICE, identity, floor, ...known } };
  const ready = viewReadiness({ contents, trust }, session, NOW + clock);
  const clockIn = (network: boolean) =>
    readinessFacts(ready, en, { onRoute: true, network })
      .filter(({ text }) => text.startsWith("Clock"))
      .map(({ text, bad }) => (bad ? `${text}!` : text));
  expect([clockIn(true), clockIn(false)]).toEqual([said, saidWithoutNetwork]);
});
