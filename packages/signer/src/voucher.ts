import type { Claims } from "@doorproof/voucher";
import { joinVoucher, writePayload, writeText } from "@doorproof/voucher/codec";
import { sign } from "./sign.ts";
import type { SigningKey } from "./signing-key.ts";

const DAY = 86_400;

/**
 * Seven days, in seconds, unless the policy says otherwise: whoever finds an old SMS holds a bearer token, so it should
 * not stay valid for long.
 */
export const MAX_VOUCHER_LIFE: number = 7 * DAY;

/**
 * Signs a voucher.
 *
 * @returns voucher text
 * @throws {RangeError} claims that the policy or the format does not allow
 * @throws {Error} a faulty or wrong key: nothing is returned
 */
export async function signVoucher(
  claims: Claims,
  { key, until, now, maxLife = MAX_VOUCHER_LIFE, selfCheck = true }: VoucherPolicy,
): Promise<string> {
  const { expiresAt } = claims;
  // Not `expiresAt <= now`: a comparison with undefined or NaN is false, and so refuses here instead of passing.
  if (!(expiresAt > now)) throw new RangeError("voucher would be expired when it is signed");
  if (!(expiresAt <= until)) throw new RangeError("voucher would outlive its key");
  if (!(expiresAt - now <= maxLife)) throw new RangeError(`voucher would live longer than ${maxLife / DAY} days`);
  return writeText(joinVoucher(await sign("voucher", writePayload(claims), { key, selfCheck })));
}

/** What a voucher is signed with, and how long it may live. Times are seconds since 1970. */
export interface VoucherPolicy {
  /** Of the use `vouchers`. */
  readonly key: SigningKey;
  /** When the key's window ends: no voucher outlives its key. */
  readonly until: number;
  readonly now: number;
  /** Seconds; {@link MAX_VOUCHER_LIFE} where it is left out. */
  readonly maxLife?: number;
  /**
   * Is the signature verified before it leaves? False only where speed was weighed against that: one faulty signature
   * gives the key away.
   */
  readonly selfCheck?: boolean;
}
