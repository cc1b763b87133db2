import { bundle, gzipped } from "./bundle.ts";

/** What a verifier of vouchers is made of: each module of its bundle belongs to the first part that names it. */
const PARTS: readonly { readonly name: string; readonly modules: RegExp }[] = [
  { name: "the curve: @noble/ed25519", modules: /@noble\/ed25519\// },
  { name: "SHA-512 and SHA-256: @noble/hashes", modules: /@noble\/hashes\/|voucher\/src\/sha256\.ts/ },
  { name: "the steps, and every verdict of docs/format.md", modules: /verifier\/src\/(verify|document)\.ts/ },
  { name: "payload reader, delivery IDs", modules: /voucher\/src\/(payload|delivery-id)\.ts/ },
  { name: "key sets: JWKS, kid", modules: /voucher\/src\/key(-set|s)\.ts|verifier\/src\/keys\.ts/ },
  { name: "signature check and key import rule", modules: /verifier\/src\/ed25519\.ts/ },
  { name: "voucher text: prefix, base45", modules: /voucher\/src\/(text|base45)\.ts/ },
  {
    name: "the voucher's bytes, and those that are signed",
    modules: /voucher\/src\/(voucher|sign1|bytes|cbor-head)\.ts/,
  },
  { name: "refusals", modules: /voucher\/src\/refusal\.ts/ },
  { name: "phone hash", modules: /voucher\/src\/(phone|typed)\.ts/ },
  { name: "search in revocations", modules: /voucher\/src\/revocations\.ts/ },
];

/**
 * What each part costs: its bytes in the bundle, and by how many bytes gzip's answer is shorter when they are cut out.
 */
export async function printParts(source: string): Promise<void> {
  const { code, modules } = await bundle(source);
  const pieces = cut(code, modules);
  const whole = gzipped(code);
  console.log("\nWhat the first of them is made of (bytes)");
  row("", "minified", "less gzip without it");
  for (const part of PARTS) {
    const own = pieces.filter(({ path }) => partOf(path) === part);
    if (own.length === 0) throw new Error(`no module of the bundle is "${part.name}"`);
    const rest = pieces.filter((piece) => !own.includes(piece));
    row(part.name, join(own).length, whole - gzipped(join(rest)));
  }
  row("the whole: more than its parts in gzip, because like parts shorten each other", code.length, whole);
}

interface Piece {
  readonly path: string;
  readonly text: string;
}

function cut(code: string, modules: readonly { path: string; bytes: number }[]): readonly Piece[] {
  let end = 0;
  const pieces = modules.map(({ path, bytes }) => {
    const begin = end;
    end += bytes;
    return { path, text: code.slice(begin, end) };
  });
  // A cut at the wrong place would count bytes of one part to another, and nobody would see it from the figures.
  if (!code.slice(end).startsWith("export{"))
    throw new Error("the modules of this bundle do not stand one after the other");
  const strange = pieces.find(({ path, text }) => text.length > 0 && !partOf(path));
  if (strange) throw new Error(`${strange.path} is in the bundle and in none of its parts`);
  return [...pieces, { path: "", text: code.slice(end) }];
}

function partOf(path: string): (typeof PARTS)[number] | undefined {
  return PARTS.find(({ modules }) => modules.test(path));
}

function join(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

function row(name: string, minified: number | string, gzip: number | string): void {
  console.log(`  ${name.padEnd(78)}${String(minified).padStart(10)}${String(gzip).padStart(24)}`);
}
