import type { DocumentCase } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, head, join, tstr, utf8 } from "./bytes.ts";
import { reading } from "./document-case.ts";
import { KEYS, manifestPayload, revocationPayload } from "./given.ts";
import { bytesToSign, document, protectedHeader, signature } from "./make.ts";

// What surrounds the payload is compared with constants: other CBOR of the same meaning is no document of ours.

export function documentFrames(): DocumentCase[] {
  const { kid } = KEYS.document;
  const payload = revocationPayload();
  const header = protectedHeader("revocations", kid);
  const signed = signature(KEYS.document, bytesToSign("revocations", kid, payload));
  const good = document("revocations", payload, KEYS.document);
  const tag = fromHex("d2");
  const empty = fromHex("a0");
  const frame = (name: string, bytes: Bytes): DocumentCase => reading("revocations", name, bytes, "malformed: frame");
  const sign1 = (...items: Bytes[]): Bytes => join(tag, array(...items));
  const under = (other: Bytes): Bytes =>
    sign1(
      bstr(other),
      empty,
      bstr(payload),
      bstr(signature(KEYS.document, array(tstr("Signature1"), bstr(other), fromHex("40"), bstr(payload)))),
    );
  const flipped = (name: string, at: number): DocumentCase => {
    const bytes = Uint8Array.from(good);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return reading("revocations", name, bytes, "bad-signature");
  };
  // The signature is over the constants, so that a reader which does not look at this byte finds it good.
  const altered = (name: string, at: number): DocumentCase => {
    const bytes = Uint8Array.from(good);
    const from = at < 0 ? bytes.length + at : at;
    bytes[from] = (bytes[from] ?? 0) ^ 1;
    return frame(`altered: ${name}`, bytes);
  };
  const payloadAt = 4 + header.length + 1;
  const long = join(head(2, payload.length, payload.length > 255 ? 4 : 2), payload);

  return [
    frame("nothing", new Uint8Array(0)),
    frame("one byte", tag),
    frame("the tag and the array alone", good.subarray(0, 4)),
    frame("all but the payload and the signature", good.subarray(0, 4 + header.length + 1)),
    frame("all but the signature", good.subarray(0, -66)),
    frame("a signature cut short", good.subarray(0, -1)),
    frame("a byte after it", join(good, Uint8Array.of(0))),
    frame("a byte before it", join(Uint8Array.of(0), good)),
    frame("two documents", join(good, good)),
    frame("no tag", good.subarray(1)),
    frame("the tag of a COSE_Sign", join(fromHex("d862"), good.subarray(1))),
    frame("the tag of a CWT before its own", join(fromHex("d83d"), good)),
    frame("its own tag twice", join(tag, good)),
    frame("a tag in a head longer than needed", join(fromHex("d812"), good.subarray(1))),
    frame("three items", sign1(bstr(header), bstr(payload), bstr(signed))),
    frame("five items", sign1(bstr(header), empty, bstr(payload), bstr(signed), empty)),
    frame(
      "a COSE_Sign1 of indefinite length",
      join(tag, fromHex("9f"), bstr(header), empty, bstr(payload), bstr(signed), fromHex("ff")),
    ),
    frame(
      "an algorithm in the unprotected header",
      sign1(bstr(header), fromHex("a10127"), bstr(payload), bstr(signed)),
    ),
    frame(
      "a kid in the unprotected header",
      sign1(bstr(header), join(fromHex("a104"), bstr(kid)), bstr(payload), bstr(signed)),
    ),
    frame("a detached payload", sign1(bstr(header), empty, fromHex("f6"), bstr(signed))),
    frame("a payload in text", sign1(bstr(header), empty, tstr("revocations"), bstr(signed))),
    frame("a payload whose head is longer than needed", sign1(bstr(header), empty, long, bstr(signed))),
    frame(
      "a payload in pieces",
      sign1(bstr(header), empty, join(fromHex("5f"), bstr(payload), fromHex("ff")), bstr(signed)),
    ),
    frame("a signature of 65 bytes", sign1(bstr(header), empty, bstr(payload), bstr(join(signed, Uint8Array.of(0))))),
    frame("a signature in text", sign1(bstr(header), empty, bstr(payload), join(head(3, 64), new Uint8Array(64)))),
    frame(
      "another algorithm, signed",
      under(join(fromHex("a3012604"), bstr(kid), fromHex("10"), tstr("application/vnd.doorproof.revocations+cbor"))),
    ),
    frame(
      "a kid of 3 bytes, signed",
      under(
        join(
          fromHex("a3012704"),
          bstr(kid.subarray(1)),
          fromHex("10"),
          tstr("application/vnd.doorproof.revocations+cbor"),
        ),
      ),
    ),
    frame("no typ, signed", under(join(fromHex("a2012704"), bstr(kid)))),
    frame(
      "a typ in another case, signed",
      under(join(fromHex("a3012704"), bstr(kid), fromHex("10"), tstr("Application/vnd.doorproof.revocations+cbor"))),
    ),
    frame(
      "a critical header beside the others, signed",
      under(
        join(
          fromHex("a4012702811010"),
          fromHex("04"),
          bstr(kid),
          fromHex("10"),
          tstr("application/vnd.doorproof.revocations+cbor"),
        ),
      ),
    ),
    altered("the tag", 0),
    altered("how many items", 1),
    altered("the head of the protected header", 2),
    altered("the protected header's length", 3),
    altered("how many members the header has", 4),
    altered("the label of the algorithm", 5),
    altered("the algorithm", 6),
    altered("the label of the kid", 7),
    altered("the kid's length", 8),
    altered("the label of the typ", 13),
    altered("the head of the typ", 14),
    altered("the typ's length", 15),
    altered("the typ's first character", 16),
    altered("the typ's last character", payloadAt - 2),
    altered("the unprotected header", payloadAt - 1),
    altered("the head of the payload", payloadAt),
    altered("the payload's length", payloadAt + 1),
    altered("the head of the signature", -66),
    altered("the signature's length", -65),
    frame("JSON", utf8('{"issuer":"doorproof-test"}')),
    frame("a page of a captive portal", utf8("<!doctype html><title>Sign in</title>")),

    flipped("a bit of the payload flipped", good.length - 80),
    flipped("a bit of R flipped", good.length - 60),
    flipped("a bit of S flipped", good.length - 20),
    reading(
      "manifest",
      "another payload under a good signature",
      join(
        document("manifest", manifestPayload({ version: 13 }), KEYS.document).subarray(0, -64),
        document("manifest", manifestPayload(), KEYS.document).subarray(-64),
      ),
      "bad-signature",
    ),
  ];
}
