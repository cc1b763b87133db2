import {
  deriveShortCode,
  sealVoucher,
  signKeyList,
  signManifest,
  signRevocations,
  signVoucher,
} from "@doorproof/signer";
import { formatShortCode, hashPhone, type Manifest } from "@doorproof/voucher";
import { expect, test } from "vitest";
import { expectRefusal, expectRejection } from "../../voucher/test/refuses.ts";
import { openKeyList, openManifest, openRevocations, openShortCode, verifyVoucher } from "../src/index.ts";
import { nodeScrypt } from "./node-scrypt.ts";
import { DAY, NOW, vectorKey } from "./world.ts";

// The whole way of a voucher, made by the signer and checked here: the rooms meet in tests alone.

const root = vectorKey("root", "root");
const voucherKey = vectorKey("voucher", "vouchers");
const documentKey = vectorKey("document", "documents");
const held = () => null;
const issuer = "acme";
const window = { from: NOW - DAY, to: NOW + 30 * DAY };

test("seal, manifest, code, voucher", async () => {
  const list = await signKeyList(
    {
      issuer,
      version: 1,
      issuedAt: NOW,
      expiresAt: NOW + DAY,
      grace: 3600,
      keys: [
        { use: "vouchers", publicKey: voucherKey.publicKey, ...window },
        { use: "documents", publicKey: documentKey.publicKey, ...window },
      ],
      roots: [],
    },
    { root },
  );
  const keys = openKeyList(list, { issuer, roots: [root.publicKey], held });

  const secret = new Uint8Array(32).fill(9);
  const claims = {
    deliveryId: "RR123456785DE",
    expiresAt: NOW + DAY,
    cti: new Uint8Array(8).fill(3),
    phoneHash: hashPhone("+447700900123"),
  };
  const text = await signVoucher(claims, { key: voucherKey, now: NOW, until: window.to });
  const shortCode = deriveShortCode(secret, { kid: voucherKey.kid, cti: claims.cti });

  const seal = await sealVoucher(text, {
    deliveryId: claims.deliveryId,
    shortCode,
    salt: new Uint8Array(16).fill(5),
    logN: 15,
  });
  const spelled = await sealVoucher(text, {
    deliveryId: claims.deliveryId,
    shortCode: formatShortCode(shortCode),
    salt: new Uint8Array(16).fill(5),
    logN: 15,
  });
  expect(spelled).toEqual(seal);

  const rest = { named: "Jo", window: null, parcels: ["JD0002"], call: "tel:+442079460000", asks: 17, takers: 3 };
  const label = { name: null, address: "12 Mill Lane", hint: "ring twice" };
  const route: Manifest = {
    issuer,
    route: "van-3",
    version: 1,
    issuedAt: NOW,
    expiresAt: NOW + DAY,
    country: "44",
    logN: 15,
    stops: [{ deliveryId: claims.deliveryId, label, ...rest, ...seal }],
    revoked: new Uint8Array(),
  };
  const manifest = openManifest(await signManifest(route, { key: documentKey }), { keys, route: "van-3", held });
  expect(manifest).toEqual(route);

  const [stop] = manifest.stops;
  if (!stop) expect.unreachable("the manifest has one stop");
  const opened = await openShortCode(formatShortCode(shortCode).toLowerCase(), {
    stop,
    logN: manifest.logN,
    scrypt: nodeScrypt,
  });
  expect(opened).toBe(text);
  await expectRejection("wrong-code", () =>
    openShortCode("7KQ4M-2XN8P", { stop, logN: manifest.logN, scrypt: nodeScrypt }),
  );

  const empty = await signRevocations(
    { issuer, version: 1, issuedAt: NOW, next: NOW + DAY, kids: [], ctis: [] },
    { key: documentKey },
  );
  const revocations = openRevocations(empty, { keys, held });
  const question = { keys, now: NOW, delivery: claims.deliveryId, manifest, revocations, phones: ["+447700900123"] };
  expect(verifyVoucher(opened, question).notes).toEqual([]);

  const withdrawn = await signRevocations(
    { issuer, version: 2, issuedAt: NOW, next: NOW + DAY, kids: [], ctis: [claims.cti] },
    { key: documentKey },
  );
  const later = openRevocations(withdrawn, { keys, held: () => ({ version: 1, document: empty }) });
  expectRefusal("revoked", () => verifyVoucher(opened, { ...question, revocations: later }));
  expectRefusal("older-document", () =>
    openRevocations(empty, { keys, held: () => ({ version: 2, document: withdrawn }) }),
  );
});
