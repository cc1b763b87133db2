import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import helmet from "@fastify/helmet";
import { type FastifyInstance, fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { driverRoutes } from "../src/http/open/driver.ts";

let app: FastifyInstance;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doorproof-driver-"));
  await mkdir(join(folder, "dist", "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "beside the app");
  for (const name of ["index.html", "sw.js", "manifest.webmanifest", "icon.svg", ".hidden"])
    await writeFile(join(folder, "dist", name), name);
  for (const name of ["index-a1b2c3d4.js", "reader-a1b2c3d4.wasm", "reader-a1b2c3d4.wasm.br"])
    await writeFile(join(folder, "dist", "assets", name), name);
  app = fastify();
  // As app.ts has it: its policy forbids everything, and must give way here alone.
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  await app.register(driverRoutes, { folder: join(folder, "dist") });
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const KEEP = "public, max-age=31536000, immutable";

describe("the driver's app", () => {
  test.each([
    ["/driver/", "text/html", "no-cache"],
    ["/driver/index.html", "text/html", "no-cache"],
    ["/driver/sw.js", "javascript", "no-cache"],
    ["/driver/manifest.webmanifest", "application/manifest+json", "no-cache"],
    ["/driver/icon.svg", "image/svg+xml", "no-cache"],
    ["/driver/assets/index-a1b2c3d4.js", "javascript", KEEP],
    ["/driver/assets/reader-a1b2c3d4.wasm", "application/wasm", KEEP],
  ])("%s: type, cache and policy", async (url, type, cache) => {
    const { statusCode, headers } = await app.inject(url);
    expect(statusCode).toBe(200);
    expect(headers["content-type"]).toContain(type);
    expect(headers["cache-control"]).toBe(cache);
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self';.* frame-ancestors 'none'$/,
    );
  });

  test("what was compressed at build time goes out compressed", async () => {
    const answer = await app.inject({
      url: "/driver/assets/reader-a1b2c3d4.wasm",
      headers: { "accept-encoding": "br" },
    });
    expect(answer.headers["content-encoding"]).toBe("br");
    expect(answer.headers["content-type"]).toBe("application/wasm");
    expect(answer.headers["cache-control"]).toBe(KEEP);
    expect(answer.body).toBe("reader-a1b2c3d4.wasm.br");
  });

  test("an unchanged file is not sent twice", async () => {
    const { headers } = await app.inject("/driver/sw.js");
    const again = await app.inject({ url: "/driver/sw.js", headers: { "if-none-match": String(headers.etag) } });
    expect(again.statusCode).toBe(304);
  });

  test("without the last slash it leads to the app", async () => {
    const { statusCode, headers } = await app.inject("/driver");
    expect([statusCode, headers.location]).toEqual([308, "/driver/"]);
  });

  test.each([
    "/driver/..%2fsecret.txt",
    "/driver/%2e%2e/secret.txt",
    "/driver/.hidden",
    "/driver/none.js",
    "/driver/assets/",
  ])("%s: not served", async (url) => {
    const { statusCode, body } = await app.inject(url);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain("beside the app");
  });
});
