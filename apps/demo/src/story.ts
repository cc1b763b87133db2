import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE, type RunningIssuer } from "./issuer.ts";
import { doorproof, heading, narrate, type Party, showLines } from "./party.ts";

const DELIVERIES = join(import.meta.dirname, "../deliveries.csv");
const ROSE_COTTAGE = "RR000000015GB";
const MILL_LANE = "RR000000024GB";

interface DemoSetup {
  /** Where every party has a folder. */
  readonly folder: string;
  /** The issuer's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where Node lies. */
  readonly node: string;
  readonly startIssuer: () => Promise<RunningIssuer>;
  readonly now: () => Date;
  readonly newRecordId: () => string;
}

/** @returns the issuer, still running, for whoever wants to look around, its back office, and what was issued */
export async function runDemo({
  folder,
  environment,
  node,
  startIssuer,
  now,
  newRecordId,
}: DemoSetup): Promise<DemoOutcome> {
  const backOffice = party("back-office", folder, "issuer", environment, node);
  const courier = party("courier", folder, "courier", {}, node);
  const thief = party("thief", folder, "thief", {}, node);
  const driver = party("driver", folder, "driver", {}, node);

  console.log(`
   A courier brings a parcel. The person at the door must prove to be the recipient,
   and the driver's phone has no signal. Here is the whole job, every party a process
   of its own; nothing leaves this machine, and all of it lies in data/demo.`);

  await makeKeys(backOffice);
  const issuer = await startIssuer();
  try {
    const issued = await takeDeliveriesIn(backOffice);
    const rose = issued.find(({ deliveryId }) => deliveryId === ROSE_COTTAGE) ?? fail(`${ROSE_COTTAGE} was not issued`);
    const mill = issued.find(({ deliveryId }) => deliveryId === MILL_LANE) ?? fail(`${MILL_LANE} was not issued`);
    const link = await readMessage(environment, issued.length, rose.deliveryId);
    await openPage(link, backOffice, rose);
    await verifyOffline(courier, folder, { rose, mill });
    await forge(thief, folder, rose);
    await openShortCode({ backOffice, driver, folder, issued, rose, mill });
    await redeem(issuer, backOffice, { rose, mill, now, newRecordId });
    await lookAgain(link);
    whoHoldsWhat({ backOffice, courier, driver });
    return { issuer, backOffice, deliveryIds: issued.map(({ deliveryId }) => deliveryId) };
  } catch (error) {
    await issuer.stop();
    throw error;
  }
}

export interface DemoOutcome {
  readonly issuer: RunningIssuer;
  readonly backOffice: Party;
  readonly deliveryIds: readonly string[];
}

interface StopContext {
  readonly backOffice: Party;
  readonly driver: Party;
  readonly folder: string;
  readonly issued: readonly Issued[];
  readonly rose: Issued;
  readonly mill: Issued;
}

interface Issued {
  readonly deliveryId: string;
  readonly voucher: string;
  readonly shortCode: string;
}

async function makeKeys(backOffice: Party): Promise<void> {
  heading(1, "The issuer makes its keys");
  narrate(`A pair for each month: the private half signs and never leaves, the public half
    is for everybody. Asymmetric: what checks a voucher cannot make one.`);
  await doorproof(backOffice, ["keys", "init", "--dir", "keys", "--issuer", "demo.doorproof.example"]);
}

async function takeDeliveriesIn(backOffice: Party): Promise<readonly Issued[]> {
  heading(2, "The back office hands in today's deliveries");
  narrate(`A CSV of six, one with a number that cannot be one. The good rows go in, the
    faulty one comes back with its line and reason (and so the command ends with 1).`);
  const { stdout } = await doorproof(
    backOffice,
    ["import", DELIVERIES, "--map", "deliveryId=delivery_id", "--country", "GB", "--expires", "48h", "--json"],
    {
      expected: 1,
      quiet: true,
    },
  );
  const rows = stdout.trimEnd().split("\n").map(parseRow);
  for (const { line, deliveryId, status, errors } of rows) {
    console.log(`   line ${line}  ${deliveryId}  ${status}${errors ? `: ${JSON.stringify(errors)}` : ""}`);
  }
  return rows.filter((row): row is Row & Issued => row.voucher !== undefined && row.shortCode !== undefined);
}

async function readMessage(
  environment: DemoSetup["environment"],
  messages: number,
  deliveryId: string,
): Promise<string> {
  heading(3, "Each customer's phone gets a message");
  const file = join(environment["DATA_DIR"] ?? "", "outbox.ndjson");
  const sent = await waitForLines(file, messages);
  const message = sent.find(({ text }) => text.includes(deliveryId)) ?? fail(`no message for ${deliveryId}`);
  narrate(`The gateway "log" writes them into a file instead of sending. The customer of ${deliveryId}:`);
  showLines(`to ${message.to}\n${message.text}`);
  return /https?:\/\/\S+$/.exec(message.text)?.[0] ?? fail("the message has no link");
}

