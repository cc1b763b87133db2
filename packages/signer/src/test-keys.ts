/** Public keys whose private halves are published: RFC 8032 section 7.1, and the keys of packages/voucher/vectors. */
const TEST_PUBLIC_KEYS: ReadonlySet<string> = new Set([
  // RFC 8032: TEST 1, 2, 3, 1024 and SHA(abc)
  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
  "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
  // packages/voucher/vectors/given.json
  "986c9f02af1369baa7b311148886e379a668255c25699601864d2fa396e70240", // root
  "45ed4fb90f17f66a8695054d362d54dab22f94992ba26b3c3b7e70652d2a2539", // nextRoot
  "aa5e1ea165cf82f55a4f7c8bad4313c9cb6ef399ebb8f96e41594b36df019b66", // voucher
  "37fa02afc1c29fad242ae7b363e1c3392b48ec99ae03626f3b121654eb2c0782", // brief
  "ed9dcb96f1fc6158bc46d3db1f6c61d743bc6a1479863a4a3d16fd180189eb54", // revoked
  "966a539b04cb4c7e5c4c5b726df696e85451cfed6f29c1649e51384337af4a1a", // document
  "e3c0a0619ea91b9146625f059686d52005de8070e03d1c9e7f474dc0e9ffc12c", // nextDocument
  "5c761d0538ebc0b5a92d3ed3ebd50d356fcf11a17103dacde9194a6212e00f52", // foreign
  "ae51b69ae92d1ca9de3fcf84d44652a201a8e33ff777bd2e0905551ca7930929", // twin
  "c436edd991bdaea928e9efb0940fdd668e8dc7db33f1a06853d1233a51451b55", // otherTwin
  "5984770cffe6aa71992202e06e3d074ad7dc91c3bdae6e30e579029f98eadf17", // soundTwin
]);

/**
 * Whether this is one of them, so that it can be refused: with a test key in production everybody could sign.
 * @param publicKey 32 bytes
 */
export function isTestKey(publicKey: Uint8Array): boolean {
  return TEST_PUBLIC_KEYS.has(Array.from(publicKey, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}
