import type { MessageOutcome } from "@doorproof/api/lists";

/**
 * Sends messages to phones. Resolves when the provider has taken the message; when it throws, the outbox tries again.
 */
export interface SmsGateway {
  readonly name: string;
  /** What its messages are told to be. Nobody may believe that a customer has a message which never left the machine. */
  readonly outcome: MessageOutcome;
  send(message: SmsMessage): Promise<void>;
}

export interface SmsMessage {
  /** The outbox row's ID: the same at every try, for providers that recognise repeats. */
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
}
