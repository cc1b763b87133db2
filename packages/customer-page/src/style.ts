/**
 * SHA-256 of `stylesheet` as a Content Security Policy writes it. A constant, because this room may not hash; a test
 * computes it again and names the new value when the two differ.
 */
export const stylesheetHash = "sha256-TUb2kGs2EF3O1o58UtyAGpeHs9fvNHpvhQz85nmHjbE=";

/**
 * The page's whole appearance. Distances around the QR are in pixels and the text is in rem, so that a reader who
 * doubles the text does not shrink the QR; the code breaks at its hyphen before it would overflow.
 */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f4f2ec; --ink: #1b1f23; --soft: #3f464b; --line: #d8d4c8; --accent: #0a4f43;
  --warn: #ffe8b5; --warn-ink: #3a2800;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181b; --ink: #f1f3f2; --soft: #bcc4c7; --line: #343b40; --accent: #8ddcc6;
    --warn: #372d12; --warn-ink: #ffe7ae;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  padding: 20px 12px; background: var(--ground); color: var(--ink);
  font: 1rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif; overflow-wrap: break-word;
}
main { max-width: 416px; margin: 0 auto; display: grid; gap: 18px; }
main > * { min-width: 0; }
h1 { font-size: 1.6rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1rem; font-weight: 500; color: var(--soft); }
header, .words > * { padding: 0 8px; min-width: 0; }
header p { margin-top: 6px; color: var(--soft); }
.qr { background: #fff; border-radius: 18px; overflow: hidden; forced-color-adjust: none; box-shadow: 0 0 0 1px var(--line); }
.qr svg { display: block; width: 100%; height: auto; }
.words { display: grid; gap: 20px; container-type: inline-size; }
.code {
  color: var(--accent); font: 600 max(1.5rem, min(11.2cqi, 3rem))/1.3 ui-monospace, SFMono-Regular,
    Menlo, Consolas, "Liberation Mono", monospace;
  letter-spacing: .06em;
}
.code span { display: inline-block; }
.until { color: var(--soft); margin-top: 4px; }
.until b { color: var(--ink); font-weight: 600; }
.until span { display: block; font-size: .9375rem; }
.words .rule {
  display: grid; grid-template-columns: 24px 1fr; gap: 12px; padding: 14px 16px; border-radius: 14px;
  background: var(--warn); color: var(--warn-ink); border: 1px solid transparent;
}
.rule > * { min-width: 0; text-wrap: pretty; }
.rule svg, .notice svg { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.rule svg { width: 24px; height: 24px; }
.rule strong { display: block; font-weight: 650; }
ol { list-style: none; columns: 2 8rem; column-gap: 20px; margin-top: 6px; }
li { break-inside: avoid; padding: 3px 0; }
li b { display: inline-block; width: 1.7em; font-weight: 600; color: var(--accent); }
.words footer { border-top: 1px solid var(--line); padding-top: 14px; font-size: .9375rem; color: var(--soft); }
a { display: inline-block; padding: 10px 20px 10px 0; color: var(--accent); text-underline-offset: .2em; }
a:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; border-radius: 4px; }
.notice { min-height: calc(100vh - 40px); min-height: calc(100svh - 40px); align-content: center; justify-items: center; text-align: center; gap: 14px; padding: 0 12px 10vh; }
.notice svg { width: 64px; height: 64px; color: var(--accent); stroke-width: 1.1; }
.notice p { color: var(--soft); max-width: 34ch; text-wrap: pretty; }
@media (min-width: 540px) and (max-height: 560px), (min-width: 900px) {
  main:not(.notice) { max-width: 880px; grid-template: auto 1fr / max(260px, min(46vw, 100vh - 40px, 400px)) 1fr; column-gap: 28px; }
  .qr { grid-row: 1 / 3; align-self: start; position: sticky; top: 20px; }
  header, .words { grid-column: 2; }
}
@media (min-width: 900px) and (min-height: 700px) {
  body { padding-top: 10vh; }
}
@media print {
  :root { --ground: #fff; --ink: #000; --soft: #000; --line: #999; --accent: #000; --warn: #fff; --warn-ink: #000; }
  .qr { width: 70mm; box-shadow: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .words .rule { border-color: #000; }
  .words footer { display: none; }
}
`;
