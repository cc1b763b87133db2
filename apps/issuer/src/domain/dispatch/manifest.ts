import { signManifest } from "@doorproof/signer";
import { IssueError } from "../errors.ts";
import { renewManifest } from "./renew-manifest.ts";
import type { DeviceRow, DispatchDeps } from "./rows.ts";

/** Seconds for which we remember what a device held, because records may be uploaded late. */
const KEPT = 30 * 86_400;

/**
 * The manifest of a route, for its device. Nothing here runs a KDF: seals are made beforehand and copied, and with
 * nothing changed the same bytes are made again.
 *
 * @param has the versions that the device says it has
 * @returns document null: it has this version
 * @throws {IssueError} `device-unknown`, `foreign-route`, `no-signing-key`
 */
export async function fetchManifest(
  deps: DispatchDeps,
  { deviceId, route, has }: { deviceId: string; route: string; has: readonly number[] },
): Promise<{ version: number; document: Uint8Array | null }> {
  const now = deps.now();
  return deps.store.transaction(async (rows) => {
    const device = await rows.findDevice(deviceId);
    if (!device || device.revokedAt !== null) throw new IssueError("device-unknown", "this device is not enrolled");
    if (device.route !== route) throw new IssueError("foreign-route", "this device is enrolled for another route");
    const heldVersion = confirmed(device, has);
    const { manifest, vouchers, key } = await renewManifest(rows, deps, {
      name: route,
      now,
      above: Math.max(0, ...has),
    });
    const { version, expiresAt, stops } = manifest;
    const seen = { lastSeenAt: now, heldVersion };
    if (has.includes(version) && device.servedVersion >= version) {
      await rows.setDevice(deviceId, seen);
      return { version, document: null };
    }
    // Written before it is sent: what may have arrived counts as held until the device says what it has.
    await rows.setDevice(deviceId, { ...seen, servedVersion: version });
    await rows.putCarries(
      stops.map(({ deliveryId }) => ({ deviceId, deliveryId, fromVersion: version, version, until: expiresAt })),
    );
    await rows.putCarriedVouchers(vouchers.map((voucherId) => ({ voucherId, deviceId, until: expiresAt })));
    await rows.forgetCarries(now - KEPT);
    return { version, document: await signManifest(manifest, { key }) };
  });
}

/**
 * A sent answer may not have arrived: a stop has left a device only when the device names a version without it. A
 * version that it was never sent is ignored.
 */
function confirmed({ heldVersion, servedVersion }: DeviceRow, has: readonly number[]): number {
  return Math.max(heldVersion, ...has.filter((version) => version <= servedVersion));
}
