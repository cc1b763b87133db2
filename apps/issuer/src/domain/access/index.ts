// Who may ask: API keys, drivers' devices and the links that enrol them.

export type { ApiKey, ApiKeyStatus } from "./api-key-view.ts";
export { checkApiKey, type KnownApiKey } from "./check-api-key.ts";
export { createApiKey, type NewApiKey } from "./create-api-key.ts";
export { checkDevice, checkReportingDevice } from "./device-tokens.ts";
export { type Enrolled, enrolDevice } from "./enrol.ts";
export { listApiKeys, renameApiKey, revokeApiKey } from "./manage-api-keys.ts";
export { noteKeyUse } from "./note-key-use.ts";
export { type EnrolmentLink, makeEnrolment } from "./open-enrolment.ts";
export type { AccessDeps, AccessReach, AccessRows, ApiKeyRow, EnrolmentRow } from "./rows.ts";
