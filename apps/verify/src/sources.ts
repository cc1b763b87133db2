import { open } from "node:fs/promises";
import { Failure } from "./exit.ts";

/** Keys and lists come from files, or by HTTPS from whoever publishes them. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/**
 * @param cap bytes; what is longer is not read
 * @throws {Failure} `inputOutput`, with the name of what was missing
 */
export async function readSource(source: string, { cap, hint }: { cap: number; hint?: string }): Promise<Uint8Array> {
  return isUrl(source) ? fetchBytes(source, cap) : readFileBytes(source, { cap, hint });
}

export async function readFileBytes(
  path: string,
  { cap, hint }: { cap: number; hint?: string | undefined },
): Promise<Uint8Array> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new Failure("inputOutput", `${path}: no such file`, hint);
    throw error;
  });
  try {
    if ((await file.stat()).isDirectory()) throw new Failure("inputOutput", `${path}: is a folder`);
    return await readCapped(file.createReadStream({ autoClose: false }), { name: path, cap });
  } finally {
    await file.close();
  }
}

const PATIENCE = 10_000;

async function fetchBytes(url: string, cap: number): Promise<Uint8Array> {
  const { protocol, hostname } = new URL(url);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  // Over plain http anybody on the way could replace the keys, and a redirect would make them another host's.
  if (protocol !== "https:" && !local) throw new Failure("usage", `${url}: keys come by https, or from this machine`);
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE) }).catch(
    (error: Error) => {
      const cause = error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
      throw new Failure("inputOutput", `${url}: not reached (${cause})`, "a file serves as well: --keys FILE");
    },
  );
  if (!response.ok || !response.body) throw new Failure("inputOutput", `${url}: answered ${response.status}`);
  return readCapped(response.body, { name: url, cap });
}

async function readCapped(
  stream: AsyncIterable<Uint8Array>,
  { name, cap }: { name: string; cap: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > cap) throw new Failure("inputOutput", `${name}: longer than ${cap} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
