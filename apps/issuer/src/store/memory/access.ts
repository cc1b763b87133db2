import type { AccessRows } from "../../domain/access/index.ts";
import type { Tables } from "./tables.ts";

export function accessRows({ apiKeys, enrolments, routes }: Tables): AccessRows {
  return {
    async insertApiKey(key) {
      apiKeys.insert(key);
    },
    async findApiKey(tokenHash) {
      return apiKeys.by("token", tokenHash)[0];
    },
    async apiKeys() {
      return apiKeys.all();
    },
    async setApiKey(id, change) {
      apiKeys.update(id, change);
    },
    async insertEnrolment(enrolment) {
      routes.require(enrolment.route);
      enrolments.insert(enrolment);
    },
    async takeEnrolment({ tokenHash, now }) {
      const enrolment = enrolments.get(tokenHash);
      if (!enrolment || enrolment.expiresAt <= now) return undefined;
      enrolments.delete(tokenHash);
      return enrolment;
    },
    async dropEnrolments(route) {
      for (const enrolment of enrolments.by("route", route)) enrolments.delete(enrolment.tokenHash);
    },
  };
}
