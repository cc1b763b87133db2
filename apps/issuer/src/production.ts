import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, ConfigError } from "./config.ts";
import { privateFolder, readPublished } from "./keys/folder.ts";

/** The name in the keys and messages of an issuer that was started with no configuration. */
export const TRIAL_ISSUER = "Doorproof";

/**
 * Names that keys for trials carry: a first start's, `keys init` without a name, and the vectors'. Devices pin the
 * name.
 */
const TRIAL_ISSUERS: ReadonlySet<string> = new Set([TRIAL_ISSUER, "localhost", "doorproof-test"]);

/**
 * Refuses what must not be used in production.
 * @throws {ConfigError} the root's private key lies beside the others, these are a trial's keys, or messages would be
 * written into a file
 */
export function refuseTrial({ production, keysDir, smsGateway }: Config): void {
  if (!production) return;
  const faults: string[] = [];
  // It would write each number, code and link in the clear into the folder that may be lost, and no customer would get
  // any of it.
  if (smsGateway === "log") {
    faults.push(
      "SMS_GATEWAY: log is for trials on this machine, and there is no gateway yet that sends. With none, messages are kept as unsent: your back office hands out the links itself",
    );
  }
  const root = join(privateFolder(keysDir), "root.pem");
  if (existsSync(root)) {
    faults.push(
      `KEYS_DIR: the root's private key lies in ${root}. Whoever breaks in here would be the issuer for good: take it off this machine`,
    );
  }
  const { issuer } = readPublished(keysDir);
  if (TRIAL_ISSUERS.has(issuer)) {
    faults.push(
      `KEYS_DIR: the keys in ${keysDir} are of the trial issuer ${issuer}. Make others with: doorproof keys init --issuer NAME`,
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
}
