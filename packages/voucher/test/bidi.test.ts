import { expect, test } from "vitest";
import { withoutBidiControls } from "../src/index.ts";

/** Unicode's Bidi_Control, all twelve. */
const CONTROLS = [0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069].map(
  (point) => String.fromCodePoint(point),
);

test.each(CONTROLS.map((control) => [control.codePointAt(0)?.toString(16), control]))("U+%s goes", (_, control) => {
  expect(withoutBidiControls(`${control}Flat 3${control}, ${control}`)).toBe("Flat 3, ");
});

test.each(["", "Müller Optik, Kirchgasse 9", "רחוב 5", "شارع ٣", "👩‍👧 at the back", "a\u200db", "RR123456785DE"])(
  "%s stays as it is",
  (text) => {
    expect(withoutBidiControls(text)).toBe(text);
  },
);
