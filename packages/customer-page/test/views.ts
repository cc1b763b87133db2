import { writeText } from "@doorproof/voucher/codec";
import { type Language, languages, type View } from "../src/index.ts";

/** As a voucher of a 13-character delivery ID: 100 bytes, 154 characters. */
export const voucherText = writeText(Uint8Array.from({ length: 100 }, (_, i) => (i * 89 + 41) & 255));

/** The longest that a voucher can be: 152 bytes, 232 characters. */
export const longestText = writeText(Uint8Array.from({ length: 152 }, (_, i) => (i * 89 + 41) & 255));

export const shortCode = "7KQ4M2XN8P";

export const overStates = ["used", "expired", "withdrawn", "unknown"] as const;

export function readyView(language: Language): Extract<View, { state: "ready" }> {
  return {
    language,
    state: "ready",
    voucherText,
    shortCode,
    expiresAt: Date.UTC(2026, 10, 22, 18, 0) / 1000,
    timeZone: "Europe/Berlin",
    links: { svg: "/v/b2xkZXJ0b2tlbg/qr.svg", png: "/v/b2xkZXJ0b2tlbg/qr.png" },
  };
}

export const allViews: View[] = languages.flatMap((language) => [
  readyView(language),
  ...overStates.map((state) => ({ language, state })),
]);
