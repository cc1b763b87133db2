/**
 * What the revocation list would weigh as a Bloom filter, which the EU's health certificates offer beside a list of
 * hashes. Computed, for the same rate of errors: a sorted list of n entries of b bits holds a foreign entry by chance
 * in n of 2^b cases, and a filter with that rate takes at least log2(1/rate) / ln 2 bits an entry.
 */
export function printFilters(): void {
  console.log("\nRevocations as a sorted list and as a Bloom filter of the same error, by formula");
  console.log(line("entries", "bytes each", "error", "list, bytes", "filter, bytes"));
  for (const [entries, bytes] of [
    [10_000, 7],
    [10_000, 8],
    [800_000, 8],
    [1_000_000, 8],
  ] as const) {
    const error = entries / 2 ** (8 * bytes);
    const filter = Math.ceil((entries * Math.log2(1 / error)) / Math.LN2 / 8);
    console.log(
      line(grouped(entries), String(bytes), error.toExponential(1), grouped(entries * bytes), grouped(filter)),
    );
  }
  console.log(
    "  Entries are 8 bytes, whole ctis; an issuer draws none twice, so the list refuses none of its vouchers for another.",
  );
}

function line(...cells: readonly string[]): string {
  return `  ${cells.map((cell) => cell.padStart(16)).join("")}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}
