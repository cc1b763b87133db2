// All that this room uses of Node, by hand instead of @types/node: whatever can touch a private key is on this list.

declare module "node:crypto" {
  interface PrivateKeyHandle {
    readonly type: "private";
    readonly asymmetricKeyType?: string;
    export(options: { format: "pem"; type: "pkcs8"; cipher?: string; passphrase?: string }): string;
  }
  interface PublicKeyHandle {
    readonly type: "public";
    export(options: { format: "der"; type: "spki" }): Uint8Array;
    export(options: { format: "pem"; type: "spki" }): string;
  }
  function createPrivateKey(key: { key: string; format: "pem"; passphrase?: string }): PrivateKeyHandle;
  function createPublicKey(key: PrivateKeyHandle): PublicKeyHandle;
  function createPublicKey(key: { key: Uint8Array; format: "der"; type: "spki" }): PublicKeyHandle;
  function generateKeyPairSync(type: "ed25519"): { privateKey: PrivateKeyHandle; publicKey: PublicKeyHandle };
  function sign(algorithm: null, data: Uint8Array, key: PrivateKeyHandle): Uint8Array;
  function verify(algorithm: null, data: Uint8Array, key: PublicKeyHandle, signature: Uint8Array): boolean;
  function createHmac(algorithm: "sha256", key: Uint8Array): Hmac;
  interface Hmac {
    update(data: Uint8Array | string): Hmac;
    digest(): Uint8Array;
  }
  function scrypt(
    password: string,
    salt: Uint8Array,
    length: number,
    options: { N: number; r: number; p: number; maxmem: number },
    done: (error: Error | null, key: Uint8Array) => void,
  ): void;
  function createCipheriv(algorithm: "aes-256-gcm", key: Uint8Array, nonce: Uint8Array): Cipher;
  interface Cipher {
    setAAD(data: Uint8Array): Cipher;
    update(data: Uint8Array): Uint8Array;
    final(): Uint8Array;
    getAuthTag(): Uint8Array;
  }
}

declare module "node:fs" {
  function readFileSync(path: string, encoding: "utf8"): string;
  function statSync(path: string): { mode: number };
  function writeFileSync(path: string, data: string, options: { mode: number; flag: "wx" }): void;
}

declare module "node:path" {
  function join(...parts: string[]): string;
}
