/**
 * For fields whose words are in no dictionary. Newer browsers have `autocorrect` as a boolean property, which Preact
 * sets instead of the attribute: the attribute's value "off" would be true there and switch it on. The types know only
 * the attribute.
 */
export const UNCORRECTED = { autocorrect: false, spellcheck: false } as unknown as { readonly spellcheck: false };
