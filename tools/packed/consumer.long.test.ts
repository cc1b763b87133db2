import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answers, expectedAnswers } from "../../packages/verifier/test/answers.ts";
import { readVectors } from "../../packages/voucher/test/vector-files.ts";
import { readExamples } from "../check/example.ts";
import { ROOT } from "../check/tree.ts";
import { launchChromium } from "../chromium.ts";
import { askCommand, runCommand } from "./command.ts";
import { makeConsumers } from "./consumer.ts";
import { expectedSignings } from "./signings.ts";

// What a stranger gets: the packages from their tarballs, installed by npm, with nothing of this repository around
// them.

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;

const vectors = readVectors();
const expected = expectedAnswers(vectors);

const NODES = { "Node 20": join(ROOT, "node_modules", "node20", "bin", "node"), "this Node": process.execPath };

/** What the examples on the packages' own pages come to. */
const EXAMPLES = {
  voucher: /^QKDKSMDVDT\n3952\ncode-mistyped .+\n$/,
  verifier:
    /deliveryId: 'RR123456785DE',[\s\S]*notes: \[ 'keys-unsigned', 'no-revocations', 'assignment-not-checked' \]/,
  signer: /^DP1:[!-~ ]{150}\n[0-9A-Z]{5}-[0-9A-Z]{5}\n\{"issuer":"acme.example","keys":\[\{.*\}\]\}\n$/,
};

let base: string;
let folder: string;
let command: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "doorproof-consumer-"));
  folder = join(base, "libraries");
  command = join(base, "command");
  await makeConsumers({ libraries: folder, command });
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function installed(place: string): Promise<Readonly<Record<string, { hasInstallScript?: boolean }>>> {
  return JSON.parse(await readFile(join(place, "node_modules", ".package-lock.json"), "utf8")).packages;
}

test("nothing is installed that could run by itself, or be native", async () => {
  const packages = await installed(folder);
  expect(Object.keys(packages).sort()).toEqual(
    [
      "@doorproof/signer",
      "@doorproof/verifier",
      "@doorproof/voucher",
      "@noble/ed25519",
      "@noble/hashes",
      "base45",
      "cbor-x",
    ].map((name) => `node_modules/${name}`),
  );
  expect(Object.values(packages).filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
});

test("with doorproof-verify comes nothing that signs, and nothing that could run by itself", async () => {
  const packages = await installed(command);
  expect(Object.keys(packages).filter((name) => name.includes("@doorproof/"))).toEqual(
    ["@doorproof/verifier", "@doorproof/verify", "@doorproof/voucher"].map((name) => `node_modules/${name}`),
  );
  expect(Object.values(packages).filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
});

describe.each(Object.entries(NODES))("%s", (_, node) => {
  const inFolder = (...args: string[]) => run(node, args, { cwd: folder, maxBuffer });

  test("gives every vector its verdict, and signs, derives and seals the same bytes", async () => {
    const { stdout } = await inFolder("vectors.mjs", "node_modules/@doorproof/voucher/vectors");
    expect(JSON.parse(stdout)).toEqual({ ...expected, ...expectedSignings(vectors) });
  });

  test.each(Object.entries(EXAMPLES))("runs the example on the page of %s", async (name, says) => {
    await writeFile(join(folder, `${name}.mjs`), await exampleOf(name));
    const { stdout } = await inFolder(`${name}.mjs`);
    expect(stdout).toMatch(says);
  });

  test("doorproof-verify tells its version, and says of a vector what it is", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "apps", "verify", "package.json"), "utf8"));
    expect(await runCommand(node, command, ["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(await askCommand(node, command)).toMatchObject({
      valid: { code: 0, stdout: expect.stringContaining('"ok":true') },
      refused: { code: 1, stdout: expect.stringContaining('"code":"bad-signature"') },
    });
  });

  // Past a block of 32 KiB the lines go to threads, whose file lies elsewhere in a package than here.
  test("doorproof-verify judges many lines on every core", async () => {
    const lines = `${"DP1:".padEnd(230, "0")}\n`.repeat(1_000);
    const script = `'${node}' node_modules/.bin/doorproof-verify verify - --keys jwks.json < lines | sort | uniq -c`;
    await writeFile(join(command, "lines"), lines);
    const { stdout, stderr } = await run("sh", ["-c", script], { cwd: command });
    expect(stderr).toMatch(/^doorproof-verify: 1,000 vouchers/);
    expect(stdout).toMatch(/^ *1000 refused/);
  });

  test("runs the example on the page of verify", async () => {
    const env = { PATH: [join(command, "node_modules", ".bin"), dirname(node), process.env["PATH"]].join(delimiter) };
    const { stdout } = await run("sh", ["-eu", "-c", await exampleOf("verify", command)], { cwd: command, env });
    expect(stdout).toMatch(/^valid {6}RR123456785DE /);
  });

  test("takes the packages from CommonJS as well", async () => {
    const program = 'console.log(typeof require("@doorproof/verifier").verifyVoucher)';
    const { stdout } = await inFolder("--input-type=commonjs", "--eval", program);
    expect(stdout).toBe("function\n");
  });
});

