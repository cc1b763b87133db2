import { formatShortCode } from "@doorproof/voucher";
import { SegmentedMessage } from "sms-segments-calculator";

/**
 * The message's text. The brand comes first, because a locked phone shows only the beginning; the link comes last with
 * nothing after it, because phones take a full stop for a part of it. All characters are of GSM-7, so that with a short
 * PUBLIC_URL it is one SMS.
 *
 * @param code ten characters, no hyphen
 * @param locale BCP 47; what is in none of our languages is in English
 */
export function writeText({
  brand,
  deliveryId,
  code,
  link,
  locale,
}: {
  brand: string;
  deliveryId: string;
  code: string;
  link: string;
  locale: string;
}): string {
  const sentence = SENTENCES[languageOf(locale)];
  return downgrade(`${sentence(brand, deliveryId, formatShortCode(code))} ${link}`);
}

/** As how many SMS a provider sends and bills it. */
export function countSegments(text: string): number {
  return new SegmentedMessage(text).segmentsCount;
}

type Sentence = (brand: string, deliveryId: string, code: string) => string;

const SENTENCES = {
  en: (brand, id, code) => `${brand}: parcel ${id}. Only at the door, never by phone: say ${code} or show`,
  de: (brand, id, code) => `${brand}: Paket ${id}. Nur an der Tür, nie am Telefon: ${code} sagen oder zeigen:`,
  fr: (brand, id, code) => `${brand}: colis ${id}. Seulement à la porte, jamais au téléphone: dites ${code} ou montrez`,
  pt: (brand, id, code) => `${brand}: encomenda ${id}. Apenas à porta, nunca por telefone: diga ${code} ou mostre`,
} satisfies Record<string, Sentence>;

type SmsLanguage = keyof typeof SENTENCES;

function languageOf(locale: string): SmsLanguage {
  const language = locale.toLowerCase().split("-")[0] ?? "";
  return Object.hasOwn(SENTENCES, language) ? (language as SmsLanguage) : "en";
}

// One character outside GSM-7, such as a curly apostrophe in a brand, would make two SMS of one.
function downgrade(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201b\u2032]/g, "'")
    .replace(/[\u201c-\u201f\u2033\u00ab\u00bb]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replaceAll("\u2026", "...")
    .replace(/[\u00a0\u2000-\u200a\u202f]/g, " ");
}
