import { signVoucher } from "@doorproof/signer";
import { encodeBase45 } from "@doorproof/voucher/codec";
import QRCode from "qrcode";
import { bundle, type Engine, gzipped } from "./bundle.ts";
import { claims, key, now, signCose, signJwt, text, until } from "./given.ts";
import { printParts } from "./parts.ts";

/** What travels and what is loaded: characters in the QR code, bytes in the browser. */
export async function printSizes(): Promise<void> {
  await printCodes();
  await printBundles();
  await printParts(VOUCHER);
}

const UUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

async function printCodes(): Promise<void> {
  const tokens = {
    "Doorproof, delivery ID of 13 characters": text,
    "Doorproof, delivery ID a UUID": await signVoucher({ ...claims, deliveryId: UUID }, { key, until, now }),
    "the claims of the first as a JWT (jose)": await signJwt(),
    "the claims of the first as a COSE_Sign1, in base45": encodeBase45(await signCose()),
  };
  console.log("\nSize of a voucher in the QR code, error correction M");
  console.log(`  ${"".padEnd(58)}characters     modules  mode`);
  for (const [name, text] of Object.entries(tokens)) {
    // Base45 fits the alphanumeric mode; a JWT needs byte mode.
    const mode = /^[0-9A-Z $%*+\-./:]*$/.test(text) ? "alphanumeric" : "byte";
    const segment = mode === "byte" ? { data: Buffer.from(text), mode } : { data: text, mode };
    const { modules, version } = QRCode.create([segment as QRCode.QRCodeSegment], { errorCorrectionLevel: "M" });
    const shape = `${modules.size}x${modules.size}`.padStart(12);
    console.log(`  ${name.padEnd(58)}${String(text.length).padStart(10)}${shape}  ${mode}, version ${version}`);
  }
}

const VOUCHER = 'export { verifyVoucher, readJwksKeys } from "@doorproof/verifier";';

interface Door {
  readonly name: string;
  readonly source: string;
  readonly engine?: Engine;
}

/** What is loaded for one job. */
const DOORS: readonly Door[] = [
  { name: "Doorproof, verify a voucher: curve and hashes included, synchronous", source: VOUCHER },
  { name: "  the same with the platform's Ed25519 (node:crypto)", source: VOUCHER, engine: "node:crypto" },
  {
    name: "  with signed key lists and revocation lists",
    source: `${VOUCHER} export { openKeyList, openRevocations } from "@doorproof/verifier";`,
  },
  {
    name: "  with manifests and short codes",
    source: `${VOUCHER} export { openManifest, openShortCode } from "@doorproof/verifier";`,
  },
  { name: "  all of the verifier", source: 'export * from "@doorproof/verifier";' },
  {
    name: "jose, verify a JWT by a JWK: the browser's Ed25519, asynchronous",
    source: 'export { jwtVerify, importJWK } from "jose";',
  },
  {
    name: "paseto-ts, verify a v4.public: curve and hashes included, synchronous",
    source: 'export { verify } from "paseto-ts/v4";',
  },
  {
    name: "@auth0/cose, verify a COSE_Sign1: the browser's Ed25519, asynchronous",
    source: 'export { Sign1 } from "@auth0/cose";',
  },
];

async function printBundles(): Promise<void> {
  console.log("\nSize of a verifier in the browser, bundled by esbuild (kB = 1000 bytes)");
  console.log(`  ${"".padEnd(72)}minified     gzip -9`);
  for (const { name, source, engine } of DOORS) {
    const { code } = await bundle(source, engine);
    const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
    console.log(`  ${name.padEnd(70)}${kB(code.length).padStart(10)}${kB(gzipped(code)).padStart(12)}`);
  }
}
