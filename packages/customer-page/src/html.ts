import { withoutBidiControls } from "@doorproof/voucher";

/** Text that is HTML already. Only `html` makes it, so a plain string never reaches a page unescaped. */
export type Html = { readonly markup: string };

type Hole = string | number | Html | readonly Html[];

/**
 * A template whose holes are escaped: a string becomes text or an attribute's value (always between double quotes),
 * Html goes in as it is, a list is joined. So escaping is the default, and only `alreadyHtml` leaves it out.
 */
export function html(template: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  const filled = holes.map((hole, i) => fill(hole) + (template[i + 1] ?? ""));
  return { markup: (template[0] ?? "") + filled.join("") };
}

/**
 * The one door for markup that was made elsewhere: the drawn QR, the stylesheet, whose hash would not survive escaping.
 */
export function alreadyHtml(markup: string): Html {
  return { markup };
}

function fill(hole: Hole): string {
  if (typeof hole === "number") return String(hole);
  if (typeof hole === "string") return escapeHtml(hole);
  if ("markup" in hole) return hole.markup;
  return hole.map(({ markup }) => markup).join("");
}

// What a stranger wrote must not turn the direction of what stands beside it, wherever on a page it stands.
function escapeHtml(text: string): string {
  return withoutBidiControls(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
