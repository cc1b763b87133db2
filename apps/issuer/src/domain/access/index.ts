// Who may ask: API keys, drivers' devices and the links that enrol them.

export { checkApiKey, createApiKey } from "./api-keys.ts";
export { checkDevice } from "./device-tokens.ts";
export { type Enrolled, enrolDevice } from "./enrol.ts";
export { type EnrolmentLink, makeEnrolment } from "./open-enrolment.ts";
export type { AccessDeps, AccessReach, AccessRows, ApiKeyRow, EnrolmentRow } from "./rows.ts";
