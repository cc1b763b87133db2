import { createRequire } from "node:module";

// Loaded into an issuer's process before its main (`node --import`), and asked over its channel: "cpu" for what the
// process has used, "watch" and "tell" for the longest stretch between.

/** Milliseconds. */
export interface Stretches {
  /** CPU of the loop's thread in one turn of the loop, without commits. */
  readonly longest: number;
  /** As a clock on the wall has it. */
  readonly longestCommit: number;
}

/** Milliseconds since `watch`. */
let longest = 0;
let longestCommit = 0;
/** Of the turn that runs: CPU of this thread. Wall time would tell what other processes of the machine do. */
let began = 0;
let committing = 0;
let watching: NodeJS.Immediate | null = null;

process.on("message", (asked) => {
  if (asked === "watch") watch();
  if (asked === "tell") tell();
  if (asked === "cpu") answer({ cpu: cpuUsed() });
});
timeCommits();

// Whoever waits for anything waits for one turn of the loop, however many callbacks run in it: so a turn is what is
// measured, and it is never idle, since an immediate is always due.
function watch(): void {
  longest = 0;
  longestCommit = 0;
  next();
}

function next(): void {
  began = threadTime();
  committing = 0;
  watching = setImmediate(() => {
    longest = Math.max(longest, threadTime() - began - committing);
    next();
  });
}

function tell(): void {
  if (watching) clearImmediate(watching);
  answer({ longest, longestCommit });
}

function cpuUsed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function answer(told: { cpu: number } | Stretches): void {
  process.send?.(told);
}

// A commit waits for the disk, and no code of ours makes that shorter. Whatever leaves no transaction open has committed.
function timeCommits(): void {
  // The issuer's own copy: tools have none.
  const Database = createRequire(new URL("../../apps/issuer/package.json", import.meta.url))("better-sqlite3");
  const memory = new Database(":memory:");
  const statements: { run(this: Statement, ...values: unknown[]): unknown } = Object.getPrototypeOf(
    memory.prepare("select 1"),
  );
  memory.close();
  const { run } = statements;
  statements.run = function (this: Statement, ...values) {
    const started = { wall: performance.now(), thread: threadTime() };
    try {
      return run.apply(this, values);
    } finally {
      if (!this.database.inTransaction) {
        committing += threadTime() - started.thread;
        longestCommit = Math.max(longestCommit, performance.now() - started.wall);
      }
    }
  };
}

interface Statement {
  readonly database: { readonly inTransaction: boolean };
}
