import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { KeySet } from "@doorproof/verifier";
import {
  EXIT,
  escapeText,
  explain,
  formatDuration,
  formatTime,
  keyFolder,
  readKeys,
  readRevocationList,
} from "@doorproof/verify/verbs";
import type { RevocationList } from "@doorproof/voucher";
import { hasEntry, toHex } from "@doorproof/voucher/codec";
import type { Declare, OperatorContext } from "../context.ts";
import { ISSUER_ERRORS, mendable } from "../mendable.ts";
import { dataFolder } from "../settings.ts";

export const declare: Declare = (command, context) => {
  command
    .option("--dir <folder>", "the key folder (default: KEYS_DIR, or keys)")
    .option("--json", "one object a line: {state, what, mend}")
    .addHelpText("after", EXAMPLES)
    .action((options: { readonly dir?: string; readonly json?: boolean }) => examine(options, context));
};

const EXAMPLES = `
Example:
  doorproof doctor

One line a finding: fine, look (works, and will not for ever) or wrong, and how to mend it. Exit 1 if anything is wrong.
It changes nothing and asks no network.`;

interface Finding {
  readonly state: "fine" | "look" | "wrong";
  readonly what: string;
  readonly mend?: string;
}

const PAINT = { fine: "green", look: "yellow", wrong: "red" } as const;

async function examine(
  options: { readonly dir?: string; readonly json?: boolean },
  context: OperatorContext,
): Promise<void> {
  const { terminal, environment } = context;
  const folder = keyFolder(environment, options.dir);
  const findings = [
    examineNode(context.node.version),
    ...(await examineKeys(folder, context)),
    ...(await examinePrivate(folder, environment)),
    ...(await examineData(context)),
    examineMessages(environment),
  ];
  for (const { state, what, mend } of findings) {
    if (options.json) await terminal.print(JSON.stringify({ state, what, mend: mend ?? null }));
    else {
      await terminal.print(`${terminal.paint(PAINT[state], state.padEnd(5))}  ${what}`);
      if (mend !== undefined) await terminal.print(`       ${mend}`);
    }
  }
  if (findings.some(({ state }) => state === "wrong")) context.exit(EXIT.refused);
}

function examineNode(version: string): Finding {
  if (Number.parseInt(version, 10) >= 24) return { state: "fine", what: `Node ${version}` };
  return {
    state: "wrong",
    what: `Node ${version}: doorproof needs 24`,
    mend: "start it as npx -y pnpm@12.21.0 doorproof …, which brings its own",
  };
}

const DAY = 86_400;

async function examineKeys(folder: string, { now: clock }: OperatorContext): Promise<Finding[]> {
  const now = clock();
  if (!existsSync(join(folder, "keys.cose"))) {
    return [
      {
        state: "wrong",
        what: `${folder}: no keys there`,
        mend: "doorproof keys init makes some; --dir names another folder",
      },
    ];
  }
  const read = await attempt(readKeys(join(folder, "keys.cose")));
  if ("what" in read) return [read];
  const { value: keys } = read;
  const { list, issuer } = keys;
  if (!list) return [];
  const left = list.expiresAt - now;
  const about = `key list of ${issuer}, version ${list.version}, until ${formatTime(list.expiresAt)}`;
  const rotate = "the root must sign a new list before that: doorproof keys rotate";
  return [
    left <= 0
      ? { state: "wrong", what: `${about}: over`, mend: rotate }
      : { state: left < 30 * DAY ? "look" : "fine", what: about, ...(left < 30 * DAY && { mend: rotate }) },
    now < list.issuedAt - 300
      ? {
          state: "wrong",
          what: `the clock, ${formatTime(now)}, stands ${formatDuration(list.issuedAt - now)} before the key list was made`,
          mend: "set the clock",
        }
      : { state: "fine", what: `the clock, ${formatTime(now)}, is behind nothing that was signed` },
    await examineKey("vouchers", { folder, now }),
    await examineKey("documents", { folder, now }),
    ...(await examineSets(folder, keys, now)),
  ];
}

async function examineKey(
  use: "vouchers" | "documents",
  { folder, now }: { folder: string; now: number },
): Promise<Finding> {
  const none: Finding = {
    state: "look",
    what: `no private key for ${use} that serves now: nothing can be issued here`,
    mend: "for verifying alone that is as it should be",
  };
  if (!existsSync(join(folder, "private"))) return none;
  const { newestSigningKey } = await import("@doorproof/issuer/operations");
  const read = await attempt(mendable(() => newestSigningKey(folder, { use, now, until: now })));
  if ("what" in read) return read;
  if (!read.value) return none;
  const { key, until } = read.value;
  return { state: "fine", what: `${toHex(key.kid)} signs ${use} now, until ${formatTime(until)}` };
}

async function examineSets(folder: string, keys: KeySet, now: number): Promise<Finding[]> {
  const revocations = await attempt(readRevocationList(join(folder, "revocations.cose"), { keys }));
  const kids = "value" in revocations ? revocations.value.kids : new Uint8Array();
  // Readers of a bare set have no revocation list, so a withdrawn key must not be in it.
  const good = [...keys.keys.values()].filter(
    ({ use, kid }) => use === "vouchers" && !hasEntry(kids, new Uint8Array(Buffer.from(kid, "hex"))),
  );
  const listed = new Map(good.map(({ kid, to }) => [kid, now < to]));
  return [
    await examineBareSet(join(folder, "jwks.json"), keys.issuer, listed),
    await examineBareSet(join(folder, "cose-keys.cbor"), keys.issuer, listed),
    "value" in revocations ? examineRevocations(revocations.value, now) : revocations,
  ];
}

