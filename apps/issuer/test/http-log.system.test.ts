import { PERMISSIONS } from "@doorproof/api/lists";
import { expect, test } from "vitest";
import { createLogger } from "../src/logger.ts";
import { hours, makeHttpWorld, ORDER, PUBLIC_URL } from "./http-world.ts";
import { sendAll } from "./world.ts";

test("the log of a run holds no code, token, phone number, voucher or key, at the finest level", async () => {
  const { app, call, authorize, deps, gateway, log } = await makeHttpWorld();
  const { authorization } = await authorize(...PERMISSIONS);
  const { voucher, shortCode, link } = (await call("POST", "/v1/vouchers", ORDER, { authorization })).json();
  const token = link.slice(`${PUBLIC_URL}/v/`.length);
  await sendAll(deps, gateway);
  for (const url of [
    `/v/${token}`,
    `/v/${token}/qr.svg`,
    `/v/${token}/nothing`,
    `/v/${token}?code=${shortCode}`,
    `/v/%zz${token}`,
  ])
    await app.inject(url);
  // People and programs send things to the wrong place.
  await call("GET", `/v1/vouchers/${encodeURIComponent(voucher)}`);
  await call("GET", `/v1/${shortCode}?phone=${encodeURIComponent(ORDER.phone)}`);
  await call("POST", "/v1/vouchers", { ...ORDER, phone: { number: ORDER.phone }, [ORDER.phone]: shortCode });
  await call("POST", "/v1/vouchers", { ...ORDER, phone: "+447700900124" });
  const record = {
    id: "0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f1",
    voucher,
    via: "code",
    at: hours(0),
    takenBy: "recipient",
    name: "Ms Doe",
  };
  await call("POST", "/v1/redemptions", { records: [record, { ...record, code: shortCode }] });
  await app.inject({
    url: `/v1/vouchers?key=${authorization.slice(7)}`,
    headers: { authorization: `${authorization}x` },
  });

  const text = log.join("");
  expect(log.length).toBeGreaterThanOrEqual(10);
  const secrets = [
    voucher,
    voucher.slice(4, 40),
    shortCode,
    shortCode.replace("-", ""),
    token,
    ORDER.phone,
    ORDER.phone.slice(1),
    authorization.slice(7),
    "Ms Doe",
  ];
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), secret.toLowerCase(), Buffer.from(secret).toString("hex")])
      expect(text).not.toContain(form);
  }
});

test("the search finds what is not redacted", () => {
  const log: string[] = [];
  createLogger({ level: "info", destination: { write: (line) => void log.push(line) } }).info(
    { delivery: "RR123456785DE" },
    "issued",
  );
  expect(log.join("")).toContain("RR123456785DE");
});

test.each([
  [
    "a field that is known to hold one",
    { phone: "+447700900123", nested: { phone: "+447700900123", deep: { token: "abc-secret" } } },
    "ok",
  ],
  ["a header", { headers: { authorization: "Bearer dpk_abc-secret" } }, "ok"],
  ["an error's message", { err: new Error("no such row: /v/abc-secret, +44 7700 900123, 7KQ4M-2XN8P") }, "ok"],
  ["an error's cause", { err: new Error("outer", { cause: new Error("dpk_abc-secret") }) }, "ok"],
  [
    "an error's own fields",
    { err: Object.assign(new Error("parse"), { rawPacket: Buffer.from("dpk_abc-secret"), params: ["+447700900123"] }) },
    "ok",
  ],
  ["the message itself", {}, "sent DP1:KB49M$O9H to +447700900123, see http://x/v/abc-secret"],
])("%s is redacted", (_name, fields, message) => {
  const log: string[] = [];
  createLogger({ level: "info", destination: { write: (line) => void log.push(line) } }).info(fields, message);
  expect(log).toHaveLength(1);
  expect(log.join("")).not.toMatch(/abc-secret|7700|7KQ4M|KB49M/);
});
