// The only file that fetches. Anything but an answer of the issuer (no network, a captive portal's page, a proxy's
// error) changes nothing, and the same is sent again later.

export interface Network {
  readonly fetch: typeof fetch;
  /** The issuer's own address, ending in "/". */
  readonly base: string;
  /** Seconds since 1970, by this device's clock. */
  readonly now: () => number;
}

export interface Reply {
  readonly status: number;
  /** Of the content, without parameters. */
  readonly type: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * How an exchange with the issuer ended. `revoked`: this device was replaced or revoked, and for seven days its records
 * are still taken. `shut-out`: that is over. `rate-limited`: it takes more from this device later, and nothing of what
 * was sent now.
 */
export type End = "done" | "no-connection" | "not-an-answer" | "revoked" | "shut-out" | "rate-limited";

const TIMEOUT = 30_000;

/**
 * @param max bytes of the reply
 * @returns null: no connection, or it broke
 */
export async function ask(
  { fetch, base }: Network,
  path: string,
  { token, etag, body, max }: { token?: string; etag?: string | null; body?: unknown; max: number },
): Promise<Reply | null> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(typeof etag === "string" ? { "if-none-match": etag } : {}),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  try {
    const response = await fetch(new URL(path, base), {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers,
      // A captive portal answers with a redirect, and a cache would answer in the issuer's place.
      redirect: "error",
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    return { status: response.status, type, headers: response.headers, body: await readCapped(response, max) };
  } catch {
    return null;
  }
}

/** Seconds after which a limited request may be sent again: as the issuer says, or a minute where it does not. */
export function readRetryAfter({ headers }: Reply): number {
  const said = headers.get("retry-after") ?? "";
  return /^\d{1,9}$/.test(said) ? Math.min(Math.max(Number(said), 1), LONGEST_WAIT) : 60;
}

/** The issuer counts by the hour. A longer wait, told by mistake, would keep records on a phone that has signal. */
const LONGEST_WAIT = 3600;

async function readCapped(response: Response, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Not `for await`: Safari's streams have no iterator.
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    chunks.push(read.value);
    length += read.value.length;
    if (length > max) throw new RangeError("longer than it may be");
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** @returns null: no JSON */
export function readJson({ type, body }: Reply): unknown {
  if (type !== "application/json" && type !== "application/problem+json") return null;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return null;
  }
}

/**
 * The code of a problem. Only the issuer's own problems count: a portal's 401 page must not end an enrolment, nor a
 * proxy's 400 end a record.
 * @returns null: not a problem of an issuer
 */
export function readProblem(reply: Reply): string | null {
  if (reply.type !== "application/problem+json") return null;
  const value = readJson(reply);
  const code = typeof value === "object" && value !== null && "code" in value ? value.code : null;
  return typeof code === "string" ? code : null;
}
