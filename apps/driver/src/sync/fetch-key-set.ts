import { MAX_DOCUMENT } from "./fetch-documents.ts";
import { ask, type Network } from "./network.ts";

/** Bytes of a published key set, from the origin of this app: its policy allows no other. */
export async function fetchKeySet(
  network: Network,
  url: string,
): Promise<Uint8Array | "no-connection" | "not-an-answer"> {
  const answer = await ask(network, url, { max: MAX_DOCUMENT.keys });
  if (answer === null) return "no-connection";
  return answer.status === 200 && answer.type !== "text/html" ? answer.body : "not-an-answer";
}
