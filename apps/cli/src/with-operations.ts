import type { Operations } from "@doorproof/issuer/operations";
import type { OperatorContext } from "./context.ts";
import { mendable } from "./mendable.ts";
import { requireKeyFolder } from "./settings.ts";

/** Does something in the issuer's database, beside a running issuer. */
export async function withOperations<T>(
  { environment, now, uptime, random }: OperatorContext,
  work: (operations: Operations) => Promise<T>,
): Promise<T> {
  requireKeyFolder(environment);
  // Loaded here: help and completion need no database.
  const { openOperations } = await import("@doorproof/issuer/operations");
  const operations = await mendable(() => openOperations(environment, { now, uptime, random }));
  try {
    return await work(operations);
  } finally {
    await operations.close();
  }
}
