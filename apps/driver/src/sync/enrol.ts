import { ask, type Network, readJson, readProblem, readRetryAfter } from "./network.ts";
import type { Limited } from "./trouble.ts";
import { type Enrolment, readEnrolment } from "./wire.ts";

/** Exchanges the token of an enrolment link, which works once. */
export async function enrol(
  network: Network,
  token: string,
): Promise<Enrolment | Limited | "enrolment-over" | "no-connection" | "not-an-answer"> {
  const answer = await ask(network, "v1/enrolments", { body: { token }, max: 65_536 });
  if (answer === null) return "no-connection";
  if (answer.status === 200 || answer.status === 201) return readEnrolment(readJson(answer)) ?? "not-an-answer";
  if (readProblem(answer) === null || answer.status >= 500) return "not-an-answer";
  // A depot enrols its fleet from one address: the link is good, and works again in a minute.
  if (answer.status === 429) return { again: network.now() + readRetryAfter(answer) };
  // 410, and whatever else an issuer answers to a token that it does not know.
  return "enrolment-over";
}
