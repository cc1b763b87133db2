import { DEVICE_PREFIX } from "../dispatch/devices.ts";
import { checkRoute, openRoute, type RouteRequest } from "../dispatch/routes.ts";
import { hashToken } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor, Deps } from "../ports.ts";
import { record } from "../vouchers/apply.ts";

/** Seconds in which a driver gets from the dispatcher's screen to their phone. */
const LINK_LIFE = 15 * 60;

export interface EnrolmentLink {
  /** Opens the driver's app; the token stands behind the #, which no browser sends. */
  readonly link: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** The device that the next one will replace; null: the route has none. */
  readonly replaces: string | null;
}

/**
 * A link that enrols one device for a route, once. The route's newest link is the only one that works.
 * @throws {IssueError} `invalid-delivery`: no name for a route, or a new one without a country
 */
export async function makeEnrolment(deps: Deps, order: RouteRequest, actor: Actor): Promise<EnrolmentLink> {
  const { name } = order;
  const faults = checkRoute(order, "/route");
  if (faults.length > 0)
    throw new IssueError("invalid-delivery", faults.map(({ detail }) => detail).join("; "), faults);
  const now = deps.now();
  const token = Buffer.from(deps.random(16)).toString("base64url");
  const expiresAt = now + LINK_LIFE;
  const replaced = await deps.store.transaction(async (rows) => {
    await openRoute(rows, deps.policy, order);
    await rows.dropEnrolments(name);
    await rows.insertEnrolment({ tokenHash: hashToken(token), route: name, expiresAt });
    await record(rows, "enrolment-opened", { deps, actor, now, reason: name });
    return rows.deviceOf(name);
  });
  return { link: `${deps.policy.publicUrl}/driver/#${token}`, expiresAt, replaces: replaced?.id ?? null };
}

/** What a device needs from now on. It opens and signs nothing. */
export interface Enrolled {
  /** 256 bits, this once: only its hash is kept. */
  readonly deviceToken: string;
  readonly deviceId: string;
  readonly issuer: string;
  readonly route: string;
  /** Calling code of numbers without +, as `44`. */
  readonly country: string;
  /** Root keys to pin, 32 bytes each. */
  readonly roots: readonly Uint8Array[];
  readonly now: number;
}

/**
 * Exchanges a link's token for a device token. A route has one device: the former one is revoked in the same instant.
 * @throws {IssueError} `enrolment-over`
 */
export async function enrolDevice(deps: Deps, token: string): Promise<Enrolled> {
  const { random, keyring } = deps;
  const now = deps.now();
  const deviceToken = DEVICE_PREFIX + Buffer.from(random(32)).toString("base64url");
  const deviceId = Buffer.from(random(8)).toString("hex");
  const actor: Actor = { kind: "device", id: deviceId };
  const route = await deps.store.transaction(async (rows) => {
    const enrolment = LINK_TOKEN.test(token) && (await rows.takeEnrolment({ tokenHash: hashToken(token), now }));
    if (!enrolment) throw new IssueError("enrolment-over", "this link was used or is over: ask for a new one");
    const former = await rows.deviceOf(enrolment.route);
    if (former) {
      await rows.setDevice(former.id, { revokedAt: now });
      await record(rows, "device-revoked", {
        deps,
        actor,
        now,
        reason: `${former.id} of ${enrolment.route}, replaced`,
      });
    }
    await rows.insertDevice({
      id: deviceId,
      route: enrolment.route,
      tokenHash: hashToken(deviceToken),
      enrolledAt: now,
      lastSeenAt: now,
      revokedAt: null,
      servedVersion: 0,
      heldVersion: 0,
      lastSeq: 0,
    });
    await record(rows, "device-enrolled", { deps, actor, now, reason: `${deviceId} for ${enrolment.route}` });
    return openRoute(rows, deps.policy, { name: enrolment.route });
  });
  const { issuer, roots } = keyring;
  return { deviceToken, deviceId, issuer, route: route.name, country: route.callingCode, roots, now };
}

const LINK_TOKEN = /^[A-Za-z0-9_-]{22}$/;
