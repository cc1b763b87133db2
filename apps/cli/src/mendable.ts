import { EXIT, Failure, isSystemError, type KnownErrors } from "@doorproof/verify/verbs";

/** Errors of the issuer's verbs, by name: most verbs never load its classes. */
export const ISSUER_ERRORS: KnownErrors = {
  ConfigError: { code: EXIT.usage, about: "" },
  IssueError: { code: EXIT.refused, about: "" },
  SqliteError: { code: EXIT.inputOutput, about: "the issuer's database in DATA_DIR: " },
  StorageError: { code: EXIT.inputOutput, about: "the issuer's database in DATA_DIR: " },
};

/**
 * For verbs of issuer and signer that touch files: they throw a plain Error for what a person can mend, such as a
 * private key that others can read. Anything else, as a TypeError, is a bug.
 */
export async function mendable<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isPlain = error instanceof Error && error.constructor === Error && !isSystemError(error);
    throw isPlain ? new Failure("inputOutput", error.message) : error;
  }
}
