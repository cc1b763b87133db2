import { existsSync } from "node:fs";
import { join } from "node:path";
import { deriveShortCode, drawCti, keyFileName, openKeyFile, type SigningKey, signVoucher } from "@doorproof/signer";
import {
  type Expiry,
  expiryTime,
  Failure,
  formatTime,
  keyFolder,
  keysFor,
  readExpiry,
  readKeys,
  toIso,
} from "@doorproof/verify/verbs";
import { type Claims, formatShortCode, hashPhone, isDeliveryId } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import type { Declare, OperatorContext } from "../context.ts";
import { normalisePhone } from "../phone.ts";
import { readCodeSecret } from "../secrets.ts";

export const declare: Declare = (command, context) => {
  command
    .requiredOption("--delivery <id>", "1 to 64 printable ASCII characters, no spaces")
    .requiredOption("--phone <number>", "the recipient's, as +447700900123")
    .requiredOption("--expires <when>", "48h, 7d, or 2026-12-01T18:00:00Z", readExpiry)
    .option("--country <code>", "country of a number without +, as GB (default: DEFAULT_COUNTRY)")
    .option("--dir <folder>", "the key folder; its newest voucher key signs (default: KEYS_DIR, or keys)")
    .option("--key <file>", "sign with this private key (PKCS#8 PEM) instead")
    .option("--json", "one object: {voucher, shortCode, kid, cti, deliveryId, expiresAt}")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => issue(options, context));
};

const EXAMPLES = `
Example:
  doorproof issue --delivery RR123456785DE --phone +447700900123 --expires 48h

Signs from keys alone, outside the issuer's database: for trials, vectors, and those who bring their own database.
The voucher goes to stdout, its short code to stderr; --json has both. The code comes from CODE_SECRET
(environment, CODE_SECRET_FILE, or DIR/private/secrets.env).`;

interface Options {
  readonly delivery: string;
  readonly phone: string;
  readonly expires: Expiry;
  readonly country?: string;
  readonly dir?: string;
  readonly key?: string;
  readonly json?: boolean;
}

async function issue(options: Options, { terminal, environment, now: clock, random }: OperatorContext): Promise<void> {
  const now = clock();
  const expiresAt = expiryTime(options.expires, now);
  const deliveryId = options.delivery;
  if (!isDeliveryId(deliveryId))
    throw new Failure("usage", "--delivery: 1 to 64 printable ASCII characters, no spaces");
  const phoneHash = hashPhone(normalisePhone(options.phone, options.country ?? environment["DEFAULT_COUNTRY"]));
  const dir = keyFolder(environment, options.dir);
  const secret = readCodeSecret(environment, dir);
  const { key, until } = await openVoucherKey({ dir, key: options.key }, { now, expiresAt });
  const cti = drawCti(secret, { kid: key.kid, random });
  const voucher = await sign({ deliveryId, expiresAt, cti, phoneHash }, { key, until, now });
  const shortCode = formatShortCode(deriveShortCode(secret, { kid: key.kid, cti }));
  const kid = toHex(key.kid);
  if (options.json) {
    await terminal.print(
      JSON.stringify({ voucher, shortCode, kid, cti: toHex(cti), deliveryId, expiresAt: toIso(expiresAt) }),
    );
    return;
  }
  await terminal.print(voucher);
  terminal.say(`for ${deliveryId}, until ${formatTime(expiresAt)}, signed by ${kid}; short code ${shortCode}`);
}

async function openVoucherKey(
  { dir, key: path }: { dir: string; key: string | undefined },
  { now, expiresAt }: { now: number; expiresAt: number },
): Promise<{ key: SigningKey; until: number }> {
  // A key file alone has no window. Whoever names one is responsible for when it ends.
  if (path !== undefined) return { key: openKey(path), until: Number.POSITIVE_INFINITY };
  const keys = await readKeys(join(dir, "keys.cose"));
  const fileOf = (kid: string) => join(dir, "private", keyFileName({ use: "vouchers", kid: Buffer.from(kid, "hex") }));
  const newest = keysFor("vouchers", { keys, now, until: expiresAt }).find(({ kid }) => existsSync(fileOf(kid)));
  if (!newest) {
    const hint = "doorproof keys list shows their windows; a voucher's expiry must lie in its key's";
    throw new Failure("undecided", `${dir}: no voucher key covers now until ${formatTime(expiresAt)}`, hint);
  }
  return { key: openKey(fileOf(newest.kid)), until: newest.to };
}

function openKey(path: string): SigningKey {
  if (!existsSync(path)) throw new Failure("inputOutput", `${path}: no such file`);
  try {
    return openKeyFile(path, { use: "vouchers" });
  } catch (error) {
    // The signer's own messages begin with the path; OpenSSL's do not help.
    const isSignersOwn = error instanceof Error && error.message.startsWith(path);
    throw new Failure(
      "inputOutput",
      isSignersOwn ? error.message : `${path}: no private key in PEM that can be opened`,
    );
  }
}

async function sign(claims: Claims, policy: { key: SigningKey; until: number; now: number }): Promise<string> {
  try {
    return await signVoucher(claims, policy);
  } catch (error) {
    // claims that the policy or the format does not allow
    if (error instanceof RangeError) throw new Failure("usage", error.message, "--expires says until when, at most 7d");
    throw error;
  }
}
