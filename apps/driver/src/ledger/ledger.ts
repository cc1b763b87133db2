import type { DocumentStore } from "../trust/accept.ts";
import type { Identity } from "../trust/documents.ts";
import { answer, bury } from "./answers.ts";
import { readContents } from "./contents.ts";
import { connect, DEVICE, putDevice, readDevice } from "./database.ts";
import { pending, redeem, undo, write } from "./entries.ts";
import type { Answer, Entry } from "./entry.ts";
import { acceptDocument, forgetTokens, identify } from "./identity.ts";
import { purge } from "./purge.ts";
import type { Contents, Device, Draft, FormerToken, IssuerTime, Used, WrongCodes } from "./rows.ts";

export interface Ledger extends DocumentStore {
  /** @param documents held already, to spare reading megabytes of them again */
  read(documents?: Contents["documents"]): Promise<Contents>;
  /**
   * Writes a redemption and its used row: once per voucher and once per delivery, which is decided here and nowhere
   * else. Writing the same ID again changes nothing.
   * @throws {AlreadyUsed}
   */
  redeem(draft: Draft & { kind: "redemption" }, used: Used): Promise<void>;
  /** Writes what needs no used row; for a wrong code with the count of its stop, which a redemption deletes. */
  write(draft: Draft, wrong?: { readonly deliveryId: string; readonly wrong: WrongCodes }): Promise<void>;
  /**
   * Takes an entry back, and writes another in its place if one is given.
   * @returns false: too late, or gone
   */
  undo(entryId: string, undo: Draft & { kind: "undo" }, instead?: Draft & { kind: "redemption" }): Promise<boolean>;
  /** Entries without an answer, oldest first. `dead` ones only if asked for. */
  pending(after: number, limit: number, options: { dead: boolean }): Promise<readonly Entry[]>;
  /** To be written before anything is sent. */
  offer(seq: number): Promise<void>;
  answer(answers: ReadonlyMap<number, Answer>, time: IssuerTime): Promise<void>;
  bury(seq: number, code: string): Promise<void>;
  revoked(): Promise<void>;
  shutOut(): Promise<void>;
  /** Tokens of former enrolments, under which entries were made that wait. */
  former(): Promise<readonly FormerToken[]>;
  /** Forgets those under which nothing waits any more, and the one that the issuer refused. */
  forgetTokens(refused: string | null): Promise<void>;
  /** Enrols or pins. Documents of another issuer or route are dropped; entries and the used-set stay. */
  identify(identity: Identity, time: IssuerTime | null): Promise<void>;
  /** Forgets by the signed floor alone, and deletes answered entries that are over a week older. */
  purge(floor: number, grace: number): Promise<void>;
  close(): void;
}

/** @throws the browser's error: no storage, so nothing can be accepted */
export async function openLedger(name: string): Promise<Ledger> {
  const { read, change, close } = await connect(name);

  return {
    read: (documents) => read((db) => readContents(db, documents)),
    redeem: (draft, used) => change((tx) => redeem(tx, draft, used)),
    write: (draft, wrong) => change((tx) => write(tx, draft, wrong)),
    undo: (entryId, undone, instead) => change((tx) => undo(tx, entryId, undone, instead)),
    pending: (after, limit, options) => read((db) => pending(db, after, limit, options)),
    offer: (seq) => update((device) => ({ ...device, offered: Math.max(device.offered, seq) })),
    answer: (answers, time) => change((tx) => answer(tx, answers, time)),
    bury: (seq, code) => change((tx) => bury(tx, seq, code)),
    revoked: () => update((device) => ({ ...device, revoked: true })),
    shutOut: () => update((device) => ({ ...device, revoked: true, shutOut: true })),
    former: () => read(async (db) => (await db.get("device", DEVICE))?.former ?? []),
    forgetTokens: (refused) => change((tx) => forgetTokens(tx, refused)),
    accept: (row, after) => change((tx) => acceptDocument(tx, row, after)),
    lowerFloor: (floor) => update((device) => ({ ...device, floor })),
    identify: (identity, time) => change((tx) => identify(tx, identity, time)),
    purge: (floor, grace) => change((tx) => purge(tx, floor, grace)),
    close,
  };

  function update(step: (device: Device) => Device): Promise<void> {
    return change(async (tx) => putDevice(tx, step(await readDevice(tx))));
  }
}
