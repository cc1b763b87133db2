/** An error and what caused it: "fetch failed" alone tells nobody which connection broke, and how. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  const cause = error.cause === undefined ? "" : `: ${explain(error.cause)}`;
  return `${error.message}${code}${cause}`;
}
