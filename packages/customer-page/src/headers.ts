import { stylesheetHash } from "./style.ts";

// Nothing is loaded, framed, sent or run: the page is one response, and its one stylesheet is named by its hash.
// `'unsafe-inline'` would work as well, and would let an injected style lay a false page over this one.
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${stylesheetHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * For the page and for both pictures of its QR, in every state. The address is a secret: it is not kept (no-store), not
 * told on (no-referrer) and not indexed; and the page cannot be framed by another.
 */
export const headers: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  vary: "accept-language",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex, nofollow",
};
