// An issuer that serves its lists, and devices: the verifier with the documents that it fetched last, its clock an argument.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type KeySet, readKeyList, readRevocations, verifyVoucher } from "@doorproof/verifier";
import { Refusal, type RevocationList } from "@doorproof/voucher";
import { revocationList } from "../src/domain/revocations.ts";
import { makeWorld, type World } from "./world.ts";

export interface Device {
  readonly keys: KeySet;
  readonly revocations: RevocationList;
}

/** An issuer that serves, and what a device holds of it: each fetch is judged against the one before. */
export async function makeIssuer() {
  const world = await makeWorld();
  const keysDir = join(world.folder, "keys");
  const folder = { folder: keysDir, rootFolder: join(keysDir, "private") };
  const serveRevocations = revocationList(world.parts);
  let held: { keys: Uint8Array; version: number; lists: Map<string, { version: number; document: Uint8Array }> };
  const fetch = async (): Promise<Device> => {
    const document = new Uint8Array(readFileSync(join(keysDir, "keys.cose")));
    const before = held;
    const keys = readKeyList(document, {
      issuer: "Parcel Co",
      roots: world.parts.keyring.roots,
      held: () => before && { version: before.version, document: before.keys },
    });
    const list = await serveRevocations();
    const lists = before?.lists ?? new Map();
    let signer = "";
    const revocations = readRevocations(list, {
      keys,
      held: (kid) => {
        signer = kid;
        return lists.get(kid) ?? null;
      },
    });
    lists.set(signer, { version: revocations.version, document: list });
    held = { keys: document, version: keys.list?.version ?? 0, lists };
    return { keys, revocations };
  };
  return { ...world, folder, fetch, serveRevocations };
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

export const servingKid = ({ parts, clock }: Pick<World, "parts" | "clock">) =>
  Buffer.from(parts.keyring.voucherKey({ now: clock.now, expiresAt: clock.now }).key.kid).toString("hex");