async function openPage(link: string, backOffice: Party, { deliveryId, voucher, shortCode }: Issued): Promise<void> {
  heading(4, "The link opens a page with a QR code and a short code");
  const page = await fetch(link);
  const html = await page.text();
  if (!page.ok || !html.replaceAll(/<[^>]*>/g, "").includes(shortCode)) fail("the page does not show the short code");
  narrate(`${html.length} bytes, no JavaScript, no name, no address. The QR carries the voucher of ${deliveryId},
    ${voucher.length} characters, signed; the short code is ${shortCode}, to read out when a screen is cracked.`);
  await doorproof(backOffice, ["qr", voucher]);
}

async function verifyOffline(
  courier: Party,
  folder: string,
  { rose, mill }: { rose: Issued; mill: Issued },
): Promise<void> {
  heading(5, "At the door, without a network");
  cpSync(join(folder, "issuer/keys/jwks.json"), join(courier.folder, "jwks.json"));
  narrate(`A courier of another firm has one file, the issuer's public keys. Their process starts in
    this folder with an empty environment: ${readdirSync(courier.folder).join(", ")}.`);
  await doorproof(courier, ["verify", rose.voucher, "--keys", "jwks.json", "--delivery", rose.deliveryId]);
  narrate("Another parcel's voucher is genuine, and does not take this one:");
  await doorproof(courier, ["verify", mill.voucher, "--keys", "jwks.json", "--delivery", rose.deliveryId], {
    expected: 1,
  });
  narrate("One character changed:");
  await doorproof(courier, ["verify", alter(rose.voucher), "--keys", "jwks.json"], { expected: 1 });
}

async function forge(thief: Party, folder: string, { deliveryId }: Issued): Promise<void> {
  cpSync(join(folder, "issuer/keys/jwks.json"), join(thief.folder, "jwks.json"));
  narrate(`A thief has the same file, and the same program. They make keys of their own under the
    issuer's name and sign a voucher for this parcel:`);
  await doorproof(thief, ["keys", "init", "--dir", "keys", "--issuer", "demo.doorproof.example"], { quiet: true });
  const args = ["issue", "--delivery", deliveryId, "--phone", "+447700900999", "--expires", "1h"];
  const { stdout } = await doorproof(thief, args, { quiet: true });
  const forged = stdout.trimEnd();
  console.log();
  narrate("It is well formed, and nobody who holds the issuer's public keys believes it:");
  await doorproof(thief, ["verify", forged, "--keys", "jwks.json"], { expected: 3 });
}

async function openShortCode({ backOffice, driver, folder, issued, rose, mill }: StopContext): Promise<void> {
  heading(6, "The camera fails: the short code opens the same voucher");
  narrate(
    "The issuer has sealed each stop of the route under its code; the driver took the manifest along this morning.",
  );
  writeFileSync(
    join(backOffice.folder, "stops.jsonl"),
    issued.map((stop) => `${JSON.stringify({ voucher: stop.voucher, shortCode: stop.shortCode })}\n`).join(""),
  );
  await doorproof(backOffice, [
    "seal",
    "stops.jsonl",
    "--route",
    "north-1",
    "--country",
    "GB",
    "-o",
    "north-1.manifest",
  ]);
  for (const file of ["keys/keys.cose", "keys/root.pub.pem", "keys/jwks.json", "north-1.manifest"]) {
    cpSync(join(folder, "issuer", file), join(driver.folder, file.replace("keys/", "")));
  }
  const open = (code: string, expected: number) =>
    doorproof(
      driver,
      ["open", "north-1.manifest", "--keys", "keys.cose", "--delivery", rose.deliveryId, "--code", code],
      { expected },
    );
  narrate("A slip of the finger is noticed at once, and counts no try:");
  await open(swapFirstTwo(rose.shortCode), 1);
  narrate("Another customer's code does not open this stop:");
  await open(mill.shortCode, 1);
  narrate("The right code, typed as people type:");
  const opened = await open(rose.shortCode.toLowerCase().replace("-", " "), 0);
  if (opened.stdout.trimEnd() !== rose.voucher) fail("the code opened another voucher than the QR shows");
  narrate(
    "It is, to the letter, what the QR carries. The code was never on this device, and finding it takes one card 26 years at least.",
  );
}

