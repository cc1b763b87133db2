import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { openKeyList, verifyVoucher } from "@doorproof/verifier";
import { build } from "esbuild";
import { ISSUER, NOW, ROUTE, root, rootPin } from "./world.ts";

// A small issuer: real HTTP, real signatures, his own books, and all the ways in which an answer goes wrong.

/** What becomes of one upload. `lost-*`: the connection breaks before or after the commit. */
export type Fault =
  | "none"
  | "lost-before"
  | "lost-after"
  | "5xx-before"
  | "5xx-after"
  | "half"
  | "reordered"
  | "portal"
  | "torn"
  | "strangers";

export interface Wire {
  readonly id: string;
  readonly seq: number;
  readonly kind?: string;
  readonly voucher?: string;
  readonly [field: string]: unknown;
}

export interface Answered {
  readonly id: string;
  readonly status: string;
  readonly code?: string;
  readonly by?: { readonly at: string; readonly reporter: string };
}

export interface TestIssuer {
  readonly origin: string;
  /** One for each upload to come; then none. */
  faults: Fault[];
  /** His clock. */
  now: number;
  documents: Map<string, Uint8Array>;
  /** No signal: every connection but the app's own files breaks off. */
  down: boolean;
  /** What a portal or a broken proxy answers in the issuer's place. */
  impostor: { status: number; type: string; body: string } | null;
  /** Entries by ID, in the order of arrival. */
  readonly books: Map<string, { entry: Wire; answer: Answered; reporter: string; times: number }>;
  readonly uploads: { records: number; bytes: number }[];
  readonly fetched: { path: string; status: number }[];
  /** Device tokens that are good. */
  readonly tokens: Set<string>;
  readonly enrolments: Set<string>;
  /** Refuses a batch that holds such a record, whole, as a strict schema would. */
  poison: ((entry: Wire) => boolean) | null;
  /** Runs in the KDF's worker before its own code: an old or a small phone. */
  prelude: string;
  /** Content security policy of the page and its workers. */
  policy: string;
  accepted(): readonly Wire[];
  close(): Promise<void>;
}

export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; base-uri 'none'";

