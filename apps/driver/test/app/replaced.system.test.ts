import { expect, test } from "vitest";
import { press } from "../fixtures/drive-app.ts";
import { accept, issuer, newDevice, shift } from "../fixtures/faulty-shift.ts";
import { ledger } from "../fixtures/ledger-rows.ts";

// Green outlives the phone (docs/format.md section 7), with the app as built and the real issuer: replaced, lost and found,
// enrolled again for another route.

/** Accepts a delivery without signal. @returns the name of the device that did */
async function acceptOffline(): Promise<string> {
  const { device } = await issuer.route(shift.route);
  await shift.context.setOffline(true);
  await accept(shift.one, "Door A");
  if (!device) throw new Error("the route has no device");
  return device.id;
}

async function answered(): Promise<void> {
  await expect.poll(async () => (await ledger(shift.page)).redemptions.every(({ answer }) => answer)).toBe(true);
}

async function told() {
  const { redemptions } = await ledger(shift.page);
  const atIssuer = (await issuer.redemptions()).filter(({ deliveryId }) => deliveryId === shift.one.deliveryId);
  expect(atIssuer.map(({ id }) => id)).toEqual(redemptions.map(({ id }) => id));
  expect(atIssuer.map(({ status }) => status)).toEqual(redemptions.map(({ answer }) => answer?.status));
  return atIssuer.map(({ status, code, reporter }) => ({ status, code, reporter }));
}

test("a phone that was replaced sends what it did before, and says how it stands", async () => {
  const device = await acceptOffline();
  const next = await newDevice(shift.route, 2);
  await shift.context.setOffline(false);
  await answered();
  expect(await told()).toEqual([{ status: "accepted", code: null, reporter: `device:${device}` }]);
  await shift.page.locator(".facts", { hasText: "Device withdrawn" }).click();
  await shift.page.getByText(/^This phone was replaced or withdrawn\. For seven days/).waitFor();
  await next.context.close();
});

test("what a lost phone did is kept for a person, and the phone that was found shows it", async () => {
  const device = await acceptOffline();
  await issuer.run("device", "revoke", device);
  await shift.context.setOffline(false);
  await answered();
  const reporter = `device:${device}`;
  expect(await told()).toEqual([{ status: "conflict", code: "reported-after-revocation", reporter }]);
  await press(shift.page, "Log");
  await shift.page.getByText("Conflict: tell your dispatcher").waitFor();
});

test("a phone that is enrolled for another route tells what it did on the former under its former name", async () => {
  const device = await acceptOffline();
  const route = `${shift.route}-other`;
  await issuer.putStops(route, [shift.two.deliveryId], true);
  await issuer.sealed(route);
  const link = await issuer.enrolment(route);
  await shift.context.setOffline(false);
  await shift.page.goto(link);
  await press(shift.page, "Take this route");
  await answered();
  expect(await told()).toEqual([{ status: "accepted", code: null, reporter: `device:${device}` }]);
});
