import { publicKeyPem, type SigningKey, signRevocations } from "@doorproof/signer";
import { type KeyList, writeJwks } from "@doorproof/voucher";
import { fromHex, keyId, toHex, writeCoseKeySet } from "@doorproof/voucher/codec";
import { NEXT, nextVersion } from "../domain/vouchers/index.ts";
import { checkPublished, findPrivate } from "./check.ts";
import { type Published, privateFolder, readPublished, withdrawnKids } from "./folder.ts";
import { newestKey, openPrivateKeys } from "./private.ts";
import { exclusively, type Files, type Processes, replaceFiles } from "./replace.ts";

/** What is withdrawn, as hex: kids of 8 digits, ctis of 16. */
export interface Withdrawn {
  readonly kids: ReadonlySet<string>;
  readonly ctis: readonly string[];
}

/**
 * Writes the published files again from the signed list, with a fresh revocation list, into the folder and, for those
 * without a network, into a second one.
 *
 * @param to a second folder, as a USB stick's
 * @param ctis of withdrawn vouchers, as the database stands; left out: those of the list before
 * @returns the version of the revocation list
 * @throws {Error} something among the files must not be published: each fault is named, and `to` is not written to
 */
export async function publishKeys(
  folder: string,
  {
    processes,
    now,
    ctis,
    to,
  }: { processes: Processes; now: number; ctis?: readonly string[] | undefined; to?: string | undefined },
): Promise<{ version: number; next: number }> {
  return exclusively(privateFolder(folder), processes, async () => {
    const published = readPublished(folder);
    const { list, pinned, document } = published;
    const withdrawn = { kids: withdrawnKids(published.revocations), ctis: ctis ?? ctisOf(published) };
    const revocations = await revocationFile(folder, published, { ...withdrawn, now });
    const files = { ...revocations.files, ...bareSets(list, { ...withdrawn, now }) };
    refuse([...findPrivate(folder), ...(to === undefined ? [] : findPrivate(to))]);
    replaceFiles(folder, files);
    refuse(checkPublished(folder, now));
    if (to !== undefined) {
      // The list before root.pub.pem: the old file names the next root already, while the new one may lack the old
      // list's root.
      replaceFiles(to, { ...files, "keys.cose": document, "root.pub.pem": rootFile(pinned) });
      refuse(checkPublished(to, now));
    }
    const { version, next } = revocations;
    return { version, next };
  });
}

/** root.pub.pem: a block each, first the root that signs. */
export function rootFile(roots: readonly Uint8Array[]): string {
  return roots.map(publicKeyPem).join("");
}

/**
 * The bare sets of a list: no key that was withdrawn or whose window is over, because their readers have neither list
 * nor windows.
 */
export function bareSets(list: KeyList, { kids, now }: Pick<Withdrawn, "kids"> & { now: number }): Files {
  const trusted = list.keys.filter(
    ({ use, publicKey, to }) => use === "vouchers" && now < to && !kids.has(toHex(keyId(publicKey))),
  );
  const publicKeys = trusted.map(({ publicKey }) => publicKey);
  return {
    "jwks.json": `${JSON.stringify(writeJwks(list.issuer, publicKeys), null, 2)}\n`,
    "cose-keys.cbor": writeCoseKeySet(publicKeys),
  };
}

/**
 * The next revocation list as a file, signed by a key that serves now; left out: the newest of them. Kids that the key
 * list does not name any more leave it.
 * @throws {Error} no private document key is here
 */
export async function revocationFile(
  folder: string,
  { issuer, keys, revocations }: Pick<Published, "issuer" | "keys" | "revocations">,
  { kids, ctis, now, key }: Withdrawn & { now: number; key?: SigningKey },
): Promise<{ files: Files; version: number; issuedAt: number; next: number }> {
  const signer = key ?? newestKey(openPrivateKeys(folder, keys), { use: "documents", now, until: now })?.key;
  if (!signer)
    throw new Error(`${privateFolder(folder)}: no document key that serves now, to sign the revocation list`);
  const list = {
    issuer,
    // One more than the time, because a running issuer may have served a list of this very second.
    version: nextVersion(now + 1, revocations.version),
    issuedAt: now,
    next: now + NEXT,
    kids: [...kids].filter((kid) => keys.keys.has(kid)).map(fromHex),
    ctis: ctis.map(fromHex),
  };
  const document = await signRevocations(list, { key: signer });
  return { files: { "revocations.cose": document }, version: list.version, issuedAt: now, next: list.next };
}

/** The withdrawn vouchers of the list that lies there. */
export function ctisOf({ revocations }: Pick<Published, "revocations">): readonly string[] {
  return toHex(revocations.ctis).match(/.{16}/g) ?? [];
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`not fit to be published:\n${faults.join("\n")}`);
}
