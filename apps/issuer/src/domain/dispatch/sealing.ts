import { LOG_N } from "@doorproof/voucher/codec";
import { deriveCode, deriveText, type VoucherRow } from "../vouchers/index.ts";
import type { DispatchDeps } from "./rows.ts";

/** KDF runs at a time, 32 MiB each: half of Node's thread pool, which reads files too. */
const LANES = 2;
const PAGE = 100;
const SALT_LENGTH = 16;

/**
 * Seals each voucher on a route that has no seal yet. A seal is made once and stays, whatever route the stop is moved
 * to. Two processes may do the same voucher at once; the first seal stands.
 *
 * @param isOver asked between two seals: the process is being stopped
 * @returns how many it made: as many as there were KDF runs
 */
export async function sealWaiting(deps: DispatchDeps, { isOver }: { isOver: () => boolean }): Promise<number> {
  let made = 0;
  for (let last: VoucherRow | undefined; ; ) {
    const query = { now: deps.now(), limit: PAGE, ...(last && { after: last }) };
    const page = await deps.store.vouchersToSeal(query);
    const waiting = page[Symbol.iterator]();
    const work = async () => {
      for (const voucher of waiting) {
        if (isOver()) return;
        if (await sealOne(deps, voucher)) made += 1;
      }
    };
    await Promise.all(Array.from({ length: LANES }, work));
    last = page.at(-1);
    if (page.length < PAGE || isOver()) return made;
  }
}

/** @returns false: its key or code secret is gone, so the voucher cannot be made again */
async function sealOne(deps: DispatchDeps, voucher: VoucherRow): Promise<boolean> {
  const text = await deriveText(deps.keyring, voucher);
  const shortCode = deriveCode(deps.secrets, voucher);
  if (text === null || shortCode === null) return false;
  const { id, deliveryId } = voucher;
  const salt = deps.random(SALT_LENGTH);
  const seal = await deps.seal(text, { deliveryId, shortCode, salt, logN: LOG_N.min });
  await deps.store.insertSeal({ voucherId: id, salt: toBase64(seal.salt), sealed: toBase64(seal.sealed) });
  return true;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
