import { MAX_STOPS } from "@doorproof/voucher/codec";
import { type Act, append } from "../audit/index.ts";
import { type Fault, IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import { checkDeliveryIds, findDeliveries } from "../vouchers/index.ts";
import { place } from "./place.ts";
import { planManifest, type StopState } from "./plan-manifest.ts";
import { renewManifest } from "./renew-manifest.ts";
import { refuseFull, refuseFullOfWithdrawn } from "./route-bounds.ts";
import { callingCodeOf, checkRoute, openRoute } from "./routes.ts";
import type { DispatchDeps, DispatchReach, RouteRow } from "./rows.ts";

/** A route's stops as they are to be. */
export interface Assignment {
  /** Delivery IDs in driving order: all of them. What is not among them leaves the route. */
  readonly stops: readonly string[];
  /** ISO 3166, as `GB`; needed for a new route where the issuer has no default. */
  readonly country?: string;
  /** Move stops at once, though other routes' devices may still hold them. */
  readonly force: boolean;
}

export interface Dispatched {
  readonly route: string;
  /** Of the manifest that a device would fetch now. */
  readonly version: number;
  readonly stops: readonly StopState[];
  readonly risks: readonly Risk[];
}

/**
 * Of a stop that was forced: until it syncs, the other route's device may accept it as well. The report that comes
 * first then stands, and the other one is a conflict.
 */
export interface Risk {
  readonly deliveryId: string;
  readonly route: string;
  /** When that device's manifest is over, seconds since 1970. */
  readonly until: number;
}

/**
 * Puts stops on a route, in driving order; those that stood on another are moved. Vouchers stay as they are, so no
 * customer gets a message. A stop appears on its new route only when the old route's device has given it up
 * (docs/format.md section 4), unless it is forced.
 *
 * @throws {IssueError} `invalid-delivery` with all its faults
 */
export async function putStops(
  deps: DispatchDeps,
  name: string,
  { stops, country, force }: Assignment,
  actor: Actor,
): Promise<Dispatched> {
  const now = deps.now();
  const request = { name, ...(country === undefined ? {} : { country }) };
  const faults = [...checkRoute(request, "/route"), ...checkStops(stops)];
  if (faults.length > 0) throw new IssueError("invalid-delivery", "the assignment has faults", faults);

  return deps.store.transaction(async (rows) => {
    await requireDeliveries(rows, stops);
    const route = await openRoute(rows, deps.policy, request);
    const callingCode = callingCodeOf(country) ?? route.callingCode;
    if (callingCode !== route.callingCode) await rows.setRoute(name, { callingCode });
    const act = { deps, actor, now };
    await takeOff(rows, { route: name, but: new Set(stops), act });
    for (const [position, deliveryId] of stops.entries()) await place(rows, { deliveryId, route: name, position, act });
    refuseFull(await rows.stopsOf(name), "/stops");
    await refuseFullOfWithdrawn(rows, { route: name, pointer: "/stops", now, more: 0 });
    const risks = force ? await forceWaiting(rows, deps, { ...route, callingCode }, act) : [];
    const { manifest, states } = await renewManifest(rows, deps, { name, now });
    return { route: name, version: manifest.version, stops: states, risks };
  });
}

function checkStops(stops: readonly string[]): readonly Fault[] {
  const faults: Fault[] = [];
  if (stops.length > MAX_STOPS) {
    faults.push({ pointer: "/stops", code: "route-full", detail: `a route has at most ${MAX_STOPS} stops` });
  }
  return [...faults, ...checkDeliveryIds(stops, "/stops")];
}

async function requireDeliveries(rows: DispatchReach, stops: readonly string[]): Promise<void> {
  const { faults } = await findDeliveries(rows, stops, "/stops");
  if (faults.length > 0) throw new IssueError("invalid-delivery", "the assignment has faults", faults);
}

async function takeOff(
  rows: DispatchReach,
  { route, but, act }: { route: string; but: ReadonlySet<string>; act: Act },
): Promise<void> {
  for (const { deliveryId, position, windowFrom, windowTo } of await rows.stopsOf(route)) {
    if (but.has(deliveryId)) continue;
    await rows.putStop({ deliveryId, route: null, position, forced: false, windowFrom, windowTo });
    await append(rows, "stop-removed", { ...act, deliveryId, reason: `from ${route}` });
  }
}

async function forceWaiting(
  rows: DispatchReach,
  deps: DispatchDeps,
  route: RouteRow,
  act: Act,
): Promise<readonly Risk[]> {
  const { states } = await planManifest(rows, deps, { route, now: act.now });
  const risks: Risk[] = [];
  for (const { deliveryId, state, waitsFor, until } of states) {
    const stop = await rows.findStop(deliveryId);
    if (state !== "waiting" || waitsFor === undefined || until === undefined || !stop) continue;
    await rows.putStop({ ...stop, forced: true });
    await append(rows, "stop-forced", {
      ...act,
      deliveryId,
      reason: `to ${route.name}, while ${waitsFor} may hold it`,
    });
    risks.push({ deliveryId, route: waitsFor, until });
  }
  return risks;
}
