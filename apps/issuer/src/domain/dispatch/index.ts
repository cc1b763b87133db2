// Routes, their stops and manifests, and the devices that carry them.

export { clearRoutes } from "./clear-routes.ts";
export { type Device, findGaps, type Gap, listDevices, reporterOf, revokeDevice } from "./devices.ts";
export { fetchManifest } from "./manifest.ts";
export { type PlacementRequest, placementOf } from "./placement.ts";
export type { StopState } from "./plan-manifest.ts";
export { checkReissue } from "./route-bounds.ts";
export { checkRoute, openRoute, type RouteRequest } from "./routes.ts";
export type {
  CarriedStop,
  CarriedVoucherRow,
  CarryRow,
  DeviceRow,
  DispatchDeps,
  DispatchReach,
  DispatchRows,
  RouteRow,
  RouteStop,
  RouteVoucher,
  SealRow,
  StopRow,
} from "./rows.ts";
export { sealWaiting } from "./sealing.ts";
export { type RouteView, showRoute } from "./show-route.ts";
export { type Assignment, type Dispatched, putStops, type Risk } from "./stops.ts";