test("Chromium gives every vector its verdict", async () => {
  const page = `<!doctype html><title>vectors</title><script type="module">
    import worker from "/worker.mjs";
    globalThis.answer = async (body) => (await worker.fetch(new Request("/", { method: "POST", body }))).json();
  </script>`;
  const worker = await readFile(join(folder, "worker.mjs"), "utf8");
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    // localhost counts as secure, so the page has WebCrypto. Nothing listens there: the route answers.
    await tab.route("http://localhost/**", (route) =>
      route.request().url().endsWith("/worker.mjs")
        ? route.fulfill({ contentType: "text/javascript", body: worker })
        : route.fulfill({ contentType: "text/html", body: page }),
    );
    await tab.goto("http://localhost/");
    const ask = (body: string) => (globalThis as unknown as { answer(body: string): Promise<Answers> }).answer(body);
    expect(await tab.evaluate(ask, JSON.stringify(vectors))).toEqual(expected);
  } finally {
    await browser.close();
  }
});

describe("compiles for whoever has neither Node's types nor the DOM's", () => {
  const program = `
    import { type KeySet, readJwksKeys, type Scrypt, type ValidVoucher, verifyVoucher } from "@doorproof/verifier";
    import { type Claims, Refusal, readText } from "@doorproof/voucher";
    import { signVoucher, type SigningKey } from "@doorproof/signer";

    const keys: KeySet = readJwksKeys({ keys: [] }, { issuer: "acme.example" });
    export const valid: ValidVoucher = verifyVoucher("DP1:", { keys, now: 0, delivery: null });
    export const bytes: Uint8Array = readText("DP1:");
    export const scrypt: Scrypt = async ({ salt }) => salt;
    export const step = (error: unknown) => (Refusal.is(error, "malformed") ? error.facts.step : null);
    export const sign = (claims: Claims, key: SigningKey): Promise<string> => signVoucher(claims, { key, until: 2, now: 1 });
  `;
  const compile = async (options: object, text: string) => {
    // Unless libraries are checked, the declarations themselves are not looked at.
    const careful = { target: "es2022", lib: ["es2022"], types: [], strict: true, noEmit: true, skipLibCheck: false };
    const compilerOptions = { ...careful, ...options };
    await writeFile(join(folder, "program.ts"), text);
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    const compiler = join(ROOT, "node_modules", ".bin", "tsc");
    return run(compiler, ["-p", "."], { cwd: folder }).then(
      () => "",
      ({ stdout }: { stdout: string }) => stdout,
    );
  };

  test.each([{ module: "nodenext" }, { module: "esnext", moduleResolution: "bundler" }])("%o", async (options) => {
    expect(await compile(options, program)).toBe("");
    // The same program with a mistake, to show that mistakes are found.
    expect(await compile(options, program.replace("now: 0,", ""))).toContain("'now' is missing");
  });

  // They log and make a folder for keys, which needs Node's types.
  test.each(Object.keys(EXAMPLES))("the example on the page of %s, with Node's types", async (name) => {
    const types = { types: ["node"], typeRoots: [join(ROOT, "node_modules", "@types")], skipLibCheck: true };
    expect(await compile({ module: "nodenext", ...types }, await exampleOf(name))).toBe("");
  });
});

async function exampleOf(name: string, place: string = folder): Promise<string> {
  const page = await readFile(join(place, "node_modules", "@doorproof", name, "README.md"), "utf8");
  const [example] = readExamples(page);
  return example?.code ?? "";
}
