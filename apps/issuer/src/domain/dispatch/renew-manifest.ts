import { createHash } from "node:crypto";
import type { SigningKey } from "@doorproof/signer";
import { CLOCK_TOLERANCE } from "@doorproof/verifier";
import type { Manifest } from "@doorproof/voucher";
import { toHex, writeManifest } from "@doorproof/voucher/codec";
import { mac } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import { type Content, planManifest, type StopState } from "./plan-manifest.ts";
import type { DispatchDeps, DispatchReach } from "./rows.ts";

/**
 * Seconds for which a manifest is valid. It is renewed at half of them, so that one fetched in the morning lasts a
 * whole shift.
 */
const LIFE = 24 * 3600;
const RENEWED_BEFORE = LIFE / 2;

/**
 * The manifest as it is now, and the vouchers for which it stands: the one signed last if it would say the same and is
 * valid for long enough, else the next version.
 * @param above a version that a device has already, as after the database was restored from a backup: the next one is
 * higher. It is ignored if it is ahead of the clock, or one device could use up all numbers
 */
export async function renewManifest(
  rows: DispatchReach,
  deps: DispatchDeps,
  { name, now, above = 0 }: { name: string; now: number; above?: number },
): Promise<{
  manifest: Manifest;
  vouchers: readonly string[];
  key: SigningKey;
  states: readonly StopState[];
}> {
  const route = await rows.findRoute(name);
  if (!route) throw new IssueError("route-unknown", "there is no such route");
  const { key } = deps.keyring.documentKey({ now });
  const { content, vouchers, states } = await planManifest(rows, deps, { route, now });
  const contentMac = macOf(deps, content, key);
  const outlived = route.expiresAt - now < RENEWED_BEFORE || (above > route.version && above < now);
  // Signed before the clock was set back. Devices refuse it, and those that took it must be given another.
  const isAhead = route.issuedAt > now + CLOCK_TOLERANCE;
  if (route.contentMac === contentMac && !outlived && !isAhead) {
    const { version, issuedAt, expiresAt } = route;
    return { manifest: { ...content, version, issuedAt, expiresAt }, vouchers, key, states };
  }
  // From the clock, so that versions go on growing even after the database was lost.
  const signed = { version: Math.max(now, route.version + 1), issuedAt: now, expiresAt: now + LIFE };
  await rows.setRoute(name, { ...signed, contentMac });
  return { manifest: { ...content, ...signed }, vouchers, key, states };
}

function macOf(deps: DispatchDeps, content: Content, key: SigningKey): string {
  const payload = writeManifest({ ...content, version: 0, issuedAt: 0, expiresAt: 0 });
  const kid = toHex(key.kid);
  return mac(deps, "manifest", [kid, createHash("sha256").update(payload).digest("hex")]);
}
