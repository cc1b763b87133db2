import { existsSync } from "node:fs";
import { deriveShortCode, drawCti, openKeyFile, type SigningKey, signVoucher } from "@doorproof/signer";
import { type Expiry, expiryTime, Failure, formatTime, keyFolder, readExpiry, toIso } from "@doorproof/verify/verbs";
import { type Claims, formatShortCode, hashPhone, isDeliveryId } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import type { Declare, OperatorContext } from "../context.ts";
import { mendable } from "../mendable.ts";
import { readRecipientPhone } from "../phone.ts";
import { defaultCountry, requireKeyFolder } from "../settings.ts";

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
  const phoneHash = hashPhone(await readRecipientPhone(options.phone, options.country ?? defaultCountry(environment)));
  const { key, until } =
    options.key === undefined
      ? await openNewestKey(requireKeyFolder(environment, options.dir), { now, expiresAt })
      : // A key on its own has no window that anybody could look up; whoever brings it keeps its life.
        { key: openKey(options.key), until: Number.POSITIVE_INFINITY };
  const secret = await readCodeSecret(environment, keyFolder(environment, options.dir));
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

async function openNewestKey(
  dir: string,
  { now, expiresAt }: { now: number; expiresAt: number },
): Promise<{ key: SigningKey; until: number }> {
  const { newestSigningKey } = await import("@doorproof/issuer/operations");
  const newest = await mendable(() => newestSigningKey(dir, { use: "vouchers", now, until: expiresAt }));
  if (newest) return newest;
  const hint = "doorproof keys list shows their windows; a voucher's expiry must lie in its key's";
  throw new Failure("undecided", `${dir}: no voucher key covers now until ${formatTime(expiresAt)}`, hint);
}

/** The newest of the secrets that short codes are derived from. */
async function readCodeSecret(environment: NodeJS.ProcessEnv, dir: string): Promise<Uint8Array> {
  const { readCodeSecrets } = await import("@doorproof/issuer/operations");
  const [newest] = readCodeSecrets(environment, dir);
  if (!newest) throw new TypeError("no secret, and no fault");
  return newest;
}

function openKey(path: string): SigningKey {
  if (!existsSync(path)) throw new Failure("inputOutput", `${path}: no such file`);
  try {
    return openKeyFile(path, { use: "vouchers" });
  } catch (error) {
    // the signer's own sentences begin with the path; OpenSSL's name nothing that helps
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
    // claims that policy or format forbid
    if (error instanceof RangeError) throw new Failure("usage", error.message, "--expires says until when, at most 7d");
    throw error;
  }
}
