import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/**
 * Puts script, style, workers and the reader's wasm into one file, for use without a server. Its content security
 * policy names script and style by their hashes, and allows nothing else, no connection either.
 */
export function singleFile(): Plugin[] {
  return [inlineWorkers(), inlineAll()];
}

// A worker cannot be fetched here: it becomes a string, and is started from a blob.
function inlineWorkers(): Plugin {
  return {
    name: "inline-workers",
    enforce: "pre",
    transform(code) {
      const imports: string[] = [];
      const inlined = code.replace(STARTED_WORKER, (_, file: string) => {
        const name = `InlineWorker${imports.length}`;
        imports.push(`import ${name} from ${JSON.stringify(`${file}?worker&inline`)};\n`);
        return `new ${name}()`;
      });
      return imports.length === 0 ? null : { code: imports.join("") + inlined, map: null };
    },
  };
}

const STARTED_WORKER = /new Worker\(new URL\("(\.\/[\w.-]+\.worker\.ts)", import\.meta\.url\), \{ type: "module" \}\)/g;

function inlineAll(): Plugin {
  return {
    name: "inline-all",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const scripts = files.flatMap((file) => (file.type === "chunk" ? [file.code] : []));
      const assets = files.flatMap((file) => (file.type === "asset" ? [file] : []));
      const styles = assets.filter(({ fileName }) => fileName.endsWith(".css"));
      const [page, ...others] = assets.filter((asset) => !styles.includes(asset));
      const [script] = scripts;
      if (!page || script === undefined || scripts.length !== 1 || others.length > 0)
        throw new Error(`not one file: ${files.map(({ fileName }) => fileName).join(", ")}`);
      for (const { fileName } of files) if (fileName !== page.fileName) delete bundle[fileName];
      page.source = writePage(String(page.source), script, styles.map(({ source }) => String(source)).join(""));
    },
  };
}

function writePage(html: string, code: string, style: string): string {
  // The script must not hold text that ends its element or changes how it is parsed.
  const script = code.replaceAll("</script", "<\\/script");
  if (/<!--|<script/i.test(script)) throw new Error("the script cannot stand inside a page");
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    "worker-src blob:",
    "img-src blob: data:",
    "media-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const head = `<meta http-equiv="content-security-policy" content="${policy}" />`;
  return html
    .replace(/\s*<link\b[^>]*>/g, "")
    .replace(/\s*<script\b[^>]*><\/script>/g, "")
    .replace(/(<meta charset="utf-8" \/>)/, () => `<meta charset="utf-8" />\n    ${head}`)
    .replace("</head>", () => `  <style>${style}</style>\n  </head>`)
    .replace(
      "</body>",
      () =>
        `  <script type="application/json" id="published"></script>\n    <script type="module">${script}</script>\n  </body>`,
    );
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
