import { writeJwks } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import type { DayPage } from "../fixtures/day-page.ts";
import { documents, issuer, one, phone, two } from "../fixtures/one-phone.ts";
import { ROUTE, rootPin, voucherKey } from "../fixtures/signed-documents.ts";

declare const dayPage: DayPage;

// A courier who works for nobody here: keys pinned by hand, a list of their own, and no assignment to check.

describe("third-party mode", () => {
  const jwks = JSON.stringify(writeJwks("acme", [voucherKey.publicKey]));

  test("with a bare key set: scans, and the result says what nobody checked", async () => {
    const pinned = await phone.call("pin", { text: jwks });
    expect([pinned.phase, pinned.trouble]).toEqual(["third-party", null]);
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "decide", why: "old-list" });
    const notes = ["keys-unsigned", "no-revocations", "assignment-not-checked"];
    expect((await phone.call("decide", "hand-over")).outcome).toMatchObject({ kind: "accept", issuer: "acme", notes });
    await phone.call("openStop", "P-1");
    await phone.advance(4);
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ code: "already-used" });
  });

  test("with a root: lists come signed, and sealed stops open", async () => {
    const link = `${issuer.origin}/driver/#issuer=acme&root=${rootPin}`;
    expect((await phone.call("pin", { text: link })).phase).toBe("third-party");
    const { readiness } = await phone.settled();
    expect(readiness).toMatchObject({ sync: "done", keysAge: 0, revocationsAge: 0, clockDifference: 0 });
    const scanned = await phone.call("scanned", two.text);
    expect(scanned.outcome).toMatchObject({
      kind: "decide",
      why: "name-delivery",
      notes: ["delivery-not-compared", "assignment-not-checked"],
    });
    await phone.call("decide", "hold-back");
    const sealed = [...(documents.get(`/v1/manifests/${ROUTE}`) ?? [])];
    await phone.page.evaluate((bytes) => dayPage.day.pin({ bytes: Uint8Array.from(bytes) }), sealed);
    expect((await phone.seen()).stops).toHaveLength(3);
    expect((await phone.call("typed", one.code, "P-1")).outcome).toMatchObject({
      kind: "accept",
      via: "code",
      notes: [],
    });
  });

  test.each([
    ["a stranger's root", () => `${issuer.origin}/driver/#issuer=acme&root=${"01".padEnd(64, "0")}`, "no-keys"],
    ["another issuer's name", () => `${issuer.origin}/driver/#issuer=evil&root=${rootPin}`, "no-keys"],
    ["another origin", () => "https://evil.example/jwks.json", "no-connection"],
    [
      "a right root by way of another origin",
      () => `https://evil.example/driver/#issuer=acme&root=${rootPin}`,
      "no-connection",
    ],
    ["words", () => "hello", "no-keys"],
    [
      "a private key",
      () => JSON.stringify({ issuer: "acme", keys: [{ kty: "OKP", crv: "Ed25519", x: "AA", d: "AA" }] }),
      "no-keys",
    ],
  ])("not with %s", async (_, text, trouble) => {
    const pinned = await phone.call("pin", { text: text() });
    expect([pinned.phase, pinned.trouble]).toEqual(["not-enrolled", trouble]);
  });
});
