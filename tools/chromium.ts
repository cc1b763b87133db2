import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { PATIENCE } from "./patience.ts";

/**
 * A real Chromium for the browser tests: `CHROMIUM_PATH`, else Debian's, else the one that npm brings.
 *
 * @param args further command line arguments, such as for a fake camera. Never the list that the npm package offers: it
 * turns web security off, and tests of the content security policy would pass whatever it says
 */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const { executablePath, env } = await found();
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: ["--no-sandbox", ...args],
    timeout: PATIENCE,
  });
  // A page waits for what it waits for; playwright's own half minute is over too soon on a loaded machine.
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE);
    return context;
  };
  return browser;
}

type Executable = { executablePath: string; env: Record<string, string> };

// Once a process, because unpacking changes the environment for a while.
let search: Promise<Executable> | undefined;

function found(): Promise<Executable> {
  search ??= (async () => installed() ?? (await unpacked()))();
  return search;
}

function installed(): Executable | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return { executablePath: named, env: {} };
  const debian = "/usr/bin/chromium";
  return existsSync(debian) ? { executablePath: debian, env: {} } : undefined;
}

/**
 * The package unpacks itself into the temporary folder and takes whatever lies there for its own, of any version and
 * half written. So each version gets a folder, filled beside it and renamed into place: test files run in several
 * processes.
 */
async function unpacked(): Promise<Executable> {
  const manifest = new URL("../package.json", import.meta.resolve("@sparticuz/chromium"));
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const home = join(tmpdir(), `doorproof-chromium-${version}`);
  if (!existsSync(home)) await unpackInto(home);
  return {
    executablePath: join(home, "chromium"),
    env: { LD_LIBRARY_PATH: join(home, "al2023", "lib"), FONTCONFIG_PATH: join(home, "fonts") },
  };
}

async function unpackInto(home: string): Promise<void> {
  const draft = await mkdtemp(`${home}-`);
  const before = { ...process.env };
  try {
    process.env.TMPDIR = draft;
    // It brings the libraries that a bare machine lacks (libnspr4 first), and unpacks them only where it believes to be
    // on Lambda.
    process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
    const { default: npmChromium } = await import("@sparticuz/chromium");
    await npmChromium.executablePath();
  } finally {
    restore("TMPDIR", "AWS_EXECUTION_ENV", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "HOME");
  }
  await writeFonts(draft, home);
  try {
    await rename(draft, home);
  } catch (error) {
    // Another process was faster: its copy is the same.
    if (!existsSync(home)) throw error;
    await rm(draft, { recursive: true });
  }

  function restore(...names: string[]): void {
    for (const name of names) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

// The list inside the package names folders of Lambda; without this a machine that has no fonts draws pages without
// letters.
async function writeFonts(draft: string, home: string): Promise<void> {
  await mkdir(join(draft, "fonts"), { recursive: true });
  const folders = [join(home, "fonts"), "/usr/share/fonts"].map((folder) => `<dir>${folder}</dir>`).join("");
  const list = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders}<cachedir>${join(home, "fonts-cache")}</cachedir></fontconfig>\n`;
  await writeFile(join(draft, "fonts", "fonts.conf"), list);
}
