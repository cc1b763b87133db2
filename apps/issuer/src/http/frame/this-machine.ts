import type { FastifyInstance, FastifyRequest } from "fastify";
import { HttpProblem } from "./problem.ts";

/** Closes a scope to everybody who does not ask on this machine: to them there is nothing. */
export function requireThisMachine(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    if (!isThisMachine(request)) throw new HttpProblem("not-found", "there is nothing at this address");
  });
}

/**
 * Does somebody on this machine ask, and nobody through it? The address alone proves nothing: behind a proxy on this
 * machine everybody has it, and so has a web page whose name was pointed here (DNS rebinding). Hence the look at what
 * proxies add, and at the Host header. Good enough for a trial's figures; a proxy that adds nothing is not seen, and so
 * what opens a door needs a token besides.
 */
export function isThisMachine({ socket, headers }: FastifyRequest): boolean {
  const here = ["127.0.0.1", "::1", "::ffff:127.0.0.1"].includes(socket.remoteAddress ?? "");
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined);
  return here && !isForwarded && /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?$/i.test(headers.host ?? "");
}

const FORWARDED = [
  "forwarded",
  "via",
  "x-real-ip",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-client-ip",
  "true-client-ip",
  "cf-connecting-ip",
];
