import { append } from "../audit/index.ts";
import { checkRoute, openRoute, type RouteRequest } from "../dispatch/index.ts";
import { hashToken } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import type { AccessDeps } from "./rows.ts";

/** Seconds for which a link can be used: time to read it from the dispatcher's screen with a phone. */
const LINK_LIFE = 15 * 60;

export interface EnrolmentLink {
  /** Opens the driver's app. The token stands behind the #, which browsers send to no server. */
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
export async function makeEnrolment(deps: AccessDeps, request: RouteRequest, actor: Actor): Promise<EnrolmentLink> {
  const { name } = request;
  const faults = checkRoute(request, "/route");
  if (faults.length > 0)
    throw new IssueError("invalid-delivery", faults.map(({ detail }) => detail).join("; "), faults);
  const now = deps.now();
  const token = Buffer.from(deps.random(16)).toString("base64url");
  const expiresAt = now + LINK_LIFE;
  const replaced = await deps.store.transaction(async (rows) => {
    await openRoute(rows, deps.policy, request);
    await rows.dropEnrolments(name);
    await rows.insertEnrolment({ tokenHash: hashToken(token), route: name, expiresAt });
    await append(rows, "enrolment-opened", { deps, actor, now, reason: name });
    return rows.deviceOf(name);
  });
  return { link: `${deps.policy.publicUrl}/driver/#${token}`, expiresAt, replaces: replaced?.id ?? null };
}
