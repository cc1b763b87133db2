import { accessRows } from "./memory/access.ts";
import { auditRows } from "./memory/audit.ts";
import { clockRows } from "./memory/clock.ts";
import { dispatchRows } from "./memory/dispatch.ts";
import { messageRows } from "./memory/messages.ts";
import { personalDataRows } from "./memory/personal-data.ts";
import { redemptionRows } from "./memory/redemptions.ts";
import type { Journal } from "./memory/table.ts";
import { makeTables, type Tables } from "./memory/tables.ts";
import { voucherRows } from "./memory/vouchers.ts";
import type { Rows, Store } from "./store.ts";

/**
 * A store that forgets everything when it is closed: for tests of the domain's rules, in milliseconds. It keeps the
 * same contract as the databases; in production nothing imports it.
 */
export function openMemory(): Store {
  const journal: Journal = [];
  const tables = makeTables(journal);
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  // One after the other, readers too, as on SQLite's one connection: nobody sees what is not committed.
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const transaction = <T>(work: (rows: Rows) => Promise<T>): Promise<T> =>
    inLine(async () => {
      if (isClosed) throw new Error("the store is closed");
      let isOver = false;
      try {
        return await work(
          eachVerb(rowsOf(tables), (verb) => {
            if (isOver) throw new Error("the transaction is over");
            return verb(rowsOf(tables));
          }),
        );
      } catch (error) {
        for (const undo of journal.toReversed()) undo();
        throw error;
      } finally {
        isOver = true;
        journal.length = 0;
      }
    });

  return {
    ...eachVerb(rowsOf(tables), (verb) => transaction(verb)),
    transaction,
    emptyLog: () => transaction(async () => true),
    rewrite: () => transaction(async () => true),
    proveWrite: () => transaction(async () => undefined),
    close: () =>
      inLine(async () => {
        isClosed = true;
      }),
  };
}

function rowsOf(tables: Tables): Rows {
  return {
    ...auditRows(tables),
    ...messageRows(tables),
    ...voucherRows(tables),
    ...dispatchRows(tables),
    ...redemptionRows(tables),
    ...accessRows(tables),
    ...personalDataRows(tables),
    ...clockRows(tables),
  };
}

/** The same verbs, each called by way of `call`. */
function eachVerb(rows: Rows, call: (verb: (rows: Rows) => Promise<unknown>) => Promise<unknown>): Rows {
  const names = Object.keys(rows) as (keyof Rows)[];
  const verbs = names.map((name) => [
    name,
    async (...args: readonly unknown[]) =>
      call(async (on) => (on[name] as (...all: readonly unknown[]) => unknown)(...args)),
  ]);
  // Every verb of Rows by its name, with its own arguments: what the compiler cannot see through Object.fromEntries.
  return Object.fromEntries(verbs) as Rows;
}
