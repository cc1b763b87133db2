import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { Wrong } from "../door/pause.ts";
import type { DocumentStore } from "../trust/accept.ts";
import { forgettable, raiseMark } from "../trust/clock.ts";
import type { HeldDocument, Identity, Kind } from "../trust/documents.ts";
import type { Answer, Entry, Event } from "./entry.ts";

// The only file that touches IndexedDB. Every write is one transaction with strict durability, and is awaited to its end: what a driver was
// told, and what the issuer was told, is on the disk before. Times are seconds since 1970.

/** What this device is and has seen: one row. */
export interface Device {
  readonly identity: Identity | null;
  readonly floor: number;
  readonly mark: number;
  /** The last number given to an entry. Never given twice, never taken back. */
  readonly seq: number;
  /** Up to this number entries were offered to the issuer: he may have them, so they cannot be taken back. */
  readonly offered: number;
  /** Wrong codes by delivery. */
  readonly wrong: Readonly<Record<string, Wrong>>;
  /** The device token was refused. Recording goes on. */
  readonly revoked: boolean;
  readonly clockDifference: number | null;
  readonly syncedAt: number | null;
}

/** A voucher that was accepted here. Outlives the upload of its entry: its delivery stays closed. */
export interface Used {
  readonly issuer: string;
  /** kid and cti, 24 hex digits: replay is keyed on them and never on the text. */
  readonly voucher: string;
  readonly deliveryId: string;
  readonly expiresAt: number;
  readonly at: number;
  readonly entryId: string;
  readonly answer?: Answer;
}

export type Stamp = Pick<Entry, "id" | "issuer" | "label" | "at" | "writtenAt">;

/** What an entry is before it is numbered. */
export type Draft = Event & Stamp;

export interface Contents {
  readonly device: Device;
  readonly documents: readonly HeldDocument[];
  readonly used: readonly Used[];
  /** The newest entries, oldest first. */
  readonly recent: readonly Entry[];
  readonly unsent: number;
  readonly dead: number;
}

/** The voucher, or another of its delivery, is in the used-set. */
export class AlreadyUsed extends Error {
  readonly used: Used;

  constructor(used: Used) {
    super("already used");
    this.used = used;
  }
}

export interface Ledger extends DocumentStore {
  /** @param documents held already, to spare reading megabytes of them again */
  read(documents?: Contents["documents"]): Promise<Contents>;
  /**
   * Writes a redemption and its used row: once per voucher and once per delivery, decided here and nowhere else. Written twice with one ID it is one.
   * @throws {AlreadyUsed}
   */
  redeem(draft: Draft & { kind: "redemption" }, used: Used): Promise<void>;
  /** Writes what needs no used row; for a wrong code with the count of its stop, which a redemption deletes. */
  write(draft: Draft, wrong?: { readonly deliveryId: string; readonly wrong: Wrong }): Promise<void>;
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
  /** Enrols or pins. Documents that the new identity cannot have are dropped; entries and the used-set stay. */
  identify(identity: Identity, time: IssuerTime | null): Promise<void>;
  /** By the signed floor alone. Answered entries of more than a week before it go as well. */
  purge(floor: number, grace: number): Promise<void>;
  close(): void;
}

/** The issuer's time, and by how much this device's clock differed. */
export interface IssuerTime {
  readonly now: number;
  readonly difference: number;
}

/** How many entries are held ready for the screens. */
const RECENT = 500;
const WEEK = 604_800;

