import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { POLICY, TYPES } from "./serve.ts";

/** What becomes of one upload on its way to the issuer and back. All but `5xx-before` reach him. */
export type Fault = "none" | "5xx-before" | "5xx-after" | "half" | "reordered" | "twice" | "lost-after" | "portal";

/** A proxy before the real issuer: serves a build of the app under /driver/ and spoils what it is told to. */
export interface Gate {
  readonly origin: string;
  /** Where the issuer is; he is told the gate's address first. */
  issuer: string;
  /** The folder that is served. */
  app: string;
  /** For the uploads with records in them, in order; then none. */
  faults: Fault[];
  /** In the place of what the issuer would answer, by path. */
  readonly instead: Map<string, { readonly body: Uint8Array; readonly etag: string }>;
  /** Bodies of manifests that went through, newest last. */
  readonly manifests: { readonly body: Uint8Array; readonly etag: string }[];
  /** Records that reached the issuer, repeats among them. */
  readonly offered: string[];
  close(): Promise<void>;
}

export async function openGate(): Promise<Gate> {
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const gate: Gate = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    issuer: "",
    app: "",
    faults: [],
    instead: new Map(),
    manifests: [],
    offered: [],
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return gate;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "", gate.origin);
    if (pathname.startsWith("/driver/")) return serveApp(pathname, response);
    const body = await bodyOf(request);
    const instead = gate.instead.get(pathname);
    if (instead)
      return void response.writeHead(200, { "content-type": "application/cose", etag: instead.etag }).end(instead.body);
    const records =
      pathname === "/v1/redemptions" ? (JSON.parse(body.toString()) as { records: { id: string }[] }).records : [];
    const fault = records.length > 0 ? (gate.faults.shift() ?? "none") : "none";
    if (fault === "5xx-before") return void response.writeHead(503).end();

    const ask = () =>
      fetch(`${gate.issuer}${request.url}`, {
        method: request.method ?? "GET",
        headers: Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
          typeof value === "string" && !/^(host|connection|content-length|accept-encoding)$/.test(name)
            ? [[name, value]]
            : [],
        ),
        ...(request.method === "POST" ? { body: Uint8Array.from(body) } : {}),
      });
    let answer = await ask();
    gate.offered.push(...records.map(({ id }) => id));
    if (fault === "twice") answer = await ask();
    const bytes = Buffer.from(await answer.arrayBuffer());
    const etag = answer.headers.get("etag") ?? "";
    if (pathname.startsWith("/v1/manifests/") && answer.status === 200) gate.manifests.push({ body: bytes, etag });
    const head = Object.fromEntries([...answer.headers].filter(([name]) => /^(content-type|etag|date)$/.test(name)));
    const say = (change: (results: unknown[]) => unknown[]) => {
      const said = JSON.parse(bytes.toString()) as { results: unknown[] };
      response.writeHead(200, head).end(JSON.stringify({ ...said, results: change(said.results) }));
    };
    if (fault === "5xx-after") return void response.writeHead(502).end();
    if (fault === "lost-after")
      return void response.writeHead(200, { ...head, "content-length": 9999 }).write("{", () => response.destroy());
    if (fault === "portal") return void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Log in</h1>");
    if (fault === "half") return say((results) => results.filter((_, at) => at % 2 === 0));
    if (fault === "reordered") return say((results) => results.toReversed());
    response.writeHead(answer.status, head).end(answer.status === 304 ? undefined : bytes);
  }

  async function serveApp(path: string, response: ServerResponse): Promise<void> {
    const name = path === "/driver/" ? "index.html" : normalize(path).replace(/^\/driver\//, "");
    const headers = { "content-security-policy": POLICY, "cache-control": "no-store" };
    const bytes = await readFile(join(gate.app, name)).catch(() => null);
    if (bytes === null) return void response.writeHead(404, headers).end();
    response
      .writeHead(200, { ...headers, "content-type": TYPES[extname(name)] ?? "application/octet-stream" })
      .end(bytes);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
