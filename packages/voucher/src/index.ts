// The main door: for programs that show, type and read vouchers, codes and refusals. Whoever works on bytes takes
// ./codec. Nothing here holds a key, asks a clock or checks a signature: what is read here is not verified yet.

export { withoutBidiControls } from "./bidi.ts";
export { isDeliveryId } from "./delivery-id.ts";
export { explainRefusal } from "./explain.ts";
export { type Jwks, writeJwks } from "./key-set.ts";
export type { KeyList, KeyUse, ListedKey } from "./keys.ts";
export type { Manifest } from "./manifest.ts";
export type { Claims } from "./payload.ts";
export { hashPhone, readPhone } from "./phone.ts";
export {
  type AuthenticatedClaims,
  type MalformedStep,
  REFUSAL_CODES,
  Refusal,
  type RefusalCode,
  type RefusalFacts,
} from "./refusal.ts";
export type { RevocationList } from "./revocations.ts";
export { formatShortCode, readShortCode } from "./short-code.ts";
export type { Seal, Stop, StopLabel } from "./stop.ts";
export { readText } from "./text.ts";
export { expandVoucher } from "./voucher.ts";
