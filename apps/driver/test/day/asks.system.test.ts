import { expect, test } from "vitest";
import { resetIssuer } from "../fixtures/fake-issuer.ts";
import { documents, issuer, one, phone } from "../fixtures/one-phone.ts";
import { manifest, ROUTE, sealedStop } from "../fixtures/signed-documents.ts";

// What a stop asks and allows, at the door (docs/format.md section 4).

async function enrolFor(bits: { asks?: number; takers?: number }) {
  const stops = [{ ...(await sealedStop(one)), ...bits }];
  resetIssuer(issuer, new Map([...documents, [`/v1/manifests/${ROUTE}`, await manifest({ stops })]]));
  await phone.enrol();
}

test("asked what the app does not know: no green before the tap that the dispatcher was asked", async () => {
  await enrolFor({ asks: 32 });
  // With no stop open it is two taps: one names the parcel, the other says that the dispatcher was asked.
  expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "decide", why: "name-delivery" });
  expect((await phone.call("decide", "hand-over")).outcome).toMatchObject({ kind: "decide", why: "ask-dispatcher" });
  const done = await phone.call("decide", "hand-over");
  expect([done.outcome, done.log]).toMatchObject([{ kind: "accept", deliveryId: "P-1" }, [{ kind: "redemption" }]]);
});

test("who may not take it is not written down for who did", async () => {
  await enrolFor({ takers: 8 });
  await phone.call("openStop", "P-1");
  expect((await phone.call("scanned", one.text)).log).toMatchObject([{ kind: "redemption", takenBy: "reception" }]);
});

test("nobody whom the app knows may take it: no tap makes it green", async () => {
  await enrolFor({ takers: 16 });
  await phone.call("openStop", "P-1");
  expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "decide", why: "nobody" });
  const still = await phone.call("decide", "hand-over");
  expect([still.outcome, still.log]).toMatchObject([{ kind: "decide", why: "nobody" }, []]);
});