/** @throws the browser's error: no storage, so nothing can be accepted */
export async function openLedger(name: string): Promise<Ledger> {
  const connect = connection(name);
  await connect((db) => db.count("device")); // a ledger that cannot be opened says so now

  const write = <T>(work: (tx: Write) => Promise<T>): Promise<T> =>
    connect(async (db) => {
      const tx = db.transaction(STORES, "readwrite", { durability: "strict" });
      // One fault is enough: a request that fails aborts the transaction, and that is told by `work`.
      tx.done.catch(() => {});
      try {
        const result = await work(tx);
        await tx.done;
        return result;
      } catch (error) {
        // What ended the transaction (no space left, say) is said by it, and not by the request that it took along.
        const cause = tx.error ?? error;
        abort(tx);
        throw cause;
      }
    });

  return {
    read: (documents) => connect((db) => readAll(db, documents)),
    redeem: (draft, used) =>
      write(async (tx) => {
        const { issuer, voucher, deliveryId } = used;
        const uses = tx.objectStore("used");
        const standing =
          (await uses.get([issuer, voucher])) ?? (await uses.index("delivery").get([issuer, deliveryId]));
        // Our own: the connection broke after the commit, and the write is tried again.
        if (standing?.entryId === draft.id) return;
        if (standing) throw new AlreadyUsed(standing);
        // `add`, and two unique keys: were the look above wrong, this would fail and nothing be written.
        await uses.add(used);
        await append(tx, [draft]);
        const device = await readDevice(tx);
        const { [deliveryId]: _, ...wrong } = device.wrong;
        await putDevice(tx, { ...device, wrong });
      }),
    write: (draft, wrong) =>
      write(async (tx) => {
        if (await tx.objectStore("entries").index("id").getKey(draft.id)) return;
        await append(tx, [draft], wrong === undefined ? {} : { [wrong.deliveryId]: wrong.wrong });
      }),
    undo: (entryId, undo, instead) =>
      write(async (tx) => {
        const entries = tx.objectStore("entries");
        const entry = await entries.index("id").get(entryId);
        if (entry?.undoneBy === undo.id) return true;
        const { offered } = await readDevice(tx);
        if (!entry || entry.undoneBy !== undefined || entry.seq <= offered) return false;
        if (entry.kind !== "redemption" && entry.kind !== "attempt") return false;
        await entries.put({ ...entry, ...(entry.kind === "redemption" && { voucher: null }), undoneBy: undo.id });
        const use = await tx.objectStore("used").index("entry").get(entryId);
        if (use) await tx.objectStore("used").delete([use.issuer, use.voucher]);
        if (use && instead) await tx.objectStore("used").add({ ...use, at: instead.at, entryId: instead.id });
        await append(tx, instead ? [undo, instead] : [undo]);
        return true;
      }),
    pending: (after, limit, { dead }) =>
      connect(async (db) => {
        const tx = db.transaction("entries");
        const range = IDBKeyRange.lowerBound(after, true);
        const alive = await tx.store.index("pending").getAll(range, limit);
        if (!dead) return alive;
        const buried = await tx.store.index("buried").getAll(range, limit);
        return [...alive, ...buried].sort((a, b) => a.seq - b.seq).slice(0, limit);
      }),
    offer: (seq) => update((device) => ({ ...device, offered: Math.max(device.offered, seq) })),
    answer: (answers, time) =>
      write(async (tx) => {
        for (const [seq, answer] of answers) await settle(tx, seq, answer);
        await putDevice(tx, { ...(await readDevice(tx)), ...heal(time), revoked: false });
      }),
    bury: (seq, code) =>
      write(async (tx) => {
        const entry = await tx.objectStore("entries").get(seq);
        if (!entry || entry.answer) return;
        const { pending: _, ...rest } = entry;
        await tx.objectStore("entries").put({ ...rest, dead: code, buried: seq });
      }),
    revoked: () => update((device) => ({ ...device, revoked: true })),
    accept: (row, { floor, roots }) =>
      write(async (tx) => {
        const documents = tx.objectStore("documents");
        const orders = (await documents.getAll()).map(({ order }) => order);
        await documents.put({ ...row, order: Math.max(0, ...orders) + 1 });
        const device = await readDevice(tx);
        const { identity } = device;
        const pinned = roots && identity && identity.kind !== "keys-pinned" ? { identity: { ...identity, roots } } : {};
        await putDevice(tx, { ...device, ...pinned, floor });
      }),
    identify: (identity, time) =>
      write(async (tx) => {
        const device = await readDevice(tx);
        for (const kind of foreignKinds(device.identity, identity)) {
          for (const key of await tx.objectStore("documents").index("kind").getAllKeys(kind)) {
            await tx.objectStore("documents").delete(key);
          }
        }
        const fresh = device.identity?.issuer === identity.issuer ? {} : { floor: 0 };
        // A person has just said whom to trust: a mark that a wrong clock left behind does not outlive that.
        await putDevice(tx, {
          ...device,
          ...fresh,
          mark: 0,
          ...(time && heal(time)),
          identity,
          wrong: {},
          revoked: false,
        });
      }),
    purge: (floor, grace) =>
      write(async (tx) => {
        for await (const cursor of tx.objectStore("used").iterate()) {
          if (forgettable(cursor.value.expiresAt, { floor, grace })) await cursor.delete();
        }
        for await (const cursor of tx.objectStore("entries").iterate(null)) {
          if (cursor.value.at > floor - WEEK) break;
          if (cursor.value.answer) await cursor.delete();
        }
        const device = await readDevice(tx);
        const wrong = Object.entries(device.wrong).filter(([, { at }]) => at > floor - WEEK);
        await putDevice(tx, { ...device, wrong: Object.fromEntries(wrong) });
      }),
    close: () => connect.close(),
  };

  function update(change: (device: Device) => Device): Promise<void> {
    return write(async (tx) => putDevice(tx, change(await readDevice(tx))));
  }
}

interface Schema extends DBSchema {
  device: { key: string; value: Device };
  /** `pending` and `buried` repeat seq while there is no answer: sparse indexes, in order. */
  entries: {
    key: number;
    value: Entry & { pending?: number; buried?: number };
    indexes: { id: string; pending: number; buried: number };
  };
  used: {
    key: [string, string];
    value: Used;
    indexes: { delivery: [string, string]; entry: string };
  };
  documents: { key: [Kind, string]; value: HeldDocument; indexes: { kind: Kind } };
}

type Database = IDBPDatabase<Schema>;
const STORES = ["device", "entries", "used", "documents"] as const;
type Write = IDBPTransaction<Schema, typeof STORES, "readwrite">;

