// Every JSON shape that crosses a process boundary, as a TypeBox schema and the type of the same name. Beside this
// door: ./lists (the closed lists) and ./time (seconds and ISO 8601), which load no library.

export * from "./couriers.ts";
export * from "./devices.ts";
export * from "./events.ts";
export { Country, CourierName, DeliveryId, RouteName, VoucherId } from "./fields.ts";
export * from "./keys.ts";
export * from "./lists.ts";
export { type Named, ref } from "./named.ts";
export * from "./operation.ts";
export * from "./problems.ts";
export * from "./redemptions.ts";
export * from "./routes.ts";
export { SHAPES } from "./shapes.ts";
export * from "./stops.ts";
export * from "./time.ts";
export * from "./uploads.ts";
export * from "./vouchers.ts";
