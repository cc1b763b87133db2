// What this room needs from a platform and the ES library does not name. Node 20, browsers, Deno, Bun and Workers have
// it.

declare function atob(base64: string): string;
declare function btoa(binary: string): string;

/**
 * The package has no types; of its two functions we use one (its decoder accepts all of 25 malformed strings tried).
 */
declare module "base45" {
  const base45: { encode(bytes: Uint8Array): string };
  export default base45;
}
