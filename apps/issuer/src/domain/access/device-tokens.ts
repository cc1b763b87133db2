import type { DispatchDeps } from "../dispatch/index.ts";
import { hashToken } from "../encryption.ts";

/** @returns null: no token of ours, or of a device that was revoked */
export async function checkDevice(deps: DispatchDeps, token: string): Promise<{ id: string; route: string } | null> {
  if (!DEVICE_TOKEN.test(token)) return null;
  const device = await deps.store.findDeviceByToken(hashToken(token));
  return device && device.revokedAt === null ? { id: device.id, route: device.route } : null;
}

export const DEVICE_PREFIX = "dpd_";
const DEVICE_TOKEN = /^dpd_[A-Za-z0-9_-]{43}$/;
