// What this room needs from a platform and the ES library does not name.

/** WebCrypto's AES-256-GCM, to open seals: Node 20, browsers, Deno, Bun and Workers have it. */
declare const crypto: {
  readonly subtle: {
    importKey(
      format: "raw",
      key: Uint8Array,
      algorithm: "AES-GCM",
      extractable: false,
      usages: ["decrypt"],
    ): Promise<AesKey>;
    decrypt(
      algorithm: { name: "AES-GCM"; iv: Uint8Array; additionalData: Uint8Array },
      key: AesKey,
      data: Uint8Array,
    ): Promise<ArrayBuffer>;
  };
};

interface AesKey {
  readonly type: "secret";
}

/** The platform's Ed25519, behind the "node" condition in ed25519.node.ts alone. */
declare module "node:crypto" {
  interface PublicKeyHandle {
    readonly type: "public";
  }
  function createPublicKey(key: { key: Uint8Array; format: "der"; type: "spki" }): PublicKeyHandle;
  function verify(algorithm: null, data: Uint8Array, key: PublicKeyHandle, signature: Uint8Array): boolean;
}
