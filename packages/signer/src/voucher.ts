import { type Claims, joinVoucher, writePayload, writeText } from "@doorproof/voucher";
import { sign } from "./sign.ts";
import type { SigningKey } from "./signing-key.ts";

const DAY = 86_400;

/** A bearer token in an SMS should not live longer than anybody remembers it. */
export const MAX_VOUCHER_LIFE: number = 7 * DAY;

/**
 * Signs a voucher.
 *
 * @param until when the key's window ends, seconds since 1970: no voucher outlives its key
 * @param now seconds since 1970
 * @param maxLife seconds, by the issuer's policy
 * @returns voucher text
 * @throws {RangeError} claims that policy or format forbid
 * @throws {Error} a faulty or wrong key; no text leaves
 */
export async function signVoucher(
  claims: Claims,
  { key, until, now, maxLife = MAX_VOUCHER_LIFE, selfCheck = true }: VoucherPolicy,
): Promise<string> {
  const { expiresAt } = claims;
  // Said this way round, a missing number compares false and refuses.
  if (!(expiresAt > now)) throw new RangeError("voucher would be expired when it is signed");
  if (!(expiresAt <= until)) throw new RangeError("voucher would outlive its key");
  if (!(expiresAt - now <= maxLife)) throw new RangeError(`voucher would live longer than ${maxLife / DAY} days`);
  return writeText(joinVoucher(await sign("voucher", writePayload(claims), { key, selfCheck })));
}

export interface VoucherPolicy {
  readonly key: SigningKey;
  readonly until: number;
  readonly now: number;
  readonly maxLife?: number;
  readonly selfCheck?: boolean;
}
