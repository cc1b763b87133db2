import { answerRow, decrypt, encrypt, macs } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import { inside } from "../inside.ts";
import type { Actor, Deps } from "../ports.ts";
import type { Outcome } from "./issue.ts";
import type { IdempotencyRow, VoucherDeps, VoucherReach } from "./rows.ts";
import { showWithSecrets } from "./show.ts";

const KEPT_FOR = 7 * 86_400;

/** A request that is to be done once. `route`: method and path; `bodyHash`: of the body's bytes. */
export interface OnceRequest {
  readonly actor: Actor;
  readonly key: string;
  readonly route: string;
  readonly bodyHash: string;
}

/**
 * Does `verb` once per actor and key, and gives the same answer to each that asks again. That it was done is noted, with
 * the answer, in the transaction of `verb` itself, so a crash loses both or neither, and a second request meanwhile
 * waits for the first. The answer is kept as it was written and not made again: a client compares, and the voucher may
 * have been redeemed since. It holds what opens a door, so it is encrypted. A verb that failed leaves no note, and may be
 * tried again under the same key.
 *
 * @param verb must use the dependencies it is handed, and no others: they are inside the transaction
 * @param write the answer as a text, the same for the same outcome
 * @throws {IssueError} `idempotency-mismatch`: the same key with another body
 */
export async function withIdempotency<Rows extends VoucherReach>(
  deps: Deps<Rows>,
  { actor, key, route, bodyHash }: OnceRequest,
  { verb, write }: { verb: (deps: Deps<Rows>) => Promise<Outcome>; write: (outcome: Outcome) => string },
): Promise<{ answer: string; replayed: boolean }> {
  const now = deps.now();
  // Keyed, because a body is little more than a phone number, which could be found from a plain hash by trying.
  const requests = macs(deps, "idempotency", [route, bodyHash]);
  const keys = macs(deps, "idempotency", [actor.kind, actor.id, key]);
  return deps.store.transaction(async (rows) => {
    await rows.forgetIdempotency(now - KEPT_FOR);
    const before = await findUnder(rows, keys);
    if (before && !requests.includes(before.request)) {
      throw new IssueError("idempotency-mismatch", "this idempotency key came before with another request");
    }
    if (before?.sealedAnswer != null) {
      return { answer: decrypt(deps, answerRow(before.key), before.sealedAnswer), replayed: true };
    }
    if (before) {
      // Noted before answers were kept.
      const view = await showWithSecrets(inside(deps, rows), before.voucherId);
      return { answer: write({ view, created: before.created }), replayed: true };
    }
    const [request] = requests;
    const [row] = keys;
    const outcome = await verb(inside(deps, rows));
    const answer = write(outcome);
    await rows.insertIdempotency({
      key: row,
      request,
      voucherId: outcome.view.id,
      created: outcome.created,
      sealedAnswer: encrypt(deps, answerRow(row), answer),
      createdAt: now,
    });
    return { answer, replayed: false };
  });
}

// Under each secret: a request that came before the last rotation is not done twice after it.
async function findUnder(rows: VoucherReach, keys: readonly string[]): Promise<IdempotencyRow | undefined> {
  for (const key of keys) {
    const found = await rows.findIdempotency(key);
    if (found) return found;
  }
  return undefined;
}

/** For a worker: what is kept for seven days ends then, also where nobody sends a key any more. */
export async function forgetAnswers({ store, now }: VoucherDeps): Promise<void> {
  await store.forgetIdempotency(now() - KEPT_FOR);
}
