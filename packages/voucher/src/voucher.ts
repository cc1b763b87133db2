import { concat } from "./bytes.ts";
import { malformed } from "./refusal.ts";
import { bytesToSign, KID_LENGTH, SIGNATURE_LENGTH, type Signed, writeSign1 } from "./sign1.ts";

export const MIN_VOUCHER_LENGTH = 82;
export const MAX_VOUCHER_LENGTH = 152;

/** kid (4) || signature (64) || payload: of the COSE_Sign1, only what cannot be rebuilt (docs/format.md section 1). */
export function joinVoucher({ kid, signature, payload }: Signed): Uint8Array {
  return concat(kid, signature, payload);
}

/**
 * Step 2 of reading: fixed offsets, so that nothing is parsed before the signature holds.
 *
 * @returns views into `voucher` of which nothing has been checked but the length
 * @throws {Refusal} `malformed`, step `length`
 */
export function splitVoucher(voucher: Uint8Array): Signed {
  if (voucher.length < MIN_VOUCHER_LENGTH || voucher.length > MAX_VOUCHER_LENGTH) {
    malformed("length");
  }
  const payloadAt = KID_LENGTH + SIGNATURE_LENGTH;
  return {
    kid: voucher.subarray(0, KID_LENGTH),
    signature: voucher.subarray(KID_LENGTH, payloadAt),
    payload: voucher.subarray(payloadAt),
  };
}

/** What a voucher's signature is over. */
export function voucherBytesToSign(kid: Uint8Array, payload: Uint8Array): Uint8Array {
  return bytesToSign("voucher", kid, payload);
}

/**
 * The COSE_Sign1 that a voucher abbreviates, for any COSE library. Checks nothing but the length: verify before you
 * believe.
 * @throws {Refusal} `malformed`, step `length`
 */
export function expandVoucher(voucher: Uint8Array): Uint8Array {
  return writeSign1("voucher", splitVoucher(voucher));
}
