import type { ProblemCode } from "@doorproof/api";
import type { FastifyRequest } from "fastify";

type Access = "authentication" | "authorization";

/** What each refusal says of whoever asked: that they are not known, or that they may not. */
const REFUSALS: Readonly<Partial<Record<ProblemCode, Access>>> = {
  unauthorized: "authentication",
  "device-unknown": "authentication",
  "enrolment-over": "authentication",
  "insufficient-scope": "authorization",
  "foreign-route": "authorization",
};

/**
 * A line of its own for whoever watches for thieves: who was refused, where, and from which address. Never the token:
 * one that is wrong today may have been right yesterday, or be another system's.
 * @param code other codes than those of tokens and permissions are no matter of access
 */
export function logRefusedAccess(request: FastifyRequest, code: ProblemCode): void {
  const access = REFUSALS[code];
  if (access === undefined) return;
  const { log, method, ip, routeOptions } = request;
  const where = { method, route: routeOptions.url ?? null, address: ip };
  log.warn({ event: `${access}-failed`, code, ...where, actor: namedActor(request) }, "access refused");
}

/** Who asks, for the log: without what else is known of them. */
export function namedActor({ actor }: FastifyRequest): { readonly kind: string; readonly id: string } | null {
  return actor && { kind: actor.kind, id: actor.id };
}
