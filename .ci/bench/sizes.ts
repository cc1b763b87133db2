import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import QRCode from "qrcode";

/** What a browser would load for one job, as a bundler makes it. */
const BUNDLES = [
  {
    name: "Doorproof: verify a voucher, noble included, synchronous",
    source: `export { verifyVoucher, readJwksKeys } from "@doorproof/verifier";`,
  },
  { name: "Doorproof: all of the verifier, manifests and lists too", source: `export * from "@doorproof/verifier";` },
  {
    name: "jose: jwtVerify and importJWK, the browser's Ed25519",
    source: `export { jwtVerify, importJWK } from "jose";`,
  },
  { name: "@auth0/cose: Sign1, the browser's Ed25519", source: `export { Sign1 } from "@auth0/cose";` },
];

export async function printSizes(tokens: readonly { name: string; text: string }[]): Promise<void> {
  console.log("\nSize in the QR code, error correction M");
  for (const { name, text } of tokens) {
    // Base45 fits the alphanumeric mode; a JWT needs byte mode.
    const mode = /^[0-9A-Z $%*+\-./:]*$/.test(text) ? "alphanumeric" : "byte";
    const segment = mode === "byte" ? { data: Buffer.from(text), mode } : { data: text, mode };
    const { modules, version } = QRCode.create([segment as QRCode.QRCodeSegment], { errorCorrectionLevel: "M" });
    const shape = `version ${version}, ${modules.size}x${modules.size}`;
    console.log(`  ${name.padEnd(58)}${String(text.length).padStart(8)} characters  ${mode}, ${shape}`);
  }
  console.log("\nSize in the browser, minified and gzipped");
  for (const { name, source } of BUNDLES) {
    const stdin = { contents: source, resolveDir: import.meta.dirname };
    const { outputFiles } = await build({
      stdin,
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      legalComments: "none",
      write: false,
    });
    const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
    console.log(`  ${name.padEnd(58)}${(bytes / 1000).toFixed(1).padStart(8)} kB`);
  }
}
