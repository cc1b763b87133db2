// What is about a person: how it ends, by age or because somebody asked, and under which secret it is encrypted.

export { eraseDelivery } from "./erase.ts";
export { type Reencrypted, reencrypt } from "./reencrypt.ts";
export { type Retention, retain } from "./retain.ts";
export type { EncryptedText, FieldKey, PersonalDataRows, PhoneHolder } from "./rows.ts";
export { SECRET_FIELDS, type SecretField } from "./secret-fields.ts";
