import type { CarriedStop, DispatchRows } from "../../domain/dispatch/index.ts";
import { both, type Tables } from "./tables.ts";

export function dispatchRows(tables: Tables): DispatchRows {
  return { ...routeRows(tables), ...sealRows(tables), ...deviceRows(tables), ...carryRows(tables) };
}

function routeRows({ routes, stops, deliveries, vouchers, seals, carries, devices }: Tables) {
  const onRoute = (route: string) => stops.by("route", route);
  return {
    async insertRoute(route) {
      if (routes.get(route.name)) return false;
      routes.insert(route);
      return true;
    },
    async findRoute(name) {
      return routes.get(name);
    },
    async setRoute(name, change) {
      routes.update(name, change);
    },
    async putStop(stop) {
      deliveries.require(stop.deliveryId);
      if (stop.route !== null) routes.require(stop.route);
      if (stops.get(stop.deliveryId)) stops.update(stop.deliveryId, stop);
      else stops.insert(stop);
    },
    async findStop(deliveryId) {
      return stops.get(deliveryId);
    },
    async stopsOf(route) {
      return onRoute(route)
        .toSorted((a, b) => a.position - b.position || (a.deliveryId < b.deliveryId ? -1 : 1))
        .flatMap((stop) => {
          const delivery = deliveries.get(stop.deliveryId);
          if (!delivery) return [];
          const { state, sealedLabel, sealedDetails, parcels, asks, takers } = delivery;
          return [{ ...stop, state, sealedLabel, sealedDetails, parcels, asks, takers }];
        });
    },
    async staleStops({ before, limit }) {
      const kept = new Set(
        vouchers.all().flatMap(({ deliveryId, expiresAt }) => (expiresAt >= before ? deliveryId : [])),
      );
      return stops
        .all()
        .filter(({ route, deliveryId }) => route !== null && !kept.has(deliveryId))
        .slice(0, limit);
    },
    async vouchersOfRoute(route) {
      const ids = new Set(onRoute(route).map(({ deliveryId }) => deliveryId));
      return vouchers
        .all()
        .filter(({ deliveryId }) => ids.has(deliveryId))
        .map(({ id, cti, deliveryId, status, expiresAt }) => {
          const { salt = null, sealed = null } = seals.get(id) ?? {};
          return { id, cti, deliveryId, status, expiresAt, salt, sealed };
        });
    },
    async carriedElsewhere({ route, now }) {
      const carried = new Map<string, CarriedStop>();
      for (const { deliveryId, deviceId, version, until } of onRoute(route).flatMap((stop) =>
        carries.by("delivery", stop.deliveryId),
      )) {
        const device = devices.get(deviceId);
        if (!device || device.route === route) continue;
        if (until <= now || version < device.heldVersion) continue;
        const key = both(deliveryId, device.route);
        const latest = Math.max(until, carried.get(key)?.until ?? 0);
        carried.set(key, { deliveryId, route: device.route, until: latest });
      }
      return [...carried.values()].sort((a, b) => a.until - b.until);
    },
  } satisfies Partial<DispatchRows>;
}

function sealRows({ seals, vouchers, stops, deliveries }: Tables) {
  return {
    async vouchersToSeal({ now, after, limit }) {
      return vouchers
        .by("status", "live")
        .filter(({ id, deliveryId, expiresAt }) => {
          const route = stops.get(deliveryId)?.route ?? null;
          const isOpen = deliveries.get(deliveryId)?.state === "open";
          return route !== null && isOpen && expiresAt > now && !seals.get(id);
        })
        .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))
        .filter(
          ({ id, expiresAt }) =>
            !after || expiresAt > after.expiresAt || (expiresAt === after.expiresAt && id > after.id),
        )
        .slice(0, limit);
    },
    async insertSeal(seal) {
      vouchers.require(seal.voucherId);
      if (seals.get(seal.voucherId)) return false;
      seals.insert(seal);
      return true;
    },
  } satisfies Partial<DispatchRows>;
}

function deviceRows({ devices, routes, redemptions, entries }: Tables) {
  return {
    async insertDevice(device) {
      routes.require(device.route);
      devices.insert(device);
    },
    async findDevice(id) {
      return devices.get(id);
    },
    async findDeviceByToken(tokenHash) {
      return devices.by("token", tokenHash)[0];
    },
    async deviceOf(route) {
      return devices.by("one device a route", route)[0];
    },
    async listDevices() {
      return [...devices.all()].sort((a, b) => b.enrolledAt - a.enrolledAt || (a.id < b.id ? -1 : 1));
    },
    async setDevice(id, change) {
      devices.update(id, change);
    },
    async seqsOf(reporter, { from }) {
      const sent = [...redemptions.by("reporter", reporter), ...entries.by("reporter", reporter)];
      const seqs = sent.flatMap(({ deviceSeq }) => (deviceSeq !== null && deviceSeq >= from ? deviceSeq : []));
      return [...new Set(seqs)].sort((a, b) => a - b);
    },
  } satisfies Partial<DispatchRows>;
}

function carryRows({ devices, deliveries, vouchers, carries, carriedVouchers }: Tables) {
  const isOf = (route: string) => (carry: { deviceId: string }) => devices.get(carry.deviceId)?.route === route;
  return {
    async putCarries(handed) {
      for (const carry of handed) {
        const key = both(carry.deliveryId, carry.deviceId);
        devices.require(carry.deviceId);
        deliveries.require(carry.deliveryId);
        if (carries.get(key)) carries.update(key, { version: carry.version, until: carry.until });
        else carries.insert(carry);
      }
    },
    async carriedBy({ route, deliveryId }) {
      const found = carries.by("delivery", deliveryId).filter(isOf(route));
      if (found.length === 0) return undefined;
      const [from, to] = [found.map(({ fromVersion }) => fromVersion), found.map(({ version }) => version)];
      return { fromVersion: Math.min(...from), version: Math.max(...to) };
    },
    async putCarriedVouchers(carried) {
      for (const row of carried) {
        const key = both(row.voucherId, row.deviceId);
        devices.require(row.deviceId);
        vouchers.require(row.voucherId);
        if (carriedVouchers.get(key)) carriedVouchers.update(key, { until: row.until });
        else carriedVouchers.insert(row);
      }
    },
    async wasCarried({ route, voucherId }) {
      return carriedVouchers.by("voucher", voucherId).some(isOf(route));
    },
    async forgetCarries(olderThan) {
      for (const { deliveryId, deviceId, until } of carries.all())
        if (until < olderThan) carries.delete(both(deliveryId, deviceId));
      for (const { voucherId, deviceId, until } of carriedVouchers.all())
        if (until < olderThan) carriedVouchers.delete(both(voucherId, deviceId));
    },
  } satisfies Partial<DispatchRows>;
}
