import { expect, test } from "vitest";
import { explain } from "../src/explain.ts";

const closed = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });

test.each([
  ["an error alone", new Error("no port was given"), "no port was given"],
  ["a cause", new TypeError("fetch failed", { cause: closed }), "fetch failed: other side closed (UND_ERR_SOCKET)"],
  ["what is no error", "a word", "a word"],
])("%s is told", (_, error, said) => {
  expect(explain(error)).toBe(said);
});
