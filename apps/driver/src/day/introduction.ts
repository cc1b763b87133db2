import { type PinSource, readRootLink } from "../trust/pin-source.ts";

/**
 * What is scanned before enrolment: an enrolment link on the dispatcher's screen, or an issuer's key set. A link is
 * parsed here, and never opened.
 * @param base the issuer's own address, ending in "/"
 * @returns null: neither
 */
export function readIntroduction(text: string, base: string): { readonly token: string } | PinSource | null {
  const link = `${base}driver/#`;
  const token = text.startsWith(link) ? text.slice(link.length) : "";
  if (/^[A-Za-z0-9_-]{16,200}$/.test(token)) return { token };
  return text.startsWith("{") || readRootLink(text, base) ? { text } : null;
}
