import { IssueError } from "../errors.ts";
import { type Device, viewDevice } from "./devices.ts";
import { planManifest, type StopState } from "./plan-manifest.ts";
import type { DispatchDeps } from "./rows.ts";

/** A route as a dispatcher sees it. Times are seconds since 1970. */
export interface RouteView {
  readonly route: string;
  /** In driving order. */
  readonly stops: readonly StopState[];
  /** The one that is enrolled now. */
  readonly device: Device | null;
  /** As signed last; null: none was yet. */
  readonly manifest: { readonly version: number; readonly expiresAt: number } | null;
}

/** @throws {IssueError} `route-unknown` */
export async function showRoute(deps: DispatchDeps, name: string): Promise<RouteView> {
  const { store } = deps;
  const route = await store.findRoute(name);
  if (!route) throw new IssueError("route-unknown", "there is no such route");
  const { states } = await planManifest(store, deps, { route, now: deps.now() });
  const device = await store.deviceOf(name);
  const { version, expiresAt } = route;
  return {
    route: name,
    stops: states,
    device: device ? await viewDevice(store, device) : null,
    manifest: version === 0 ? null : { version, expiresAt },
  };
}
