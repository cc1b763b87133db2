import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** As apps/issuer/src/http/driver.ts sends it, which has a test of its own that it does. */
export const POLICY = [
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

export const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

export interface Served {
  readonly origin: string;
  /** Paths in the order in which they were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A folder under /driver/, with the policy on every file: a worker obeys its own answer's header. */
export async function serveDriver(folder: string): Promise<Served> {
  const asked: string[] = [];
  const server: Server = createServer(async ({ url = "" }, answer) => {
    const path = new URL(url, "http://localhost").pathname;
    asked.push(path);
    const name = path === "/driver/" ? "index.html" : normalize(path).replace(/^\/driver\//, "");
    try {
      const bytes = await readFile(join(folder, name));
      const headers = {
        "content-type": TYPES[extname(name)] ?? "application/octet-stream",
        "cache-control": "no-store",
      };
      answer.writeHead(200, { ...headers, "content-security-policy": POLICY }).end(bytes);
    } catch {
      answer.writeHead(404, { "content-security-policy": POLICY }).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
