import { formatShortCode } from "@doorproof/voucher";
import type { Catalogue } from "./catalogue.ts";
import { expiry } from "./expiry.ts";
import { alreadyHtml, type Html, html } from "./html.ts";
import { catalogues, type Language } from "./language.ts";
import { renderQrSvg } from "./qr.ts";
import { spellCode } from "./spelling.ts";
import { stylesheet } from "./style.ts";

/**
 * What the page shows. Nothing in it says who the customer is, where they live or what is delivered: anyone who holds
 * the phone can open the link.
 */
export type View = { language: Language } & (Ready | Over);

type Ready = {
  state: "ready";
  voucherText: string;
  /** Ten characters, no hyphen. */
  shortCode: string;
  /** Seconds since 1970. */
  expiresAt: number;
  /** IANA name of the zone where the parcel arrives, for the expiry. */
  timeZone: string;
  /** Where the same QR is served as pictures to keep. */
  links: { svg: string; png: string };
};

/**
 * Delivered; past its expiry; revoked, or replaced by a newer message; no such link. No QR and no code: there is none
 * to show.
 */
type Over = { state: "used" | "expired" | "withdrawn" | "unknown" };

/** The whole document. It runs no script and loads nothing; served with `headers`, it could not. */
export function renderPage(view: View): string {
  const words = catalogues[view.language];
  switch (view.state) {
    case "ready":
      return page(view.language, words.title, showQr(view, words));
    case "used":
      return page(view.language, words.used.title, notice(words.used, CHECK));
    case "expired":
      return page(view.language, words.expired.title, notice(words.expired, CLOCK));
    case "withdrawn":
      return page(view.language, words.withdrawn.title, notice(words.withdrawn, CROSS));
    case "unknown":
      return page(view.language, words.unknown.title, notice(words.unknown, QUESTION));
  }
}

// A phone makes a call link of ten digits in a row, and a translator makes words of the code: both are told not to.
function page(language: Language, title: string, main: Html): string {
  return html`<!doctype html>
<html lang="${language}" dir="${catalogues[language].dir}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<style>${alreadyHtml(stylesheet)}</style>
</head>
<body>
${main}
</body>
</html>
`.markup;
}

function showQr({ voucherText, shortCode, expiresAt, timeZone, links }: Ready, words: Catalogue): Html {
  const spoken = spellCode(shortCode, words);
  const until = expiry(expiresAt, words.locale, timeZone);
  return html`<main>
<header>
<h1>${words.title}</h1>
<p>${words.lead}</p>
</header>
<div class="qr">${alreadyHtml(renderQrSvg(voucherText, words.qr))}</div>
<div class="words">
<section>
<h2>${words.code}</h2>
<p class="code" role="img" aria-label="${spoken.map(({ said }) => said).join(", ")}" translate="no">${breakable(shortCode)}</p>
<p class="until">${words.validUntil} <time datetime="${until.iso}"><b>${until.time}</b> <span>${until.zone}</span></time></p>
</section>
<section class="rule">
${icon(STOP)}
<p><strong>${words.rule} ${words.nobody}</strong> ${words.refuse}</p>
</section>
<section>
<h2>${words.spell}</h2>
<ol translate="no">
${spoken.map(({ character, word }) => html`<li><b>${character}</b> ${word}</li>\n`)}</ol>
</section>
<footer>
<p>${words.trouble}</p>
<p><a href="${links.png}" download>${words.savePicture}</a> <a href="${links.svg}" download>${words.saveForPrint}</a></p>
</footer>
</div>
</main>`;
}

// In two pieces that hold together, so that large text on a small screen breaks after the hyphen and nowhere else.
function breakable(shortCode: string): Html[] {
  return formatShortCode(shortCode)
    .split(/(?<=-)/)
    .map((half) => html`<span>${half}</span>`);
}

function notice({ title, text }: Catalogue["used"], drawing: Html): Html {
  return html`<main class="notice">
${icon(drawing)}
<h1>${title}</h1>
<p>${text}</p>
</main>`;
}

function icon(drawing: Html): Html {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9.5"/>${drawing}</svg>`;
}

const STOP = html`<path d="M5.3 5.3l13.4 13.4"/>`;
const CHECK = html`<path d="M7.8 12.4l2.9 2.9 5.6-5.9"/>`;
const CLOCK = html`<path d="M12 6.8V12l3.4 2"/>`;
const CROSS = html`<path d="M9 9l6 6m0-6l-6 6"/>`;
const QUESTION = html`<path d="M9.4 9.6a2.6 2.6 0 1 1 3.8 2.3c-.8.4-1.2.9-1.2 1.7M12 16.6v.1"/>`;
