import type { RefusalCode } from "@doorproof/voucher";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../src/door/check.ts";
import type { Trusted } from "../../src/trust/accept.ts";
import { forgettable, latestSeen, purgeTime, raiseMark, timeOfAct } from "../../src/trust/clock.ts";
import type { Kind } from "../../src/trust/documents.ts";
import { base, fresh, offer, offerAt, version } from "../fixtures/offered-documents.ts";
import {
  DAY,
  documentKey,
  HOUR,
  ISSUER,
  issue,
  keyList,
  keyListOf,
  makeKey,
  manifest,
  NOW,
  nextDocumentKey,
  revocations,
  root,
  stop,
  voucherKey,
  window,
} from "../fixtures/signed-documents.ts";

describe("an offered document", () => {
  const refused: readonly [string, RefusalCode, () => Promise<[Kind, Uint8Array]>][] = [
    ["an older manifest", "older-document", async () => ["manifest", await manifest({ version: 4 })]],
    [
      "the same version with other bytes",
      "older-document",
      async () => ["manifest", await manifest({ version: 5, stops: [stop("P")] })],
    ],
    ["another route's", "foreign-document", async () => ["manifest", await manifest({ version: 6, route: "van-4" })]],
    [
      "another issuer's",
      "foreign-document",
      async () => ["revocations", await revocations({ version: 6, issuer: "evil" })],
    ],
    [
      "a stranger's signature",
      "unknown-key",
      async () => ["manifest", await manifest({ version: 6 }, makeKey("documents"))],
    ],
    ["an older revocation list", "older-document", async () => ["revocations", await revocations({ version: 4 })]],
    [
      "one dated outside its key's window",
      "key-not-valid",
      async () => ["revocations", await revocations({ version: 6, issuedAt: window.to })],
    ],
    ["a key list of another root", "unknown-key", async () => ["keys", await keyList({ version: 2 }, makeKey("root"))]],
    ["a manifest passed off as a key list", "malformed", async () => ["keys", await manifest({ version: 6 })]],
    ["a page", "malformed", async () => ["manifest", new TextEncoder().encode("<html>")]],
  ];
  test.each(refused)("%s is refused, and the one held stays", async (_, code, make) => {
    const before = await base();
    const after = await offer(before, await make());
    expect(after.refused).toEqual([code]);
    expect(version(after)).toEqual([5, 5]);
  });

  test("a newer one replaces the one held", async () => {
    const after = await offer(await base(), ["manifest", await manifest({ version: 6 })]);
    expect(version(after)).toEqual([5, 6]);
  });

  test("versions are remembered for each key, and an old one of one key is not played against the newer one of another", async () => {
    const old = await manifest({ version: 5 });
    const before = await offer(fresh, ["keys", await keyList()], ["manifest", old]);
    const rotated = await offer(before, ["manifest", await manifest({ version: 2 }, nextDocumentKey)]);
    expect(version(rotated)[1]).toBe(2);
    const replayed = await offer(rotated, ["manifest", old]);
    expect([version(replayed)[1], replayed.refused]).toEqual([2, []]);
    expect((await offer(rotated, ["manifest", await manifest({ version: 4 })])).refused).toEqual(["older-document"]);
  });

  test("a key that the list drops takes its documents with it, and the one before holds again", async () => {
    const before = await offer(await base(), ["manifest", await manifest({ version: 9 }, nextDocumentKey)]);
    const list = await keyList({
      version: 2,
      keys: keyListOf().keys.filter(({ publicKey }) => publicKey !== nextDocumentKey.publicKey),
    });
    expect(version(await offer(before, ["keys", list]))).toEqual([5, 5]);
  });
});

/** The issuer's time, and the device's, in hours after NOW. */
const at = (issuer: number, device = issuer) => ({ issuer: NOW + issuer * HOUR, device: NOW + device * HOUR });

