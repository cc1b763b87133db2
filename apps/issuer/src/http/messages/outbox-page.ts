import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { HttpProblem } from "../frame/problem.ts";
import { isThisMachine } from "../frame/this-machine.ts";

/** What a phone would have received, newest first. */
export type ReadOutbox = () => Promise<
  readonly { readonly id: string; readonly at: string; readonly to: string; readonly text: string }[]
>;

/** Enough for a page: an import may write thousands. */
const SHOWN = 200;

const PAGE_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
};

/** The page, and what opens it. */
export interface Outbox {
  readonly read: ReadOutbox;
  /** Stands in the link that `start` prints. */
  readonly token: string;
}

/**
 * The messages of the `log` gateway, for trials on one machine. Every customer's link stands here in the clear, so it
 * is registered on localhost only (app.ts), answers this machine only, and wants a token: a proxy on this machine that
 * adds no header makes strangers look local, and a trial behind one showed all codes to all.
 */
export const outboxRoutes: FastifyPluginAsyncTypebox<{ outbox: Outbox }> = async (app, { outbox }) => {
  const params = Type.Object({ token: Type.String({ maxLength: 64 }) });
  app.get("/outbox/:token", { schema: { hide: true, params } }, async (request, reply) => {
    if (!isThisMachine(request) || !isSame(request.params.token, outbox.token))
      throw new HttpProblem("not-found", "there is nothing at this address");
    return reply
      .headers(PAGE_HEADERS)
      .type("text/html; charset=utf-8")
      .send(render(await outbox.read()));
  });
};

// By their hashes: in one time, whatever the length of what came.
function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

function render(messages: readonly { at: string; to: string; text: string }[]): string {
  const list = messages
    .slice(0, SHOWN)
    .map(
      ({ at, to, text }) =>
        `<li><p><b>${toHtml(to)}</b> <time>${toHtml(at)}</time></p><p>${linkify(toHtml(text))}</p></li>`,
    );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Outbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
ol { list-style: none; padding: 0 }
li { border: 1px solid; border-radius: .75rem; padding: 0 1rem; margin: 1rem 0; overflow-wrap: anywhere }
li p + p { white-space: pre-wrap }
time { opacity: .75 }
</style>
<h1>Outbox</h1>
<p>What the phones received: nothing was sent, the gateway <code>log</code> writes to a file. The newest comes first: ${Math.min(messages.length, SHOWN)} of ${messages.length}.</p>
<ol>
${list.join("\n")}
</ol>
</html>
`;
}

function linkify(escaped: string): string {
  return escaped.replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`);
}

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
