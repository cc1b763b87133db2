import type { SmsGateway } from "../domain/messages/index.ts";

/**
 * For an issuer whose back office hands out links itself: it takes every message, writes nothing down and sends nothing,
 * and the message says so.
 */
export const NO_GATEWAY: SmsGateway = { name: "none", outcome: "unsent", send: async () => undefined };
