/**
 * A row of a CSV file (RFC 4180), CRLF included. Every export of ours is written by this one function, because a
 * spreadsheet runs a cell that begins like a formula, and strangers name deliveries and takers: such a text gets an
 * apostrophe before it, which a spreadsheet takes for "this is text". A number is written as it is.
 *
 * @param cells null is an empty cell
 */
export function writeCsvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map(writeCell).join(",")}\r\n`;
}

// OWASP's list, and the wide forms, which East Asian spreadsheets read as the narrow ones.
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;

function writeCell(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  // Semicolons and tabs too: some spreadsheets part cells there, whatever the file says, and begin a formula behind one.
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
