// Making, with private keys. Never imported by anything that runs on a driver's or a courier's device.

export { signKeyList } from "./keys.ts";
export { sealVoucher, signManifest } from "./manifest.ts";
export { type Revocations, signRevocations } from "./revocations.ts";
export { deriveShortCode, drawCti } from "./short-code.ts";
export { createKeyFile, keyFileName, openKeyFile, publicKeyPem, type SigningKey } from "./signing-key.ts";
export { isTestKey } from "./test-keys.ts";
export { MAX_VOUCHER_LIFE, signVoucher, type VoucherPolicy } from "./voucher.ts";
