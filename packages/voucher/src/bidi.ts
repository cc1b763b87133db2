/**
 * A stranger's text (a label, a name) as a screen may show it: without the characters that turn the direction of what
 * stands beside them, as U+202E does, which make one ID or address look like another. What language it is written in
 * does not matter: letters of Hebrew or Arabic bring their direction along.
 */
export function withoutBidiControls(text: string): string {
  return text.replace(/\p{Bidi_Control}/gu, "");
}
