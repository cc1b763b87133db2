import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { HeldDocument, Kind } from "../trust/documents.ts";
import type { Entry } from "./entry.ts";
import { type Device, NEW_DEVICE, type Used } from "./rows.ts";

// The only file that opens IndexedDB. Every write is one transaction with strict durability, and is awaited to its end:
// it is on the disk before the driver or the issuer is told.

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

export type Database = IDBPDatabase<Schema>;
export const STORES = ["device", "entries", "used", "documents"] as const;
export type Write = IDBPTransaction<Schema, typeof STORES, "readwrite">;

/** A connection that runs one piece of work at a time. */
export interface Connection {
  read<T>(work: (db: Database) => Promise<T>): Promise<T>;
  /**
   * Runs work on all stores in one transaction. It is on the disk when this resolves; if it throws, nothing is written.
   */
  change<T>(work: (tx: Write) => Promise<T>): Promise<T>;
  close(): void;
}

/** @throws the browser's error: no storage, so nothing can be accepted */
export async function connect(name: string): Promise<Connection> {
  const lend = lender(name);
  await lend((db) => db.count("device")); // a ledger that cannot be opened fails here
  return {
    read: lend,
    change: (work) =>
      lend(async (db) => {
        const tx = db.transaction(STORES, "readwrite", { durability: "strict" });
        // A request that fails aborts the transaction, and `work` throws its error already.
        tx.done.catch(() => {});
        try {
          const result = await work(tx);
          await tx.done;
          return result;
        } catch (error) {
          // Why the transaction ended, such as for lack of space, is in its own error, and not in that of the request.
          const cause = tx.error ?? error;
          abort(tx);
          throw cause;
        }
      }),
    close: lend.close,
  };
}

/**
 * Runs work on the connection, and once more on a new one if the browser has dropped it, as iPhones do to every app in
 * the background. So work must be such that it may run twice.
 */
function lender(name: string): { <T>(work: (db: Database) => Promise<T>): Promise<T>; close(): void } {
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
      // Closed, because a newer version of the app in another tab waits for it.
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

// Told by the error's name, because messages differ: "The database connection is closing", "Connection to Indexed
// Database server lost".
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

function abort(tx: Write): void {
  try {
    tx.abort();
  } catch {
    // it has ended already
  }
}

/** The one row of its store. */
export const DEVICE = "device";

export async function readDevice(tx: Write): Promise<Device> {
  return (await tx.objectStore("device").get(DEVICE)) ?? NEW_DEVICE;
}

export async function putDevice(tx: Write, device: Device): Promise<void> {
  await tx.objectStore("device").put(device, DEVICE);
}
