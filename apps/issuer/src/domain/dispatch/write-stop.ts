import type { Stop, StopLabel } from "@doorproof/voucher";
import { MAX_LABEL, MAX_NAMED, utf8Length } from "@doorproof/voucher/codec";
import { openStop } from "../vouchers/index.ts";
import type { DispatchDeps, RouteStop, SealRow } from "./rows.ts";

/** A stop as the manifest says it, out of what lies in the database. */
export function writeStop(
  deps: DispatchDeps,
  stop: RouteStop,
  { salt, sealed }: Pick<SealRow, "salt" | "sealed">,
): Stop {
  const { deliveryId, windowFrom, windowTo } = stop;
  const { label, named, parcels, call, asks, takers } = openStop(deps, deliveryId, stop);
  return {
    deliveryId,
    label: writeLabel(label),
    named: named === null ? null : cut(plain(named), MAX_NAMED) || null,
    window: windowFrom === null || windowTo === null ? null : { from: windowFrom, to: windowTo },
    parcels,
    call,
    asks,
    takers,
    salt: fromBase64(salt),
    sealed: fromBase64(sealed),
  };
}

// The first of them is the last to be cut.
function writeLabel({ name, address, hint }: StopLabel): StopLabel {
  let left = MAX_LABEL;
  const [first, second, third] = [address, name, hint].map((text) => {
    const kept = text === null ? null : cut(plain(text), left);
    left -= utf8Length(kept ?? "");
    return kept;
  });
  return { name: second ?? null, address: first ?? null, hint: third ?? null };
}

/** With one control character, or a byte order mark at the beginning, every device would refuse the whole manifest. */
function plain(text: string): string {
  return text.replace(/^\ufeff+/, "").replace(/\p{Cc}/gu, " ");
}

/** At a character: what was stored under other bounds must not end a route. */
function cut(text: string, most: number): string {
  const kept: string[] = [];
  let left = most;
  for (const character of text) {
    left -= utf8Length(character);
    if (left < 0) break;
    kept.push(character);
  }
  return kept.join("");
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64url"));
}
