// An issuer that serves its lists, and devices: the verifier with the documents that it fetched last, its clock an
// argument.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openKeyFile } from "@doorproof/signer";
import { type Held, type KeySet, openKeyList, openRevocations, verifyVoucher } from "@doorproof/verifier";
import { Refusal, type RevocationList } from "@doorproof/voucher";
import { fingerprint, keyId, readPem, toHex } from "@doorproof/voucher/codec";
import { revocationList } from "../src/domain/vouchers/revocations.ts";
import { readPublished } from "../src/keys/folder.ts";
import { rotateKeys } from "../src/keys/rotate.ts";
import { PROCESSES } from "./processes.ts";
import { makeWorld, type World } from "./sqlite-world.ts";

export interface Device {
  readonly keys: KeySet;
  readonly revocations: RevocationList;
}

/** A driver's phone, as far as its keys go: it holds what it accepted, and each fetch is judged against that. */
export interface Phone {
  /** @throws {Refusal} a key list that was not taken: it holds on to its own, and has fetched the rest */
  fetch(): Promise<Device>;
  /** A key list from elsewhere: another server, a stick. */
  offer(document: Uint8Array): void;
  /** As it stands, with no network. */
  readonly holds: Device;
}

export async function makeIssuer() {
  const world = await makeWorld();
  const keysDir = join(world.folder, "keys");
  const folder = { folder: keysDir, rootFolder: join(keysDir, "private") };
  const serveRevocations = revocationList(world.deps);
  const keyList = () => new Uint8Array(readFileSync(join(keysDir, "keys.cose")));

  const enrol = (): Phone => {
    let { roots } = world.deps.keyring;
    let keys: KeySet | undefined;
    let revocations: RevocationList | undefined;
    const held = new Map<string, Held>();
    const heldBy = (kid: string) => held.get(kid) ?? null;
    const phone: Phone = {
      offer(document) {
        const read = openKeyList(document, { issuer: "Parcel Co", roots, held: heldBy });
        held.set(toHex(keyId(read.root)), { version: read.list.version, document });
        ({ roots } = read);
        keys = read;
      },
      async fetch() {
        let refused: unknown;
        try {
          phone.offer(keyList());
        } catch (error) {
          refused = error;
        }
        const document = await serveRevocations();
        let signer = "";
        revocations = openRevocations(document, {
          keys: phone.holds.keys,
          held: (kid) => {
            signer = kid;
            return heldBy(kid);
          },
        });
        held.set(signer, { version: revocations.version, document });
        if (refused) throw refused;
        return phone.holds;
      },
      get holds() {
        if (!keys) throw new Error("it has fetched nothing yet");
        return { keys, revocations: revocations as RevocationList };
      },
    };
    return phone;
  };
  return { ...world, folder, enrol, fetch: enrol().fetch, keyList, serveRevocations };
}

export function verdict({ keys, revocations }: Device, text: string, now: number): string {
  try {
    const { notes } = verifyVoucher(text, { keys, revocations, now, delivery: null });
    return ["valid", ...notes.filter((note) => note.endsWith("-old"))].join(" ");
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

export const servingKid = ({ deps, clock }: Pick<World, "deps" | "clock">) =>
  Buffer.from(deps.keyring.voucherKey({ now: clock.now, expiresAt: clock.now }).key.kid).toString("hex");

export const fingerprintIn = (folder: string) =>
  fingerprint(openKeyFile(join(folder, "root.pem"), { use: "root" }).publicKey);
export const pinnedIn = (folder: string) =>
  readPem(readFileSync(join(folder, "root.pub.pem"), "latin1")).map(fingerprint);
export const namedIn = (folder: string) => readPublished(folder).list.roots.map(fingerprint);

/** An issuer with its root on a stick and an empty stick for the next one. */
export async function makeSticks() {
  const world = await makeIssuer();
  const { folder, clock } = world;
  const next = join(folder.folder, "..", "stick2");
  const rotate = (change: { rootFolder?: string; nextRootFolder?: string } = {}) => {
    const { rootFolder = folder.rootFolder, ...rest } = change;
    return rotateKeys({ ...folder, rootFolder }, { processes: PROCESSES, now: clock.now, prune: false, ...rest });
  };
  const old = fingerprintIn(folder.rootFolder);
  return { ...world, next, rotate, old, keys: folder.folder };
}
