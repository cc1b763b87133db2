import type { Stop } from "@doorproof/voucher";
import { MAX_LABEL, TAKER_BITS, utf8Length, writeBits } from "@doorproof/voucher/codec";
import { decrypt, labelRow } from "../encryption.ts";
import type { DispatchDeps, RouteStop, SealRow } from "./rows.ts";

/** A stop as the manifest says it, out of what lies in the database. */
export function writeStop(
  deps: DispatchDeps,
  { deliveryId, sealedLabel, windowFrom, windowTo }: RouteStop,
  { salt, sealed }: Pick<SealRow, "salt" | "sealed">,
): Stop {
  const address = sealedLabel === null ? null : decrypt(deps, labelRow(deliveryId), sealedLabel);
  return {
    deliveryId,
    label: { name: null, address: address === null ? null : cut(plain(address), MAX_LABEL), hint: null },
    named: null,
    window: windowFrom === null || windowTo === null ? null : { from: windowFrom, to: windowTo },
    parcels: [],
    call: null,
    asks: 0,
    takers: writeBits(["recipient", "neighbour", "safe-place", "reception"], TAKER_BITS),
    salt: fromBase64(salt),
    sealed: fromBase64(sealed),
  };
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