const NEW_DEVICE: Device = {
  identity: null,
  floor: 0,
  mark: 0,
  seq: 0,
  offered: 0,
  wrong: {},
  revoked: false,
  clockDifference: null,
  syncedAt: null,
};

/** A phone's on its first day. */
export const EMPTY: Contents = { device: NEW_DEVICE, documents: [], used: [], recent: [], unsent: 0, dead: 0 };

/**
 * Lends the connection, and opens it anew once when the browser has dropped it: iPhones do so to every app that was in the background. Work
 * that is run twice must be work that may be.
 */
function connection(name: string): { <T>(work: (db: Database) => Promise<T>): Promise<T>; close(): void } {
  let open: Promise<Database> | null = null;
  const lend = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
    try {
      return await work(await opened());
    } catch (error) {
      if (!isDropped(error)) throw error;
      open = null;
      return await work(await opened());
    }
  };
  return Object.assign(lend, {
    close: () => {
      void open?.then((db) => db.close());
      open = null;
    },
  });

  function opened(): Promise<Database> {
    open ??= openDB<Schema>(name, 1, {
      upgrade: create,
      terminated: () => {
        open = null;
      },
      // A newer version of the app in another tab: it must not wait for this one.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        open = null;
      },
    }).catch((error: unknown) => {
      open = null;
      throw error;
    });
    return open;
  }
}

// "The database connection is closing", "Connection to Indexed Database server lost": known by name, for the words differ.
function isDropped(error: unknown): boolean {
  return error instanceof DOMException && /^(InvalidStateError|UnknownError|AbortError)$/.test(error.name);
}

function create(db: Database): void {
  db.createObjectStore("device");
  const entries = db.createObjectStore("entries", { keyPath: "seq" });
  entries.createIndex("id", "id", { unique: true });
  entries.createIndex("pending", "pending");
  entries.createIndex("buried", "buried");
  const used = db.createObjectStore("used", { keyPath: ["issuer", "voucher"] });
  used.createIndex("delivery", ["issuer", "deliveryId"], { unique: true });
  used.createIndex("entry", "entryId", { unique: true });
  db.createObjectStore("documents", { keyPath: ["kind", "kid"] }).createIndex("kind", "kind");
}

async function readAll(db: Database, documents?: Contents["documents"]): Promise<Contents> {
  const tx = db.transaction(STORES);
  const device = (await tx.objectStore("device").get(ROW)) ?? NEW_DEVICE;
  const entries = tx.objectStore("entries");
  return {
    device,
    documents: documents ?? (await tx.objectStore("documents").getAll()),
    used: await tx.objectStore("used").getAll(),
    recent: await entries.getAll(IDBKeyRange.lowerBound(device.seq - RECENT, true)),
    unsent: await entries.index("pending").count(),
    dead: await entries.index("buried").count(),
  };
}

const ROW = "device";

async function readDevice(tx: Write): Promise<Device> {
  return (await tx.objectStore("device").get(ROW)) ?? NEW_DEVICE;
}

async function putDevice(tx: Write, device: Device): Promise<void> {
  await tx.objectStore("device").put(device, ROW);
}

async function append(tx: Write, drafts: readonly Draft[], wrong: Device["wrong"] = {}): Promise<void> {
  const device = await readDevice(tx);
  let { seq, mark } = device;
  for (const draft of drafts) {
    seq += 1;
    mark = raiseMark({ ...device, mark }, draft.at);
    await tx.objectStore("entries").add({ ...draft, seq, pending: seq });
  }
  await putDevice(tx, { ...device, seq, mark, wrong: { ...device.wrong, ...wrong } });
}

// The first answer stands. The voucher has served: what is not kept cannot be stolen.
async function settle(tx: Write, seq: number, answer: Answer): Promise<void> {
  const entry = await tx.objectStore("entries").get(seq);
  if (!entry || entry.answer) return;
  const { pending: _, buried: __, dead: ___, ...rest } = entry;
  const stripped = rest.kind === "redemption" ? { ...rest, voucher: null } : rest;
  await tx.objectStore("entries").put({ ...stripped, answer });
  const use = await tx.objectStore("used").index("entry").get(entry.id);
  if (use) await tx.objectStore("used").put({ ...use, answer });
}

function heal({ now, difference }: IssuerTime): Pick<Device, "mark" | "clockDifference" | "syncedAt"> {
  return { mark: now, clockDifference: difference, syncedAt: now };
}

// Versions count per route, and nothing of one issuer means anything at another.
function foreignKinds(before: Identity | null, after: Identity): readonly Kind[] {
  if (before === null || before.issuer !== after.issuer) return ["keys", "revocations", "manifest"];
  if (before.kind === "keys-pinned" || after.kind === "keys-pinned") return ["keys", "revocations", "manifest"];
  if (before.kind === "root-pinned" && after.kind === "root-pinned") return [];
  const same = before.kind === "enrolled" && after.kind === "enrolled" && before.route === after.route;
  return same ? [] : ["manifest"];
}

function abort(tx: Write): void {
  try {
    tx.abort();
  } catch {
    // it has ended by itself
  }
}
