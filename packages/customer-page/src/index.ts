// The page behind the SMS link: what the customer shows at the door. It gets a finished view and draws it; it knows no
// key, no store and no request, and a page drawn twice is the same page.

export { headers } from "./headers.ts";
export { chooseLanguage, type Language, languages } from "./language.ts";
export { renderPage, type View } from "./page.ts";
export { type QrShape, qrShape, renderLinkQr, renderQrPng, renderQrSvg } from "./qr.ts";
