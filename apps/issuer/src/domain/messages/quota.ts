import { IssueError } from "../errors.ts";
import type { SmsRow } from "./rows.ts";

/**
 * Messages for one voucher, with the first, and seconds between them: against flooding a phone, and against the bill.
 */
const MAX_MESSAGES = 3;
const PAUSE = 60;

/**
 * @param messages of one voucher, oldest first
 * @throws {IssueError} `sms-refused`: one more would be too many, or too soon
 */
export function requireQuota(messages: readonly SmsRow[], now: number): void {
  if (messages.length >= MAX_MESSAGES)
    throw new IssueError("sms-refused", `a voucher is sent at most ${MAX_MESSAGES} times: reissue it`);
  const last = messages.at(-1);
  if (last && now - last.createdAt < PAUSE)
    throw new IssueError("sms-refused", `${PAUSE} seconds must lie between two messages`);
}
