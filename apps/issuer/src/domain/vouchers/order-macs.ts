import { macs } from "../encryption.ts";
import type { Surroundings } from "../ports.ts";
import type { Expires } from "./delivery-request.ts";

/**
 * By what a request for a delivery is recognised when it comes again: under each DATA_SECRET, the newest first.
 * @param phone E.164
 * @param claims see `claimsOf`
 */
export function orderMacsOf(
  deps: Pick<Surroundings, "secrets">,
  {
    deliveryId,
    phone,
    expires,
    claims,
  }: { deliveryId: string; phone: string; expires: Expires; claims: readonly string[] },
): ReturnType<typeof macs> {
  // The word "order" is hashed into values that databases hold, so it cannot be changed.
  return macs(deps, "order", [deliveryId, phone, expiryAsAsked(expires), ...claims]);
}

// As it was asked for: "168h" asked for twice is the same request, though it gives another time.
function expiryAsAsked(expires: Expires): string {
  return "at" in expires ? `at ${expires.at}` : `in ${expires.in}`;
}
