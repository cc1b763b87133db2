import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "./config.ts";

/**
 * One JSON object a line. Codes, tokens, phone numbers and vouchers never get in: paths that are known to hold one are
 * redacted, requests are named by their route (never by their address: /v/TOKEN opens a customer's page), and the
 * messages of errors are scrubbed, since a library may quote anything in them.
 */
export function createLogger({ level, destination }: { level: LogLevel; destination: DestinationStream }): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: "[redacted]" },
    serializers: { err: describeError, error: describeError, req: () => "[request]", res: () => "[reply]" },
    hooks: {
      // The message may be a text of any origin.
      logMethod(this: Logger, args: Parameters<Logger["info"]>, method: Logger["info"]) {
        method.apply(
          this,
          args.map((arg: unknown) => (typeof arg === "string" ? scrub(arg) : arg)) as Parameters<Logger["info"]>,
        );
      },
    },
  };
  return pino(options, destination);
}

const SECRET_FIELDS = [
  "authorization",
  "cookie",
  "token",
  "deviceToken",
  "phone",
  "to",
  "text",
  "shortCode",
  "voucher",
  "voucherText",
  "link",
  "url",
  "rawPacket",
];

/**
 * Name, code, message and stack; never the fields that libraries hang on their errors (a client error carries the raw
 * packet).
 */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: scrub(String(error)) };
  const code = "code" in error && typeof error.code === "string" ? { reason: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: error.name, ...code, message: scrub(error.message), stack: scrub(error.stack ?? ""), ...cause };
}

function scrub(text: string): string {
  return LOOKS_SECRET.reduce((cleaner, [pattern, name]) => cleaner.replace(pattern, name), text);
}

const LOOKS_SECRET: readonly (readonly [RegExp, string])[] = [
  [/DP1:[0-9A-Z $%*+\-./:]+/g, "[voucher]"],
  [/\bdpk_[A-Za-z0-9_-]+/g, "[api key]"],
  [/\bdpd_[A-Za-z0-9_-]+/g, "[device token]"],
  [/\/driver\/#[^\s"']+/g, "/driver/#[token]"],
  [/\/v\/[^\s/?"']+/g, "/v/[token]"],
  [/\+[1-9](?:[ -]?[0-9]){6,14}\b/g, "[phone]"],
  [/\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b/gi, "[code]"],
];