describe("an issuer whose clock was wrong", () => {
  const ahead = { version: 9, issuedAt: NOW + 3 * DAY, expiresAt: NOW + 4 * DAY };
  const kinds = (times: { version: number; issuedAt: number }): readonly (readonly [Kind, Promise<Uint8Array>])[] => [
    ["keys", keyList(times)],
    ["revocations", revocations(times)],
    ["manifest", manifest(times)],
  ];

  test.each(["keys", "revocations", "manifest"] as const)("a %s dated ahead of its time is refused", async (kind) => {
    const before = await base();
    const made = (issuedAt: number) =>
      Promise.all(kinds({ version: 9, issuedAt }).map(async ([kind, bytes]) => [kind, await bytes] as const));
    const of = async (issuedAt: number) => (await made(issuedAt)).filter(([one]) => one === kind);
    const refused = await offerAt(at(1), before, ...(await of(NOW + HOUR + 301)));
    expect([refused.refused, refused.floor]).toEqual([["future-document"], NOW]);
    // Whatever this device's own clock says: it is the issuer's that is contradicted.
    expect((await offerAt(at(1, 400), before, ...(await of(NOW + HOUR + 301)))).refused).toEqual(["future-document"]);
    const taken = await offerAt(at(1), before, ...(await of(NOW + HOUR + 300)));
    expect([taken.refused, taken.floor]).toEqual([[], NOW + HOUR + 300]);
  });

  test("what it signed ahead is taken in a file, and one sync with the right time takes it back", async () => {
    const poisoned = await offer(
      await base(),
      ["revocations", await revocations(ahead)],
      ["manifest", await manifest(ahead)],
    );
    expect([poisoned.refused, poisoned.floor]).toEqual([[], NOW + 3 * DAY]);
    // By then it has lost its numbers: a restart, a restored backup. Lower versions of the same key.
    const right = { issuedAt: NOW + HOUR, expiresAt: NOW + DAY };
    const healed = await offerAt(
      at(1),
      poisoned,
      ["revocations", await revocations({ version: 6, ...right })],
      ["manifest", await manifest({ version: 6, ...right })],
    );
    expect([healed.refused, version(healed), healed.floor]).toEqual([[], [6, 6], NOW + HOUR]);
  });

  test("until each is replaced the floor stays, and so does what is held", async () => {
    const poisoned = await offer(await base(), ["manifest", await manifest(ahead)]);
    const half = await offerAt(at(1), poisoned, ["revocations", await revocations({ version: 6 })]);
    expect([version(half), half.floor]).toEqual([[6, 9], NOW + 3 * DAY]);
  });

  test("a server that states a past time brings no older document back: this device's clock contradicts it", async () => {
    const held = await offerAt(at(24), await base(), ["manifest", await manifest({ ...ahead, issuedAt: NOW + DAY })]);
    const replayed = await offerAt(at(1, 24), held, ["manifest", await manifest({ version: 6, issuedAt: NOW })]);
    expect([replayed.refused, version(replayed), replayed.floor]).toEqual([["older-document"], [5, 9], NOW + DAY]);
  });

  test("no key list is forgotten: the root's word is taken back by the root alone", async () => {
    const poisoned = await offer(await base(), ["keys", await keyList({ ...ahead, version: 9 })]);
    const older = await offerAt(at(1), poisoned, ["keys", await keyList({ version: 2 })]);
    expect([older.refused, older.floor]).toEqual([["older-document"], NOW + 3 * DAY]);
    const newer = await offerAt(at(1), poisoned, ["keys", await keyList({ version: 10, issuedAt: NOW + HOUR })]);
    expect([newer.refused, newer.floor]).toEqual([[], NOW + HOUR]);
  });

  test("the used-set is not purged by a floor that is ahead of this device's clock", () => {
    expect(purgeTime(NOW + 3 * DAY, NOW)).toBe(NOW);
    expect(purgeTime(NOW, NOW + 3 * DAY)).toBe(NOW);
  });
});

describe("the signed floor", () => {
  test("rises with every document and falls with the root's alone", async () => {
    const ahead = await offer(await base(), [
      "manifest",
      await manifest({ version: 6, issuedAt: NOW + 20 * DAY }, nextDocumentKey),
    ]);
    expect(ahead.floor).toBe(NOW + 20 * DAY);
    const later = await offer(ahead, [
      "manifest",
      await manifest({ version: 7, issuedAt: NOW + HOUR }, nextDocumentKey),
    ]);
    expect(later.floor).toBe(NOW + 20 * DAY);
    const healed = await offer(later, ["keys", await keyList({ version: 2, issuedAt: NOW + HOUR })]);
    expect(healed.floor).toBe(NOW + HOUR);
  });

  test.each([
    { floor: 1000, expiresAt: 1000, grace: 0, gone: false },
    // a clock may stand 300 s behind the floor: until then the voucher could be shown again
    { floor: 1300, expiresAt: 1000, grace: 0, gone: false },
    { floor: 1301, expiresAt: 1000, grace: 0, gone: true },
    { floor: 1500, expiresAt: 1000, grace: 600, gone: false },
    { floor: 1601, expiresAt: 1000, grace: 600, gone: true },
  ])("a used row of $expiresAt at the floor $floor, grace $grace: gone $gone", ({ gone, expiresAt, ...by }) => {
    expect(forgettable(expiresAt, by)).toBe(gone);
  });
});

