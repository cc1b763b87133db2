import { doorproof } from "./party.ts";
import type { DemoOutcome } from "./story.ts";

/**
 * Puts what was issued on a route, for whoever wants to play the driver.
 * @returns the one-time link that enrols their phone (or another window of this browser)
 */
export async function inviteDriver({ issuer, backOffice, deliveryIds }: DemoOutcome): Promise<string> {
  const args = ["api-key", "create", "--name", "desk", "--scope", "vouchers", "--json"];
  const { stdout } = await doorproof(backOffice, args, { quiet: true });
  const { token } = JSON.parse(stdout) as { token: string };
  const send = async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${issuer.url}/v1/routes/north-1${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} of the route: ${await answer.text()}`);
    return answer.json();
  };
  await send("PUT", "/stops", { stops: deliveryIds, country: "GB" });
  const { link } = (await send("POST", "/devices", {})) as { link: string };
  return link;
}
