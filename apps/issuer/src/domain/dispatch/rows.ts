import type { DeviceEnd } from "@doorproof/api/lists";
import type { Deps } from "../ports.ts";
import type { DeliveryRow, VoucherReach, VoucherRow } from "../vouchers/index.ts";

/** What dispatch asks of a database: routes, stops and their seals, devices and what they may hold. */
export interface DispatchRows {
  /** @returns false: there is one of this name already, and nothing was written */
  insertRoute(route: RouteRow): Promise<boolean>;
  findRoute(name: string): Promise<RouteRow | undefined>;
  setRoute(name: string, change: Partial<Omit<RouteRow, "name">>): Promise<void>;

  /** Replaces the row of this delivery. */
  putStop(stop: StopRow): Promise<void>;
  findStop(deliveryId: string): Promise<StopRow | undefined>;
  /** In driving order. */
  stopsOf(route: string): Promise<readonly RouteStop[]>;
  /** Stops on any route of which every voucher was over before that time. */
  staleStops(query: { before: number; limit: number }): Promise<readonly StopRow[]>;
  /** All vouchers of a route's stops, with their seals; of each delivery the oldest first. */
  vouchersOfRoute(route: string): Promise<readonly RouteVoucher[]>;
  /** Stops of this route that a device of another route may still hold, in a manifest that holds now. */
  carriedElsewhere(query: { route: string; now: number }): Promise<readonly CarriedStop[]>;

  /**
   * Live vouchers of open deliveries on any route that have no seal, by expiry. @param after the last one that is known
   * already
   */
  vouchersToSeal(query: {
    now: number;
    after?: Pick<VoucherRow, "id" | "expiresAt">;
    limit: number;
  }): Promise<readonly VoucherRow[]>;
  /** @returns false: this voucher has a seal already, and nothing was written */
  insertSeal(seal: SealRow): Promise<boolean>;

  insertDevice(device: DeviceRow): Promise<void>;
  findDevice(id: string): Promise<DeviceRow | undefined>;
  findDeviceByToken(tokenHash: string): Promise<DeviceRow | undefined>;
  /** The one that is enrolled now. */
  deviceOf(route: string): Promise<DeviceRow | undefined>;
  /** Newest first, those whose token has ended among them. */
  listDevices(): Promise<readonly DeviceRow[]>;
  setDevice(id: string, change: Partial<Omit<DeviceRow, "id" | "route" | "tokenHash">>): Promise<void>;

  /** Notes what a device was handed; a stop that it was handed before keeps its first version. */
  putCarries(carries: readonly CarryRow[]): Promise<void>;
  /** The first and the last version with which any device of this route, former ones among them, was handed a stop. */
  carriedBy(query: {
    route: string;
    deliveryId: string;
  }): Promise<Pick<CarryRow, "fromVersion" | "version"> | undefined>;
  /** Notes the vouchers for which a device's manifest stood. */
  putCarriedVouchers(carried: readonly CarriedVoucherRow[]): Promise<void>;
  /** Whether any device of this route, former ones among them, was handed a manifest that stood for this voucher. */
  wasCarried(query: { route: string; voucherId: string }): Promise<boolean>;
  /** Stops and vouchers alike. */
  forgetCarries(olderThan: number): Promise<void>;
  /** The numbers, from that one on, under which a reporter has sent redemptions and other entries; ascending. */
  seqsOf(reporter: string, range: { from: number }): Promise<readonly number[]>;
}

/**
 * All that dispatch reads and writes: its own rows, the deliveries and vouchers that stand on its routes, the audit
 * trail.
 */
export type DispatchReach = DispatchRows & VoucherReach;
export type DispatchDeps = Deps<DispatchReach>;

/**
 * A route and what is known of its last manifest. The manifest itself is made again from the rows: its labels must not
 * be stored in the clear.
 */
export interface RouteRow {
  readonly name: string;
  /** Of numbers without +, as `44`. */
  readonly callingCode: string;
  /** 0: no manifest was signed yet. */
  readonly version: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /**
   * HMAC over what was signed, without version and times, and over the signing key: shows whether a new manifest would
   * differ.
   */
  readonly contentMac: string | null;
}

/** What dispatch knows of a delivery. */
export interface StopRow {
  readonly deliveryId: string;
  /** Null: on no route. */
  readonly route: string | null;
  /** In driving order; gaps are allowed. */
  readonly position: number;
  /** Was moved here though another device may still hold it. */
  readonly forced: boolean;
  readonly windowFrom: number | null;
  readonly windowTo: number | null;
}

export interface RouteStop
  extends StopRow,
    Pick<DeliveryRow, "state" | "sealedLabel" | "sealedDetails" | "parcels" | "asks" | "takers"> {}

export interface RouteVoucher extends Pick<VoucherRow, "id" | "cti" | "deliveryId" | "status" | "expiresAt"> {
  readonly salt: string | null;
  readonly sealed: string | null;
}

export interface CarriedStop {
  readonly deliveryId: string;
  readonly route: string;
  /** When the last of those manifests is over. */
  readonly until: number;
}

/**
 * Made once a voucher. Only its short code opens it, and guessing that costs a scrypt run a try (docs/format.md section
 * 3). Both are base64url.
 */
export interface SealRow {
  readonly voucherId: string;
  readonly salt: string;
  readonly sealed: string;
}

/** A driver's phone. */
export interface DeviceRow {
  readonly id: string;
  readonly route: string;
  /** SHA-256 of the token. */
  readonly tokenHash: string;
  readonly enrolledAt: number;
  readonly lastSeenAt: number;
  /** When its token ended; null: it is the route's. */
  readonly revokedAt: number | null;
  /** By what; null as long as it has not. */
  readonly endedBy: DeviceEnd | null;
  /** The manifest that was sent to it last, arrived or not. 0: none. */
  readonly servedVersion: number;
  /** The latest manifest that it said it has; it accepts no lower one. 0: none. */
  readonly heldVersion: number;
  /** The highest number of its entries so far. */
  readonly lastSeq: number;
}

/** A stop in the manifests that went out to a device. */
export interface CarryRow {
  readonly deviceId: string;
  readonly deliveryId: string;
  /** The first and the last version that had it. */
  readonly fromVersion: number;
  readonly version: number;
  /** When the last one is over. */
  readonly until: number;
}

/** A voucher for which a manifest stood that went out to a device: the stop was on it, and the voucher lived. */
export interface CarriedVoucherRow {
  readonly voucherId: string;
  readonly deviceId: string;
  /** When the last such manifest is over. */
  readonly until: number;
}