const NAMED = [root.publicKey, makeKey("root").publicKey, new Uint8Array(32).fill(2)];

// docs/format.md section 8: no single clock, document or answer makes a device refuse for ever.
test("whatever one clock, one leaked key and one answer did, a right clock and one sync heal it", async () => {
  const time = fc.oneof(fc.nat(2 ** 32 - 1), fc.integer({ min: NOW - DAY, max: NOW + 40 * DAY }));
  const any = fc.oneof(fc.nat(9), fc.nat(2 ** 32 - 1));
  const bad = fc.oneof(
    fc.record({ do: fc.constant("record" as const), at: time }),
    fc.record({ do: fc.constant("answer" as const), at: time }),
    fc.record({ do: fc.constant("manifest" as const), version: any, issuedAt: time, expiresAt: time }),
    fc.record({
      do: fc.constant("revocations" as const),
      version: any,
      issuedAt: time,
      next: time,
      mine: fc.boolean(),
    }),
    // The root is offline and not leaked, but the clock of whoever signed with it may have been wrong.
    fc.record({
      do: fc.constant("keys" as const),
      version: fc.nat(50),
      issuedAt: fc.nat(2 ** 31),
      life: fc.nat(2 ** 30),
      // Nor are the roots that it names always there, or keys at all.
      roots: fc.subarray(NAMED),
    }),
  );
  const mine = await issue("PARCEL-1");
  const right = NOW + 2 * HOUR;
  const heal: (readonly [Kind, Uint8Array])[] = [
    [
      "keys",
      await keyList({
        version: 51,
        issuedAt: right,
        expiresAt: right + DAY,
        keys: keyListOf().keys.filter(({ publicKey }) => publicKey !== documentKey.publicKey),
      }),
    ],
    ["revocations", await revocations({ issuedAt: right, next: right + DAY }, nextDocumentKey)],
    [
      "manifest",
      await manifest({ issuedAt: right, expiresAt: right + DAY, stops: [stop("PARCEL-1")] }, nextDocumentKey),
    ],
  ];
  const start = await offer(fresh, ["keys", await keyList()]);

  await fc.assert(
    fc.asyncProperty(fc.array(bad, { maxLength: 6 }), async (events) => {
      let trusted: Trusted = start;
      let mark = 0;
      for (const event of events) {
        if (event.do === "record")
          mark = raiseMark({ floor: trusted.floor, mark }, timeOfAct(event.at, { floor: trusted.floor, mark }));
        else if (event.do === "answer") mark = event.at;
        else trusted = await offer(trusted, [event.do, await signBad(event)]);
      }
      // one sync: the answer, then the documents
      mark = right;
      const { trust, floor, refused } = await offer(trusted, ...heal);
      expect(refused).toEqual([]);
      const seen = latestSeen({ floor, mark });
      const state = {
        issuer: ISSUER,
        enrolled: true,
        trust,
        now: right,
        seen,
        delivery: "PARCEL-1",
        agreed: false,
        dispatcherAsked: false,
        used: () => undefined,
      };
      expect(check(mine.text, state)).toMatchObject({ kind: "valid", voucher: { notes: [] } });
    }),
    { numRuns: 150 },
  );

  type Bad =
    | { do: "manifest"; version: number; issuedAt: number; expiresAt: number }
    | { do: "revocations"; version: number; issuedAt: number; next: number; mine: boolean }
    | { do: "keys"; version: number; issuedAt: number; life: number; roots: readonly Uint8Array[] };

  async function signBad(event: Bad): Promise<Uint8Array> {
    switch (event.do) {
      case "manifest":
        return manifest({
          version: event.version,
          issuedAt: event.issuedAt,
          expiresAt: event.expiresAt,
          revoked: mine.cti,
        });
      case "revocations":
        return revocations({
          version: event.version,
          issuedAt: event.issuedAt,
          next: event.next,
          ctis: event.mine ? [mine.cti] : [],
          kids: event.mine ? [voucherKey.kid] : [],
        });
      case "keys":
        return keyList(
          {
            version: event.version,
            issuedAt: event.issuedAt,
            expiresAt: event.issuedAt + event.life + 1,
            roots: event.roots,
          },
          root,
        );
    }
  }
});
