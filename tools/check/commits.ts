// Whoever looks for a change reads a list of subjects, cut off at the end of a line. One that does not fit says two
// things, or one thing and its reason, which belongs into the body.

import { execFileSync } from "node:child_process";
import { type Finding, ROOT } from "./tree.ts";

const MOST_CHARACTERS = 72;
/** The rule holds for what came after this commit. */
const SINCE = "be8a529069de973ef5117298d3a623ad1c558066";

/** Judges the commits after {@link SINCE}; none in a clone that lacks that commit, as a shallow one does. */
export function checkCommits(): Finding {
  if (!isKnown(SINCE)) return { faults: [], note: "the history is not here, as in a shallow clone: not judged" };
  const commits = git("log", "--no-merges", "--format=%h %s", `${SINCE}..HEAD`).split("\n");
  return judgeCommits(commits.filter((line) => line !== ""));
}

/**
 * @param commits abbreviated hash, space, subject; of several lines before the first empty one git makes one subject
 */
export function judgeCommits(commits: readonly string[]): Finding {
  const long = commits.filter((line) => [...line.slice(line.indexOf(" ") + 1)].length > MOST_CHARACTERS);
  return {
    faults: long.map((line) => `commit ${line}: a subject of more than ${MOST_CHARACTERS} characters`),
    note: `${commits.length} subjects of at most ${MOST_CHARACTERS} characters`,
  };
}

function isKnown(commit: string): boolean {
  try {
    git("merge-base", "--is-ancestor", commit, "HEAD");
    return true;
  } catch {
    return false;
  }
}

function git(...command: readonly string[]): string {
  // As in tree.ts: a clone may belong to another user.
  return execFileSync("git", ["-c", "safe.directory=*", ...command], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}
