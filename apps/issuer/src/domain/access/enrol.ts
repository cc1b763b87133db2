import { toHex } from "@doorproof/voucher/codec";
import { append } from "../audit/index.ts";
import { openRoute } from "../dispatch/index.ts";
import { hashToken } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import { refuseDoubted } from "../refuse-doubted.ts";
import { DEVICE_PREFIX } from "./device-tokens.ts";
import type { AccessDeps } from "./rows.ts";

/** What a device needs from now on. None of it opens a seal or signs anything. */
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
 * Exchanges a link's token for a device token. A route has one device: the former one's token ends in the same
 * transaction, but for what it has recorded until then.
 * @throws {IssueError} `enrolment-over`, `clock-doubted`: the device would take a wrong time for its own
 */
export async function enrolDevice(deps: AccessDeps, token: string): Promise<Enrolled> {
  refuseDoubted(deps);
  const { random, keyring } = deps;
  const now = deps.now();
  const deviceToken = DEVICE_PREFIX + Buffer.from(random(32)).toString("base64url");
  const deviceId = toHex(random(8));
  const actor: Actor = { kind: "device", id: deviceId };
  const route = await deps.store.transaction(async (rows) => {
    const enrolment = LINK_TOKEN.test(token) && (await rows.takeEnrolment({ tokenHash: hashToken(token), now }));
    if (!enrolment) throw new IssueError("enrolment-over", "this link was used or is over: ask for a new one");
    const former = await rows.deviceOf(enrolment.route);
    if (former) {
      await rows.setDevice(former.id, { revokedAt: now, endedBy: "replaced" });
      await append(rows, "device-revoked", {
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
      endedBy: null,
      servedVersion: 0,
      heldVersion: 0,
      lastSeq: 0,
    });
    await append(rows, "device-enrolled", { deps, actor, now, reason: `${deviceId} for ${enrolment.route}` });
    return openRoute(rows, deps.policy, { name: enrolment.route });
  });
  const { issuer, roots } = keyring;
  return { deviceToken, deviceId, issuer, route: route.name, country: route.callingCode, roots, now };
}

const LINK_TOKEN = /^[A-Za-z0-9_-]{22}$/;
