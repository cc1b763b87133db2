import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openTerminal, type Terminal } from "../src/terminal.ts";

const TURNED = "Flat \u202e3\u2066";

test.each<[name: string, act: (terminal: Terminal) => unknown]>([
  ["what was asked for", (terminal) => terminal.print(TURNED)],
  ["as one object", (terminal) => terminal.print(JSON.stringify({ label: TURNED }))],
  ["talk", (terminal) => terminal.say(TURNED)],
  ["a hint", (terminal) => terminal.hint(TURNED)],
  ["how far it is", (terminal) => terminal.progress(TURNED)],
  ["what went wrong", (terminal) => terminal.fail(TURNED, TURNED)],
])("no character that turns the direction of text reaches a terminal: %s", async (_, act) => {
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  await act(openTerminal({ program: "doorproof-verify", stdout, stderr, environment: {} }));
  stdout.end();
  stderr.end();
  const said = (await text(stdout)) + (await text(stderr));
  expect(said).not.toMatch(/\p{Bidi_Control}/u);
  expect(said).toContain("Flat \\u202e3\\u2066");
});

test("a line of JSON is the same text to a program", async () => {
  const stdout = new PassThrough();
  const terminal = openTerminal({ program: "doorproof-verify", stdout, stderr: new PassThrough(), environment: {} });
  await terminal.print(JSON.stringify({ label: TURNED }));
  stdout.end();
  expect(JSON.parse(await text(stdout))).toEqual({ label: TURNED });
});
