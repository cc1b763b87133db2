import { PERMISSIONS } from "@doorproof/api/lists";
import type { InjectOptions } from "fastify";
import { expect, test } from "vitest";
import { createApiKey } from "../src/domain/access/create-api-key.ts";
import { hours, makeHttpWorld, ORDER } from "./http-world.ts";
import { BACK_OFFICE } from "./world.ts";

// docs/couriers.md over HTTP: whose key redeems what.

test("a courier's key redeems what was handed to them, at issue or by a list, and a phone's week is not theirs", async () => {
  const { app, deps, authorize } = await makeHttpWorld();
  const headers = await authorize(...PERMISSIONS);
  const ask = async (method: "PUT" | "POST", url: string, payload: object) => {
    const answer = await app.inject({ method, url, headers, payload } as InjectOptions);
    return { status: answer.statusCode, body: answer.json() };
  };
  const issue = async (deliveryId: string, change: object = {}) =>
    (await ask("POST", "/v1/vouchers", { ...ORDER, deliveryId, ...change })).body.voucher;
  const vouchers = [await issue("A", { courier: "Courier North" }), await issue("B"), await issue("C")];
  const handed = await ask("PUT", "/v1/couriers/Courier%20North/deliveries", { deliveries: ["B"] });
  expect(handed).toEqual({ status: 200, body: { courier: "Courier North", handed: 1, takenBack: 0 } });

  const key = { name: "north", permissions: ["redeem"], courier: "Courier North", expiresAt: null } as const;
  const { token } = await createApiKey(deps, key, BACK_OFFICE);
  const records = vouchers.map((voucher, index) => ({
    id: `0d5c8f1e-8f0b-4c86-9d65-0a4b5be1c2f${index}`,
    voucher,
    via: "scan",
    at: hours(0),
    takenBy: "recipient",
  }));
  const upload = { method: "POST", url: "/v1/redemptions", payload: { records } } as const;
  const answer = await app.inject({ ...upload, headers: { authorization: `Bearer ${token}` } });
  expect(answer.json().results.map(({ status, code }: { status: string; code?: string }) => code ?? status)).toEqual([
    "accepted",
    "accepted",
    "not-handed",
  ]);
});

test("what has no shape is 400, what cannot be done 422", async () => {
  const { app, authorize } = await makeHttpWorld();
  const headers = await authorize("routes");
  const told = async (courier: string, payload: object) => {
    const url = `/v1/couriers/${courier}/deliveries`;
    const answer = await app.inject({ method: "PUT", url, headers, payload });
    return [
      answer.statusCode,
      answer.json().errors.map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`),
    ];
  };
  expect(await told("north", {})).toEqual([400, ["/deliveries missing-field"]]);
  expect(await told("north", { deliveries: Array(501).fill("A") })).toEqual([400, ["/deliveries wrong-length"]]);
  expect(await told("north", { deliveries: [], courier: "south" })).toEqual([400, ["/courier unknown-field"]]);
  expect(await told("*", { deliveries: ["A"] })).toEqual([422, ["/courier courier"]]);
  expect(await told("north", { deliveries: ["A"] })).toEqual([422, ["/deliveries/0 unknown-delivery"]]);
});
