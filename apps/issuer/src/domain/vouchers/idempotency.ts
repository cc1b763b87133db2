import { macs } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor, Deps } from "../ports.ts";
import type { Outcome } from "./issue.ts";
import type { IdempotencyRow, VoucherReach } from "./rows.ts";
import { showWithSecrets } from "./show.ts";

const KEPT_FOR = 7 * 86_400;

/**
 * Does `verb` once per actor and key. That it was done is noted in the transaction of `verb` itself, so a crash loses
 * both or neither, and a second request meanwhile waits for the first. The note holds IDs only, since the answer can be
 * made again. A verb that failed leaves no note, and may be tried again under the same key.
 *
 * @param verb must use the dependencies it is handed, and no others: they are inside the transaction
 * @param request route: method and path; bodyHash: of the body's bytes
 * @throws {IssueError} `idempotency-mismatch`: the same key with another body
 */
export async function withIdempotency<Rows extends VoucherReach>(
  deps: Deps<Rows>,
  { actor, key, route, bodyHash }: { actor: Actor; key: string; route: string; bodyHash: string },
  verb: (deps: Deps<Rows>) => Promise<Outcome>,
): Promise<Outcome> {
  const now = deps.now();
  // Keyed, because a body is little more than a phone number, which could be found from a plain hash by trying.
  const requests = macs(deps, "idempotency", [route, bodyHash]);
  const keys = macs(deps, "idempotency", [actor.kind, actor.id, key]);
  return deps.store.transaction(async (rows) => {
    // A transaction that the verb opens becomes part of this one.
    const inside: Deps<Rows> = { ...deps, store: { ...rows, transaction: (work) => work(rows) } };
    await rows.forgetIdempotency(now - KEPT_FOR);
    const before = await findUnder(rows, keys);
    if (before && !requests.includes(before.request)) {
      throw new IssueError("idempotency-mismatch", "this idempotency key came before with another request");
    }
    if (before) return { view: await showWithSecrets(inside, before.voucherId), created: before.created };
    const outcome = await verb(inside);
    const { view, created } = outcome;
    const [request] = requests;
    const [row] = keys;
    if (request === undefined || row === undefined) throw new Error("there is no data secret");
    await rows.insertIdempotency({ key: row, request, voucherId: view.id, created, createdAt: now });
    return outcome;
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
