import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { HttpProblem } from "../frame/problem.ts";

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

/**
 * The messages of the `log` gateway, for trials on one machine. Every customer's link stands here in the clear, so it
 * is registered on localhost only (app.ts) and answers this machine only.
 */
export const outboxRoutes: FastifyPluginAsyncTypebox<{ readOutbox: ReadOutbox }> = async (app, { readOutbox }) => {
  app.addHook("onRequest", async (request) => {
    if (!isThisMachine(request)) throw new HttpProblem("not-found", "there is nothing at this address");
  });
  app.get("/outbox", { schema: { hide: true } }, async (_request, reply) => {
    const messages = await readOutbox();
    return reply.headers(PAGE_HEADERS).type("text/html; charset=utf-8").send(render(messages));
  });
};

// The address alone proves nothing: behind a proxy on this machine everybody has it, and so has a web page whose name
// was pointed here (DNS rebinding). Hence the look at the Host header.
function isThisMachine({ socket, headers }: FastifyRequest): boolean {
  const here = ["127.0.0.1", "::1", "::ffff:127.0.0.1"].includes(socket.remoteAddress ?? "");
  const forwarded = headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;
  return here && !forwarded && /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?$/i.test(headers.host ?? "");
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