/** @param listed the kids that may be in it, and whether they must: not when their window is over */
async function examineBareSet(path: string, issuer: string, listed: ReadonlyMap<string, boolean>): Promise<Finding> {
  const read = await attempt(readKeys(path, { issuer }));
  if ("what" in read) return read;
  const found = [...read.value.keys.keys()];
  const mend = "doorproof keys publish writes it again";
  const isMissing = [...listed].some(([kid, must]) => must && !found.includes(kid));
  if (isMissing || found.some((kid) => !listed.has(kid)))
    return { state: "wrong", what: `${path}: other keys than the signed list trusts`, mend };
  const over = found.filter((kid) => !listed.get(kid)).length;
  return over > 0
    ? { state: "look", what: `${path}: ${over} keys whose window is over; its readers know no windows`, mend }
    : { state: "fine", what: `${path}: the list's ${found.length} voucher keys` };
}

function examineRevocations({ version, next, kids, ctis }: RevocationList, now: number): Finding {
  const what = `revocation list ${version}: ${kids.length / 4} keys, ${ctis.length / 8} vouchers`;
  return now < next
    ? { state: "fine", what }
    : {
        state: "look",
        what: `${what}; overdue since ${formatTime(next)}`,
        mend: "the issuer signs and serves a fresh one while it runs; doorproof keys publish writes one here",
      };
}

async function examinePrivate(folder: string, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const path = join(folder, "private");
  if (!existsSync(path)) return [];
  const findings: Finding[] = [];
  if (existsSync(join(path, "root.pem"))) {
    findings.push({
      state: "look",
      what: `${join(path, "root.pem")}: the root's private key is on this machine`,
      mend: "move it to a stick in a safe: whoever has it is the issuer",
    });
  }
  const open = statSync(path).mode & 0o077;
  findings.push(
    open
      ? { state: "wrong", what: `${path}: others can read it`, mend: `chmod 700 ${path}` }
      : { state: "fine", what: `${path}: closed to others` },
  );
  const { inspectSecrets } = await import("@doorproof/issuer/operations");
  const { faults } = inspectSecrets(environment, folder);
  findings.push(
    ...(faults.length === 0
      ? [{ state: "fine", what: "CODE_SECRET, LINK_SECRET and DATA_SECRET are there" } as const]
      : faults.map(
          (what) => ({ state: "wrong", what, mend: "made anew, older codes and links no longer fit" }) as const,
        )),
  );
  return findings;
}

/** What becomes of messages: whoever runs an issuer must not believe that customers get them when they do not. */
function examineMessages(environment: NodeJS.ProcessEnv): Finding {
  const isProduction = environment["PUBLIC_URL"]?.startsWith("https:") ?? false;
  if (environment["SMS_GATEWAY"] === "none")
    return {
      state: "look",
      what: "SMS_GATEWAY is none: every message is kept as unsent, and no customer gets one from here",
      mend: "hand out the link that each answer holds",
    };
  if (isProduction)
    return {
      state: "wrong",
      what: "SMS_GATEWAY: log is for trials, and the issuer does not start on it in production",
      mend: "set it to none, and hand out the links yourself",
    };
  return { state: "fine", what: "messages are written into the outbox of a trial, and sent to nobody" };
}

const DOUBTED = "the clock is doubted, and an issuer signs nothing";

async function examineData({ environment, now, uptime }: OperatorContext): Promise<Finding[]> {
  const folder = dataFolder(environment);
  if (!existsSync(folder))
    return [{ state: "fine", what: `${folder}: no database yet; the issuer makes it at its first start` }];
  try {
    accessSync(folder, constants.R_OK | constants.W_OK);
  } catch {
    return [{ state: "wrong", what: `${folder}: cannot be written by this user`, mend: "chown it, or set DATA_DIR" }];
  }
  const path = join(folder, DATABASE);
  if (!existsSync(path)) return [{ state: "fine", what: `${folder}: can be written; no database yet` }];
  if (readHead(path, 15) !== "SQLite format 3")
    return [{ state: "wrong", what: `${path}: no SQLite database`, mend: "restore it from a backup" }];
  const { CLOCK_MEND, clockDoubtInDatabase, unboundKeysInDatabase } = await import("@doorproof/issuer/operations");
  const unbound = (await unboundKeysInDatabase(folder)).map(
    ({ id, name }): Finding => ({
      state: "look",
      what: `API key ${id} (${escapeText(name)}) redeems the deliveries of every courier: it was made before a key named one`,
      mend: "make one with doorproof api-key create --courier NAME, hand it over, then revoke this one",
    }),
  );
  const doubt = await clockDoubtInDatabase(folder, { now: now(), uptime: uptime() });
  // By its database an issuer that starts now judges its clock; one that runs may doubt it besides for having run ahead,
  // which its log and /readyz tell.
  const clock = doubt === null ? [] : [{ state: "wrong" as const, what: `${DOUBTED}: ${doubt}`, mend: CLOCK_MEND }];
  return [{ state: "fine", what: `${path}: an SQLite database` }, ...clock, ...unbound];
}

// Only the beginning: a database may be larger than memory.
function readHead(path: string, length: number): string {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(length);
    return head.toString("latin1", 0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}

const DATABASE = "doorproof.sqlite";

async function attempt<T>(reading: Promise<T>): Promise<{ value: T } | Finding> {
  try {
    return { value: await reading };
  } catch (error) {
    const { code, message = "", hint } = explain(error, { words: [], program: "doorproof", errors: ISSUER_ERRORS });
    if (code === EXIT.bug) throw error;
    return { state: "wrong", what: message, ...(hint !== undefined && { mend: hint }) };
  }
}
