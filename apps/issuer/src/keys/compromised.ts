import { IssueError } from "../domain/errors.ts";
import type { Actor } from "../domain/ports.ts";
import type { VoucherDeps } from "../domain/vouchers/index.ts";
import { type ReplacedVoucher, replaceVouchersOf, withdrawnVouchers } from "../domain/vouchers/index.ts";
import type { KeyFolder } from "./folder.ts";
import type { Processes } from "./replace.ts";
import { type Exposure, revokeKey } from "./revoke.ts";
import { type Rotation, rotateKeys } from "./rotate.ts";

/** What the drill did, in the order in which it did it; each is durable when it is yielded. */
export type DrillStep =
  | { readonly step: "withdrawn"; readonly already: boolean; readonly version: number; readonly exposure: Exposure }
  | { readonly step: "rotated"; readonly rotation: Rotation }
  | ({ readonly step: "replaced" } & ReplacedVoucher);

/**
 * The drill for the day a key leaks (docs/format.md section 5). Run again after an interruption, it goes on where it
 * was: the key is withdrawn already, and vouchers that were issued again are no longer live under it.
 *
 * @param kid of a voucher key; a document key is left out of the list that the root signs, and no voucher is touched
 * @throws {Error} no such key; the root is needed and not there, after the key was withdrawn
 */
export async function* runDrill(
  deps: VoucherDeps,
  kid: string,
  { folder, actor, processes }: { folder: KeyFolder; actor: Actor; processes: Processes },
): AsyncGenerator<DrillStep> {
  const { keyring, now } = deps;
  const ctis = () => withdrawnVouchers(deps);
  if (keyring.keys.keys.get(kid)?.use === "documents") {
    yield {
      step: "rotated",
      rotation: await rotateKeys(folder, { processes, now: now(), prune: false, without: kid, ctis: await ctis() }),
    };
    return;
  }
  // 1. Withdraw the key, before anything else can fail.
  const { already, version, exposure } = await revokeKey(folder.folder, kid, {
    processes,
    now: now(),
    ctis: await ctis(),
  });
  yield { step: "withdrawn", already, version, exposure };
  // 2. See to it that another key signs.
  if (!signsNow(deps)) {
    yield {
      step: "rotated",
      rotation: await rotateKeys(folder, { processes, now: now(), prune: false, ctis: await ctis() }),
    };
  }
  // 3. Issue every live voucher again, and send it.
  for await (const replaced of replaceVouchersOf(deps, kid, actor)) yield { step: "replaced", ...replaced };
}

function signsNow({ keyring, policy, now }: VoucherDeps): boolean {
  try {
    keyring.voucherKey({ now: now(), expiresAt: now() + policy.maxVoucherLife });
    return true;
  } catch (error) {
    if (error instanceof IssueError && error.code === "no-signing-key") return false;
    throw error;
  }
}
