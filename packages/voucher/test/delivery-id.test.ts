import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPayload, toHex, writePayload } from "../src/codec.ts";
import { isDeliveryId } from "../src/index.ts";
import { array, bstr, join, NULL, tstr, uint } from "../vectors/generator/bytes.ts";
import { expectRefusal } from "./refuses.ts";
import { fromHex } from "./vector-files.ts";

const UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const BYTES = `50${UUID.replaceAll("-", "")}`;

const write = (deliveryId: string) =>
  writePayload({ deliveryId, expiresAt: 1, cti: new Uint8Array(8), phoneHash: null });
/** sub as it stands in the payload, in hex. */
const subOf = (deliveryId: string) => toHex(write(deliveryId)).slice(2, -2 * (1 + 9 + 1));
const text = (value: string) => toHex(tstr(value));
const read = (sub: Uint8Array) => readPayload(array(sub, uint(1), bstr(new Uint8Array(8)), NULL)).deliveryId;

describe("each ID has exactly one form", () => {
  test.each([
    [UUID, BYTES],
    ["00000000-0000-0000-0000-000000000000", `50${"00".repeat(16)}`],
    ["ffffffff-ffff-ffff-ffff-ffffffffffff", `50${"ff".repeat(16)}`],
    // another spelling is another ID
    [UUID.toUpperCase(), text(UUID.toUpperCase())],
    [UUID.replaceAll("-", ""), text(UUID.replaceAll("-", ""))],
    [`{${UUID}}`, text(`{${UUID}}`)],
    [`urn:uuid:${UUID}`, text(`urn:uuid:${UUID}`)],
    [UUID.replace("f", "g"), text(UUID.replace("f", "g"))],
    [UUID.replace("-", "_"), text(UUID.replace("-", "_"))],
    ["f81d4fae7-dec-11d0-a765-00a0c91e6bf6", text("f81d4fae7-dec-11d0-a765-00a0c91e6bf6")],
    ["RR123456785DE", text("RR123456785DE")],
    ["0123456789abcdef", text("0123456789abcdef")],
  ])("%s", (deliveryId, sub) => {
    expect(subOf(deliveryId)).toBe(sub);
    expect(read(fromHex(sub))).toBe(deliveryId);
  });

  test("no two IDs have one form, and none has two", () => {
    const id = fc.oneof(
      fc.uuid(),
      fc.uuid().map((uuid) => uuid.toUpperCase()),
      fc.stringMatching(/^[!-~]{1,64}$/),
      fc.stringMatching(/^[0-9a-f-]{36}$/),
    );
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(subOf(a) === subOf(b)).toBe(a === b);
        expect(read(fromHex(subOf(a)))).toBe(a);
      }),
      { numRuns: 2000 },
    );
  });

  test("a UUID's other form is refused, whichever it is", () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => void expectRefusal("malformed: payload", () => read(tstr(uuid)))));
  });

  test.each([0, 1, 15, 17, 32, 64])("a byte string of %i bytes is no ID", (length) => {
    expectRefusal("malformed: payload", () => read(bstr(new Uint8Array(length).fill(0x41))));
  });
});

describe("what may be an ID", () => {
  test.each(["A", "!", "~", "a".repeat(64), "\"'\\<>&%"])("%s", (value) => {
    expect(isDeliveryId(value)).toBe(true);
  });

  test.each([
    ["empty", ""],
    ["65 characters", "a".repeat(65)],
    ["space", "a b"],
    ["line feed", "ab\n"],
    ["DEL", "a\x7f"],
    ["NUL", "\0"],
    ["beyond ASCII", "Straße"],
    ["no text", 7],
    ["a list", ["A"]],
    ["bytes", join()],
  ])("not: %s", (_, value) => {
    expect(isDeliveryId(value)).toBe(false);
  });
});
