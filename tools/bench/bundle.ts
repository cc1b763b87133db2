import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Whose Ed25519: the curve that a browser loads, or node:crypto, which the "node" condition chooses. */
export type Engine = "noble" | "node:crypto";

export interface Bundle {
  readonly code: string;
  /** How many bytes of the code each module takes: in the order in which they stand there, without gaps. */
  readonly modules: readonly { readonly path: string; readonly bytes: number }[];
}

/** An entry as a bundler makes it for a browser, minified. */
export async function bundle(source: string, engine: Engine = "noble"): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    platform: "browser",
    conditions: engine === "noble" ? ["module"] : ["node", "module"],
    external: ["node:*"],
    legalComments: "none",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return {
    code: outputFiles[0]?.text ?? "",
    modules: inputs.map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput })),
  };
}

/** Bytes, as `gzip -9` makes them. */
export function gzipped(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
