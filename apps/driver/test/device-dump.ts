import { encodeBase45 } from "@doorproof/voucher/codec";
import type { Page } from "playwright-core";

/**
 * Everything that is stored on the device: all rows of all databases, keys and values; local and session storage; the service worker's caches,
 * addresses and bodies; cookies. Strings as UTF-8, bytes as they are.
 */
export async function dumpDevice(page: Page): Promise<Buffer> {
  const cookies = await page.context().cookies();
  const base64 = await page.evaluate(async () => {
    const parts: BlobPart[] = [];
    const put = (value: unknown): void => {
      if (ArrayBuffer.isView(value)) parts.push(value as Uint8Array<ArrayBuffer>, "\n");
      else if (value instanceof ArrayBuffer || value instanceof Blob) parts.push(value, "\n");
      else if (value instanceof Map || value instanceof Set) for (const each of value) put(each);
      else if (typeof value === "object" && value !== null) for (const each of Object.entries(value)) each.forEach(put);
      else parts.push(String(value), "\n");
    };
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      const db = await asked(indexedDB.open(name ?? ""));
      for (const store of db.objectStoreNames) {
        const rows = db.transaction(store).objectStore(store);
        put([name, store, await asked(rows.getAllKeys()), await asked(rows.getAll())]);
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        put([name, request.url, [...(answer?.headers ?? [])], (await answer?.arrayBuffer()) ?? ""]);
      }
    }
    put([{ ...localStorage }, { ...sessionStorage }]);
    const reader = new FileReader();
    const read = new Promise((resolve) => {
      reader.onload = resolve;
    });
    reader.readAsDataURL(new Blob(parts));
    await read;
    return String(reader.result).replace(/^[^,]*,/, "");
  });
  return Buffer.concat([Buffer.from(base64, "base64"), Buffer.from(JSON.stringify(cookies))]);
}

/** Which of the secrets are in there: raw, as hex, base64, base64url or base45, whatever stands before and after them; texts as they are. */
export function findSecrets(dump: Buffer, secrets: ReadonlyMap<string, string | Uint8Array>): string[] {
  return [...secrets].flatMap(([name, secret]) =>
    needles(secret).some((needle) => dump.includes(needle)) ? [name] : [],
  );
}

function needles(secret: string | Uint8Array): Buffer[] {
  if (typeof secret === "string") return [Buffer.from(secret), Buffer.from(secret.toLowerCase())];
  const hex = Buffer.from(secret).toString("hex");
  // Before it may stand bytes that shift its digits.
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), secret]).toString("base64");
    const middle = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.length) * 8) / 6));
    return [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const base45 = [0, 1].map((before) =>
    encodeBase45(secret.subarray(before, secret.length - ((secret.length - before) % 2))),
  );
  return [Buffer.from(secret), ...[hex, hex.toUpperCase(), ...base64, ...base45].map((text) => Buffer.from(text))];
}
