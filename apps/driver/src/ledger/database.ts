import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { HeldDocument, Kind } from "../trust/documents.ts";
import type { Entry } from "./entry.ts";
import { type Device, NEW_DEVICE, type Used } from "./rows.ts";

// The only file that opens IndexedDB. Every write is one transaction with strict durability, and is awaited to its end: what a driver was
// told, and what the issuer was told, is on the disk before.

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

/** A connection that is lent to one piece of work at a time. */
export interface Connection {
  read<T>(work: (db: Database) => Promise<T>): Promise<T>;
  /** Work on all stores, on the disk when it ends; what it throws leaves nothing behind. */
  change<T>(work: (tx: Write) => Promise<T>): Promise<T>;
  close(): void;
}

/** @throws the browser's error: no storage, so nothing can be accepted */
export async function connect(name: string): Promise<Connection> {
  const lend = lender(name);
  await lend((db) => db.count("device")); // a ledger that cannot be opened says so now
  return {
    read: lend,
    change: (work) =>
      lend(async (db) => {
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
      }),
    close: lend.close,
  };
}

/**
 * Lends the connection, and opens it anew once when the browser has dropped it: iPhones do so to every app that was in the background. Work
 * that is run twice must be work that may be.
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

function abort(tx: Write): void {
  try {
    tx.abort();
  } catch {
    // it has ended by itself
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
