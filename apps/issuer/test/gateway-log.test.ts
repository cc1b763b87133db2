import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { logGateway } from "../src/gateways/log.ts";
import { makeFolder, T0 } from "./world.ts";

const message = (id: string, text = `parcel ${id}`) => ({ id, to: "+447700900123", text });

function open() {
  const path = join(makeFolder(), "data", "outbox.ndjson");
  return { path, gateway: logGateway(path, { now: () => T0 }) };
}

test("nothing sent is an empty outbox", async () => {
  expect(await open().gateway.read()).toEqual([]);
});

test("what was sent is read back, newest first, line breaks and all, and by its owner alone", async () => {
  const { path, gateway } = open();
  await gateway.send(message("1"));
  await gateway.send(message("2", 'two\nlines, "quoted"'));
  const at = "2027-01-15T08:00:00.000Z";
  expect(await gateway.read()).toEqual([
    { ...message("2", 'two\nlines, "quoted"'), at },
    { ...message("1"), at },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a message that went out twice under one ID is shown once, and both times are in the file", async () => {
  const { path, gateway } = open();
  await gateway.send(message("1"));
  await gateway.send(message("1"));
  expect(await gateway.read()).toHaveLength(1);
  expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(2);
});

test("half a line, as a pulled plug leaves it, spoils no other", async () => {
  const { path, gateway } = open();
  await gateway.send(message("1"));
  appendFileSync(path, '{"id":"2","at":"2027');
  await gateway.send(message("3"));
  expect((await gateway.read()).map(({ id }) => id)).toEqual(["3", "1"]);
});

test("many at once keep their lines", async () => {
  const { gateway } = open();
  await Promise.all(Array.from({ length: 50 }, (_, i) => gateway.send(message(String(i), "x".repeat(500)))));
  expect(new Set((await gateway.read()).map(({ id }) => id)).size).toBe(50);
});

test("a file that cannot be written is a failed send, so that the outbox tries again", async () => {
  const gateway = logGateway("/dev/null/outbox.ndjson", { now: () => T0 });
  await expect(gateway.send(message("1"))).rejects.toMatchObject({ code: expect.stringMatching(/^(EEXIST|ENOTDIR)$/) });
});
