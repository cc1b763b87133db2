// What is about a person, and how it ends: by age, or because somebody asked.

export { eraseDelivery } from "./erase.ts";
export { type Retention, retain } from "./retain.ts";
export type { PersonalDataRows, PhoneHolder } from "./rows.ts";
