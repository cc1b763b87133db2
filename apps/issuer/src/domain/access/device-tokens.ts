import type { DeviceRow, DispatchDeps } from "../dispatch/index.ts";
import { hashToken } from "../encryption.ts";

/** @returns null: no token of ours, or one that has ended */
export async function checkDevice(deps: DispatchDeps, token: string): Promise<{ id: string; route: string } | null> {
  const device = await findDevice(deps, token);
  return device && device.revokedAt === null ? { id: device.id, route: device.route } : null;
}

/**
 * As {@link checkDevice}, and for seven days more: a phone that was replaced at noon still has what was done at the doors
 * in the morning. Which of its records still count is judged record by record.
 */
export async function checkReportingDevice(deps: DispatchDeps, token: string): Promise<{ id: string } | null> {
  const device = await findDevice(deps, token);
  const isOver = device?.revokedAt != null && deps.now() > device.revokedAt + REPORTED_WITHIN;
  return device && !isOver ? { id: device.id } : null;
}

async function findDevice(deps: DispatchDeps, token: string): Promise<DeviceRow | null> {
  return DEVICE_TOKEN.test(token) ? ((await deps.store.findDeviceByToken(hashToken(token))) ?? null) : null;
}

/** Seconds after its end for which a device's token is good for a report. */
const REPORTED_WITHIN = 7 * 86_400;

export const DEVICE_PREFIX = "dpd_";
const DEVICE_TOKEN = /^dpd_[A-Za-z0-9_-]{43}$/;
