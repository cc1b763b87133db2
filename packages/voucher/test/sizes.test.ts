import { expect, test } from "vitest";
import { joinVoucher, writeKeyList, writePayload, writeRevocationList, writeSign1, writeText } from "../src/codec.ts";

// Alphanumeric capacity of a QR code at level M (ISO/IEC 18004 table 7): version 6 (41x41) 154, version 7 (45x45) 178,
// 8 (49x49) 221.
test.each([
  ["RR123456785DE", 100, 154],
  ["1", 88, 136],
  ["JVGL0123456789012345678-0001", 116, 178],
  ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", 103, 159],
  ["e481f51cbdc54678b7cc49136f2d6af7", 120, 184],
  ["z".repeat(64), 152, 232],
])("%s: %i bytes, %i characters", (deliveryId, bytes, characters) => {
  const payload = writePayload({ deliveryId, expiresAt: 1_800_000_000, cti: new Uint8Array(8), phoneHash: 4095 });
  const voucher = joinVoucher({ kid: new Uint8Array(4), signature: new Uint8Array(64), payload });
  expect(voucher.length).toBe(bytes);
  expect(writeText(voucher).length).toBe(characters);
});

// What a device fetches in the morning, over whatever network there is: 90 kB for both lists is the promise.
test("a key list of 8 keys and a revocation list of 10,000 entries", () => {
  const list = { issuer: "acme.example", version: 1_000, issuedAt: 1_800_000_000 };
  const key = { use: "vouchers", publicKey: new Uint8Array(32), from: 1_800_000_000, to: 1_803_000_000 } as const;
  const keys = {
    ...list,
    expiresAt: 1_831_000_000,
    grace: 64_800,
    keys: Array(8).fill(key),
    roots: [new Uint8Array(32)],
  };
  const revocations = { ...list, next: 1_800_021_600, kids: new Uint8Array(), ctis: new Uint8Array(80_000) };
  const signed = (payload: Uint8Array) => ({ kid: new Uint8Array(4), payload, signature: new Uint8Array(64) });
  expect(writeSign1("keys", signed(writeKeyList(keys))).length).toBe(555);
  expect(writeSign1("revocations", signed(writeRevocationList(revocations))).length).toBe(80_163);
});
