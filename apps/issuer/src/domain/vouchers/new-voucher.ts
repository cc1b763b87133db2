import { drawCti, signVoucher } from "@doorproof/signer";
import { hashPhone } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import type { Surroundings } from "../ports.ts";
import { hashLink, secretId } from "./derive.ts";
import type { VoucherRow, VoucherRows } from "./rows.ts";

/**
 * Draws and signs a voucher that is not stored yet. It is signed before anything is written, so that a faulty or
 * missing key stops the request and leaves no delivery without a voucher. Whether its cti is new is found out when it
 * is stored.
 *
 * @param phone E.164
 * @throws {IssueError} `no-signing-key`
 */
export async function newVoucher(
  { keyring, secrets, policy, random }: Surroundings,
  { deliveryId, phone, expiresAt, now }: { deliveryId: string; phone: string; expiresAt: number; now: number },
): Promise<VoucherRow> {
  const { key, until } = keyring.voucherKey({ now, expiresAt });
  const [codeSecret] = secrets.codes;
  if (!codeSecret) throw new Error("there is no code secret");
  const drawn = drawCti(codeSecret, { kid: key.kid, random });
  const phoneHash = policy.phoneInVoucher ? hashPhone(phone) : null;
  await signVoucher(
    { deliveryId, expiresAt, cti: drawn, phoneHash },
    { key, until, now, maxLife: policy.maxVoucherLife },
  );
  const kid = toHex(key.kid);
  const cti = toHex(drawn);
  return {
    id: kid + cti,
    kid,
    cti,
    deliveryId,
    expiresAt,
    phoneHash,
    status: "live",
    issuedAt: now,
    endedAt: null,
    codeSecretId: secretId(codeSecret),
    linkHash: hashLink(secrets, { kid, cti }),
  };
}

/**
 * Writes a voucher that was drawn before the transaction.
 * @param draw makes another one when the cti is taken, or when the key was withdrawn since: the drill that replaces
 * such vouchers may have run already
 * @returns what was written
 * @throws {Error} one after the other is taken: what should be random is not, and the next nonce could be guessed
 */
export async function insertVoucher(
  rows: VoucherRows,
  { keyring }: Pick<Surroundings, "keyring">,
  { first, draw }: { first: VoucherRow; draw: () => Promise<VoucherRow> },
): Promise<VoucherRow> {
  let voucher = keyring.withdrawn.kids.has(first.kid) ? await draw() : first;
  for (let draws = 1; !(await rows.insertVoucher(voucher)); draws++) {
    if (draws === MOST_DRAWS) throw new Error("the random source repeats itself");
    voucher = await draw();
  }
  return voucher;
}

/** By chance one clash is rarer than any that a machine will see; so many are a broken source, and end no request. */
const MOST_DRAWS = 8;
