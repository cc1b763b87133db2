import { encrypt, tryDecrypt } from "../encryption.ts";
import { claimsKept, orderMacsOf } from "../vouchers/index.ts";
import type { EncryptedText, PersonalDataDeps, PersonalDataReach } from "./rows.ts";
import { SECRET_FIELDS, type SecretFieldName } from "./secret-fields.ts";

/** What was done, and what stands now. */
export interface Reencrypted {
  /** How many texts of each field are encrypted anew; a run that was stopped has done its part, and counts it no more. */
  readonly done: Readonly<Record<string, number>>;
  /** Requests that are recognised by the newest secret from now on. */
  readonly requests: number;
  /** Of each DATA_SECRET, the newest first: how many texts it opens. */
  readonly opens: readonly number[];
  /** No DATA_SECRET opens them: one is missing in the list, or they were altered. */
  readonly unreadable: number;
}

const FIELDS = Object.keys(SECRET_FIELDS) as SecretFieldName[];

/**
 * An answer is found by an HMAC over a client's key, which nobody has any more: encrypted anew it would be found no
 * better. It ends by itself, after seven days.
 */
const STAYS: SecretFieldName = "answer";
const BATCH = 100;

/**
 * Encrypts under the newest DATA_SECRET what older ones encrypted, so that an older one can be thrown away. Beside a
 * running issuer, a batch a transaction: what somebody changes meanwhile stays as they wrote it. Stopped in the middle
 * it is simply run again.
 */
export async function reencrypt(deps: PersonalDataDeps): Promise<Reencrypted> {
  const done: Record<string, number> = {};
  let requests = 0;
  for (const field of FIELDS) {
    if (field === STAYS) continue;
    let anew = 0;
    await eachBatch(deps, field, (texts) =>
      deps.store.transaction(async (rows) => {
        for (const text of texts) {
          if (field === "phone" && (await renewRequest(rows, deps, text))) requests += 1;
          if (await renew(rows, deps, { field, text })) anew += 1;
        }
      }),
    );
    done[field] = anew;
  }
  return { done, requests, ...(await count(deps)) };
}

async function eachBatch(
  { store }: PersonalDataDeps,
  field: SecretFieldName,
  work: (texts: readonly EncryptedText[]) => Promise<void>,
): Promise<void> {
  for (let last: EncryptedText | undefined; ; ) {
    const texts: readonly EncryptedText[] = await store.encryptedTexts({
      field,
      limit: BATCH,
      ...(last && { after: last.key }),
    });
    await work(texts);
    last = texts.at(-1);
    if (texts.length < BATCH) return;
  }
}

async function renew(
  rows: PersonalDataReach,
  deps: PersonalDataDeps,
  { field, text: { key, belongsTo, encrypted } }: { field: SecretFieldName; text: EncryptedText },
): Promise<boolean> {
  const opened = tryDecrypt(deps, belongsTo, encrypted);
  if (!opened || opened.age === 0) return false;
  return rows.replaceEncrypted({ field, key, from: encrypted, to: encrypt(deps, belongsTo, opened.text) });
}

/**
 * A delivery's request comes again with the number and the end that it first had. Where they are still what the database
 * holds, its HMAC is made again; where the number was changed, the request of that day is unknown once its secret is
 * gone, and refused as `delivery-exists`.
 */
async function renewRequest(
  rows: PersonalDataReach,
  deps: PersonalDataDeps,
  { belongsTo, encrypted, key: [id] }: EncryptedText,
): Promise<boolean> {
  const deliveryId = String(id);
  const delivery = await rows.findDelivery(deliveryId);
  const phone = tryDecrypt(deps, belongsTo, encrypted)?.text;
  const [first] = await rows.vouchersOf(deliveryId);
  const claims = delivery && claimsKept(deps, delivery);
  if (!delivery?.orderMac || phone === undefined || !first || !claims) return false;
  const from = delivery.orderMac;
  for (const expires of [{ at: first.expiresAt }, { in: first.expiresAt - delivery.createdAt }]) {
    const [newest, ...older] = orderMacsOf(deps, { deliveryId, phone, expires, claims });
    if (older.includes(from)) return rows.replaceOrderMac({ id: deliveryId, from, to: newest });
  }
  return false;
}

/** Looked at once more, from the start: on this somebody throws a secret away. */
async function count(deps: PersonalDataDeps): Promise<Pick<Reencrypted, "opens" | "unreadable">> {
  const opens = deps.secrets.data.map(() => 0);
  let unreadable = 0;
  for (const field of FIELDS)
    await eachBatch(deps, field, async (texts) => {
      for (const { belongsTo, encrypted } of texts) {
        const { age } = tryDecrypt(deps, belongsTo, encrypted) ?? { age: -1 };
        const before = opens[age];
        if (before === undefined) unreadable += 1;
        else opens[age] = before + 1;
      }
    });
  return { opens, unreadable };
}
