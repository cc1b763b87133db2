import { inside } from "./inside.ts";
import type { Deps } from "./ports.ts";

/**
 * A dry run: does all that `verb` does, by the same code and with the same refusals, and keeps nothing of it. A check
 * beside the verb would be one more thing to forget when a rule is added.
 * @param verb must use the dependencies it is handed, and no others
 */
export async function rehearse<Rows, Result>(
  deps: Deps<Rows>,
  verb: (deps: Deps<Rows>) => Promise<Result>,
): Promise<Result> {
  const done = new Rehearsed<Result>();
  try {
    await deps.store.transaction(async (rows) => {
      done.result = await verb(inside(deps, rows));
      // What a transaction threw is taken back.
      throw done;
    });
  } catch (error) {
    if (error !== done) throw error;
  }
  return done.take();
}

class Rehearsed<Result> extends Error {
  override readonly name = "Rehearsed";
  result: Result | undefined;

  take(): Result {
    if (this.result === undefined) throw new Error("a transaction swallowed what was thrown in it");
    return this.result;
  }
}
