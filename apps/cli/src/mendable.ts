import { EXIT, Failure, isSystemError, type KnownErrors } from "@doorproof/verify/verbs";

/** What the issuer's verbs throw, by name: its classes lie behind a door that most verbs never open. */
export const ISSUER_ERRORS: KnownErrors = {
  ConfigError: { code: EXIT.usage, about: "" },
  IssueError: { code: EXIT.refused, about: "" },
  SqliteError: { code: EXIT.inputOutput, about: "the issuer's database in DATA_DIR: " },
};

/**
 * For the issuer's and the signer's verbs that touch files: of what a person can mend they say so in a plain Error, such as a private key that
 * others can read. A TypeError is still a bug.
 */
export async function mendable<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isPlain = error instanceof Error && error.constructor === Error && !isSystemError(error);
    throw isPlain ? new Failure("inputOutput", error.message) : error;
  }
}
