import type { DocumentStore, Trusted } from "./accept.ts";
import { healedFloor } from "./clock.ts";
import type { StatedTime } from "./stated-time.ts";

/**
 * Takes back what an issuer's wrong clock did to the floor, once its documents of that day were replaced. Without it
 * such a phone would refuse every voucher until the wrong day comes. It is stored before this resolves.
 */
export async function healFloor(store: DocumentStore, trusted: Trusted, time: StatedTime): Promise<Trusted> {
  const floor = trusted.trust ? healedFloor(trusted.floor, trusted.trust, time) : trusted.floor;
  if (floor === trusted.floor) return trusted;
  await store.lowerFloor(floor);
  return { ...trusted, floor };
}
