import type { IssueCode } from "@doorproof/api/lists";

/**
 * One fault of a request: where (a JSON pointer into it, as `/phone`) and what, in a sentence for the person who wrote
 * it.
 */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/**
 * The disk, not the request: nothing of what was asked has been stored. `cause` is what the database said first.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: "full" | "failed";

  constructor(code: "full" | "failed", message: string, options: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Why the issuer does not do what it was asked. `http/` decides which status each code is. */
export class IssueError extends Error {
  override readonly name = "IssueError";
  readonly code: IssueCode;
  readonly faults: readonly Fault[];

  constructor(code: IssueCode, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.code = code;
    this.faults = faults;
  }
}
