import type { Fault } from "../errors.ts";
import type { Surroundings } from "../ports.ts";
import type { Placement } from "../vouchers/index.ts";
import { addStop } from "./place.ts";
import { checkRoute } from "./routes.ts";
import type { DispatchReach } from "./rows.ts";

export interface PlacementRequest {
  /** The route at whose end the delivery is put. */
  readonly route?: string;
  /** ISO 3166, as `GB`: of a new route, where the issuer has no default. */
  readonly country?: string;
  /** When it is expected at the door: shown to the driver, and not enforced. Seconds since 1970. */
  readonly window?: { readonly from: number; readonly to: number };
}

/**
 * Where a delivery goes whose voucher is being issued: in the same transaction, so that none is issued for a route that
 * is full.
 */
export function placementOf(
  { route, country, window }: PlacementRequest,
  { policy }: Pick<Surroundings, "policy">,
): Placement<DispatchReach> {
  return {
    faults: [...(route === undefined ? [] : checkRoute({ name: route }, "/route")), ...checkWindow(window)],
    async place(rows, { deliveryId, phone }, act) {
      if (window) {
        const times = { windowFrom: window.from, windowTo: window.to };
        await rows.putStop({ deliveryId, route: null, position: 0, forced: false, ...times });
      }
      if (route === undefined) return;
      const stop = { deliveryId, route, phone, ...(country === undefined ? {} : { country }) };
      await addStop(rows, stop, { policy, act });
    },
  };
}

function checkWindow(window: PlacementRequest["window"]): readonly Fault[] {
  if (!window || (window.from <= window.to && isTime(window.from) && isTime(window.to))) return [];
  const detail = "a window ends before it begins, or at no time that a manifest can carry";
  return [{ pointer: "/window", code: "window", detail }];
}

// A manifest's times are uint32.
function isTime(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds < 2 ** 32;
}
