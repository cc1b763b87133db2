/** A way to a phone. Answers when the provider has taken the message; throws when it has not, and the outbox tries again. */
export interface SmsGateway {
  readonly name: string;
  send(message: SmsMessage): Promise<void>;
}

export interface SmsMessage {
  /** The outbox row's ID: the same at every try, for providers that recognise repeats. */
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
}
