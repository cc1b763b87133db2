import { DRIVER_POLICY } from "@doorproof/api/driver-policy";
import fastifyStatic from "@fastify/static";
import type { FastifyPluginAsync, FastifyReply } from "fastify";

/** The app's path. It stands in every enrolment link and in the app's build, so it cannot change. */
const PREFIX = "/driver/";

/**
 * The driver's app, as it was built. Registered at the root; the files are looked up at each request, so a build made
 * after the start is served.
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
    // The build writes `.br` and `.gz` beside each file, which makes the wasm three times smaller on a phone's first
    // start.
    preCompressed: true,
    cacheControl: false,
    setHeaders,
  });
};

function setHeaders(reply: FastifyReply, path: string): void {
  reply.header("content-security-policy", DRIVER_POLICY);
  reply.header("permissions-policy", "camera=(self), microphone=(), geolocation=()");
  // Files in assets/ have their hash in their name. All others are asked for again each time, sw.js above all: a phone
  // that keeps an old sw.js keeps the old app.
  const isHashed = /[/\\]assets[/\\][^/\\]+$/.test(path);
  reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
}