export async function startIssuer(): Promise<TestIssuer> {
  const scripts = await bundle();
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  const issuer: TestIssuer = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    faults: [],
    now: NOW,
    documents: new Map(),
    down: false,
    impostor: null,
    books: new Map(),
    uploads: [],
    fetched: [],
    tokens: new Set(),
    enrolments: new Set(),
    poison: null,
    prelude: "",
    policy: POLICY,
    accepted: () =>
      [...issuer.books.values()].flatMap(({ entry, answer }) => (answer.status === "accepted" ? [entry] : [])),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return issuer;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "", issuer.origin);
    const script = scripts.get(pathname);
    const head = { "content-security-policy": issuer.policy, "cache-control": "no-store" };
    if (script !== undefined)
      return void response
        .writeHead(200, { ...head, "content-type": "text/javascript" })
        .end(pathname.includes("worker") ? issuer.prelude + script : script);
    if (pathname === "/driver/") {
      const page = `<!doctype html><title>starting</title><script type="module" src="/driver/page.js"></script>`;
      return void response.writeHead(200, { ...head, "content-type": "text/html" }).end(page);
    }
    if (issuer.down) return void response.destroy();
    if (issuer.impostor) {
      const { status, type, body } = issuer.impostor;
      return void response.writeHead(status, { "content-type": type }).end(body);
    }
    if (request.method === "POST" && pathname === "/v1/enrolments") return enrol(request, response);
    if (request.method === "POST" && pathname === "/v1/redemptions") return take(request, response);
    return publish(pathname, request, response);
  }

  async function enrol(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token } = JSON.parse(await bodyOf(request));
    if (!issuer.enrolments.delete(token)) return problem(response, 410, "enrolment-over");
    const deviceToken = `device-of-${token}`;
    issuer.tokens.add(deviceToken);
    json(response, 201, {
      deviceToken,
      issuer: ISSUER,
      route: ROUTE,
      country: "44",
      roots: [rootPin],
      now: iso(issuer.now),
    });
  }

  function publish(path: string, request: IncomingMessage, response: ServerResponse): void {
    const document = issuer.documents.get(path);
    const etag = `"${Buffer.from(document?.subarray(-12) ?? []).toString("hex")}"`;
    const head = { etag, date: new Date(issuer.now * 1000).toUTCString() };
    const status = statusOf();
    issuer.fetched.push({ path, status });
    if (status === 401) problem(response, status, "unauthorized");
    else if (status === 404) problem(response, status, "not-found");
    else if (status === 304) response.writeHead(status, head).end();
    else response.writeHead(status, { ...head, "content-type": "application/cose" }).end(document);

    function statusOf(): number {
      if (path.startsWith("/v1/manifests/") && !issuer.tokens.has(tokenOf(request))) return 401;
      if (!document) return 404;
      return request.headers["if-none-match"] === etag ? 304 : 200;
    }
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const reporter = tokenOf(request);
    if (!issuer.tokens.has(reporter)) return problem(response, 401, "unauthorized");
    const { records } = JSON.parse(text) as { records: Wire[] };
    issuer.uploads.push({ records: records.length, bytes: Buffer.byteLength(text) });
    if (Buffer.byteLength(text) > 262_144 || records.length > 500) return problem(response, 413, "too-large");
    if (records.some((entry) => issuer.poison?.(entry))) return problem(response, 400, "invalid-request");
    const fault = issuer.faults.shift() ?? "none";
    if (fault === "lost-before") return breakOff(response);
    if (fault === "5xx-before") return problem(response, 503, "unavailable");
    if (fault === "portal")
      return void response.writeHead(200, { "content-type": "text/html" }).end("<html>Welcome</html>");
    const results = records.map((entry) => decide(entry, reporter));
    const now = iso(issuer.now);
    switch (fault) {
      case "lost-after":
        return breakOff(response);
      case "5xx-after":
        return problem(response, 500, "internal");
      case "torn":
        response.writeHead(200, { "content-type": "application/json" });
        return void response.end(JSON.stringify({ now, results }).slice(0, -9));
      case "half":
        return json(response, 200, { now, results: results.filter((_, i) => i % 2 === 0) });
      case "reordered":
        return json(response, 200, { now, results: results.reverse() });
      case "strangers":
        return json(response, 200, { now, results: results.map((result) => ({ ...result, id: crypto.randomUUID() })) });
      case "none":
        return json(response, 200, { now, results });
    }
  }

  // Once per voucher and once per delivery; a retry of an ID gets the stored answer.
  function decide(entry: Wire, reporter: string): Answered {
    const before = issuer.books.get(entry.id);
    if (before) {
      before.times++;
      return before.answer;
    }
    const answer = judge(entry, reporter);
    issuer.books.set(entry.id, { entry, answer, reporter, times: 1 });
    return answer;
  }

  function judge(entry: Wire, reporter: string): Answered {
    const { id } = entry;
    if ((entry.kind ?? "redemption") !== "redemption") return { id, status: "noted" };
    const keys = openKeyList(issuer.documents.get("/v1/keys") ?? new Uint8Array(), {
      issuer: ISSUER,
      roots: [root.publicKey],
      held: () => null,
    });
    const { deliveryId } = verifyVoucher(entry.voucher, { keys: { ...keys, list: null }, now: NOW, delivery: null });
    for (const [, standing] of issuer.books) {
      if (standing.answer.status !== "accepted" || standing.entry["deliveryId"] !== deliveryId) continue;
      const same = standing.reporter === reporter && standing.entry.voucher === entry.voucher;
      const by = { at: String(standing.entry["at"]), reporter: standing.reporter };
      return { id, status: same ? "duplicate" : "conflict", code: "already-used", by };
    }
    Object.assign(entry, { deliveryId });
    return { id, status: "accepted" };
  }
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { page: file("./page.ts"), "kdf.worker": file("../src/kdf.worker.ts") },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    outdir: "/driver",
    define: { __ANNOUNCE__: "false" },
  });
  const scripts = new Map(outputFiles.map(({ path, text }) => [path, text]));
  // As the source names it: a bundler that knows workers would give it another name and put that in.
  scripts.set("/driver/kdf.worker.ts", scripts.get("/driver/kdf.worker.js") ?? "");
  return scripts;
}

function file(path: string): string {
  return new URL(path, import.meta.url).pathname;
}

function tokenOf({ headers }: IncomingMessage): string {
  return (headers.authorization ?? "").replace("Bearer ", "");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

// After the head: a connection that breaks before it is tried again by the browser itself, behind everybody's back.
function breakOff(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": "9999" });
  response.write("{", () => response.destroy());
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(value));
}

function problem(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { "content-type": "application/problem+json" })
    .end(JSON.stringify({ status, code, title: code }));
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** As if nothing had happened yet: everything is answered truly, and these are the documents. */
export function resetIssuer(issuer: TestIssuer, documents: ReadonlyMap<string, Uint8Array>): void {
  const truly = { faults: [], now: NOW, impostor: null, poison: null, down: false };
  Object.assign(issuer, { documents: new Map(documents), ...truly });
  issuer.books.clear();
}
