import { expect, test } from "vitest";
import { checkCommits, judgeCommits } from "./commits.ts";

const subject = (length: number) => `0123abc ${"ü".repeat(length)}`;

test("a subject fits on its line, or is a fault", () => {
  expect(judgeCommits([subject(72), "0123abc Short"])).toEqual({
    faults: [],
    note: "2 subjects of at most 72 characters",
  });
  expect(judgeCommits(["0123abc Short", subject(73)]).faults).toEqual([
    `commit ${subject(73)}: a subject of more than 72 characters`,
  ]);
});

test("the history of this clone is judged, or said to be absent", () => {
  expect(checkCommits().note).toMatch(/^\d+ subjects of at most 72|not judged$/);
});