async function redeem(
  issuer: RunningIssuer,
  backOffice: Party,
  { rose, mill, now, newRecordId }: { rose: Issued; mill: Issued; now: () => Date; newRecordId: () => string },
): Promise<void> {
  heading(7, "Back in coverage: what happened at the door reaches the issuer");
  const ours = await newReporter(issuer, backOffice);
  const another = await newReporter(issuer, backOffice);
  const record = {
    id: newRecordId(),
    voucher: rose.voucher,
    via: "scan",
    at: now().toISOString(),
    takenBy: "recipient",
  };
  const forged = { ...record, id: newRecordId(), voucher: alter(rose.voucher) };
  const neighbour = { ...record, id: newRecordId(), voucher: mill.voucher, takenBy: "neighbour", name: "Flat 3" };
  const steps = [
    ["the record of Rose Cottage", ours, [record], "accepted"],
    ["the same record again, because the answer got lost", ours, [record], "accepted"],
    ["another courier reports the same voucher", another, [{ ...record, id: newRecordId() }], "conflict"],
    ["a forged voucher, and a good one beside it", ours, [forged, neighbour], "refused (bad-signature), accepted"],
  ] as const;
  for (const [what, report, records, expected] of steps) {
    const answer = await report(records);
    console.log(`   ${what.padEnd(54)}${answer}`);
    if (!answer.startsWith(expected)) fail(`the story needs ${expected}`);
  }
  console.log();
  narrate("The conflict is kept for a person to look at: GET /v1/redemptions?status=conflict. The first one stands.");
}

/** Whoever reports has an API key of their own: the voucher proves the recipient, the key says who was at the door. */
async function newReporter(
  issuer: RunningIssuer,
  backOffice: Party,
): Promise<(records: readonly object[]) => Promise<string>> {
  const { stdout } = await doorproof(
    backOffice,
    ["api-key", "create", "--name", "reporter", "--scope", "redeem", "--courier", "*", "--json"],
    { quiet: true },
  );
  const { token } = JSON.parse(stdout) as { token: string };
  return async (records) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${issuer.url}/v1/redemptions`, {
      method: "POST",
      headers,
      body: JSON.stringify({ records }),
    });
    const { results } = (await answer.json()) as { results: readonly { status: string; code?: string }[] };
    return results.map(({ status, code }) => (code ? `${status} (${code})` : status)).join(", ");
  };
}

async function lookAgain(link: string): Promise<void> {
  heading(8, "The customer's page, once more");
  const html = await fetch(link).then((page) => page.text());
  if (html.includes('class="qr"')) fail("the page still shows the QR code");
  const title = /<h1[^>]*>([^<]*)</.exec(html)?.[1] ?? fail("the page says nothing");
  narrate(`It shows no code any more. It says: "${title.trim()}"`);
}

function whoHoldsWhat({ backOffice, courier, driver }: { backOffice: Party; courier: Party; driver: Party }): void {
  heading(9, "Who holds what, and why that is enough");
  const files = ({ folder }: Party) => readdirSync(folder).sort().join(", ");
  showLines(`issuer     ${files(backOffice)}
           private keys and secrets; the database, without one code or phone number in clear
customer   a link, a QR code, a short code: one parcel, until it expires
driver     ${files(driver)}
           public keys and sealed stops: opens one when the customer says the code
courier    ${files(courier)}
           public keys: checks any voucher, makes none

To make a voucher takes the private key, and that lies with the issuer alone. A stolen
phone, a copied app, a curious driver: they hold what checks, and nothing that signs.`);
}

function party(
  name: string,
  folder: string,
  own: string,
  environment: Readonly<Record<string, string>>,
  node: string,
): Party {
  const path = join(folder, own);
  mkdirSync(path, { recursive: true });
  return { name, folder: path, environment, node };
}

interface Row extends Partial<Issued> {
  readonly line: number;
  readonly status: string;
  readonly errors?: unknown;
}

function parseRow(line: string): Row {
  return JSON.parse(line) as Row;
}

async function waitForLines(file: string, count: number): Promise<readonly { to: string; text: string }[]> {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const lines = readLines(file);
    if (lines.length >= count) return lines.map((line) => JSON.parse(line) as { to: string; text: string });
    await sleep(50);
  }
  return fail(`the outbox does not hold ${count} messages after two minutes`);
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

// Changes the middle of the signature: still base45, and no longer the issuer's.
function alter(voucher: string): string {
  const at = 40;
  return voucher.slice(0, at) + (voucher[at] === "A" ? "B" : "A") + voucher.slice(at + 1);
}

function swapFirstTwo(code: string): string {
  const [first = "", second = ""] = code;
  return first === second ? `${first === "0" ? "1" : "0"}${code.slice(1)}` : second + first + code.slice(2);
}

function fail(message: string): never {
  throw new Error(message);
}
