import type { AccessRows } from "../domain/access/index.ts";
import type { AuditRows } from "../domain/audit/index.ts";
import type { ClockRows } from "../domain/clock/index.ts";
import type { DispatchRows } from "../domain/dispatch/index.ts";
import type { MessageRows } from "../domain/messages/index.ts";
import type { PersonalDataRows } from "../domain/personal-data/index.ts";
import type { Deps, Transactional } from "../domain/ports.ts";
import type { RedemptionRows } from "../domain/redemptions/index.ts";
import type { VoucherRows } from "../domain/vouchers/index.ts";

/** What every subject of the domain asks of a database, together. */
export type Rows = AuditRows &
  MessageRows &
  VoucherRows &
  DispatchRows &
  RedemptionRows &
  AccessRows &
  PersonalDataRows &
  ClockRows;

/**
 * The database, whichever it is: test/store.contract.ts says what it must do. No row holds a voucher, a signature, a
 * short code, a token or a phone number in the clear (docs/format.md section 8, property 6). Times are seconds since
 * 1970.
 */
export type Store = Transactional<Rows> & {
  /**
   * Writes something, makes it durable and takes it away again.
   * @throws {StorageError} the disk takes no more
   */
  proveWrite(): Promise<void>;
  /**
   * Takes the write-ahead log into the database and empties it: what was deleted or overwritten before is not in it then.
   * @returns false: another process is reading, and it stays in the log until that one's next turn
   */
  emptyLog(): Promise<boolean>;
  /**
   * Writes the whole database anew and empties the log: writers wait meanwhile, so it is for an operator. What was
   * deleted or overwritten before is nowhere then, not even on a page that was split while it stood there.
   * @returns false: others were writing or reading all the time, and it must be tried again
   */
  rewrite(): Promise<boolean>;
  close(): Promise<void>;
};

/** What the verbs of every subject are handed. */
export type StoreDeps = Deps<Rows> & { readonly store: Store };
