import fastifyStatic from "@fastify/static";
import type { FastifyPluginAsync, FastifyReply } from "fastify";

/** Where the app is: part of every enrolment link and of the app's own build, so it never moves. */
const PREFIX = "/driver/";

/**
 * The driver's app, as it was built. Registered at the root; the files are looked for at each request, so a build that comes later is served.
 * @param folder apps/driver/dist
 */
export const driverRoutes: FastifyPluginAsync<{ folder: string }> = async (app, { folder }) => {
  // The token of an enrolment link stands behind the `#`: a browser keeps it over the redirect.
  app.get("/driver", { schema: { hide: true } }, async (_request, reply) => reply.redirect(PREFIX, 308));
  await app.register(fastifyStatic, {
    root: folder,
    prefix: PREFIX,
    decorateReply: false,
    schemaHide: true,
    dotfiles: "ignore",
    // The build lays `.br` and `.gz` beside each file: the wasm is a third of itself on a phone's first start.
    preCompressed: true,
    cacheControl: false,
    setHeaders,
  });
};

// Everything from here and nothing else. On every file, not only on the page: a worker obeys the header of its own answer.
// `require-trusted-types-for 'script'` is missing on purpose: it blocks `new Worker` and the service worker's registration.
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "style-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function setHeaders(reply: FastifyReply, path: string): void {
  reply.header("content-security-policy", POLICY);
  reply.header("permissions-policy", "camera=(self), microphone=(), geolocation=()");
  // What is in assets/ bears its hash in its name. All else, sw.js first of all, is asked for again each time: a phone that keeps an old
  // sw.js keeps the old app.
  const isHashed = /[/\\]assets[/\\][^/\\]+$/.test(path);
  reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
}
