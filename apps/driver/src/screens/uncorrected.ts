/**
 * For fields whose words are in no dictionary. Browsers have `autocorrect` as a boolean by now, and Preact sets the property where there is one:
 * the attribute's own value, the string "off", is true and switches it on. The types know the attribute alone.
 */
export const UNCORRECTED = { autocorrect: false, spellcheck: false } as unknown as { readonly spellcheck: false };
