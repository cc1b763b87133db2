import type { DocumentCase } from "../schema.ts";
import { type Bytes, bstr, fromHex } from "./bytes.ts";
import { accepted, refused } from "./document-case.ts";
import { HOUR, type ManifestFields, manifestPayload, NOW, STOP_ITEMS } from "./given.ts";
import { packed } from "./make.ts";

// A route's manifest, at its edges; its stops are in documents-stops.ts.

export function manifests(): DocumentCase[] {
  const AS_MADE = { version: 12, issuedAt: NOW - HOUR / 4 };
  const taken = (name: string, fields: ManifestFields): DocumentCase =>
    accepted("manifest", name, manifestPayload(fields), AS_MADE, { route: fields.route ?? "route-7" });
  const no = (name: string, fields: ManifestFields): DocumentCase => refused("manifest", name, manifestPayload(fields));

  return [
    taken("no stop", { stops: [] }),
    taken("nothing revoked", { revoked: packed() }),
    taken("it ends before it was made", { exp: NOW - HOUR }),
    taken("it ends in 1970", { exp: 0 }),
    taken("logN 16", { logN: 16 }),
    taken("logN 17", { logN: 17 }),
    taken("a country of one digit", { country: "1" }),
    taken("a country of three digits", { country: "999" }),
    taken("a route of one character", { route: "!" }),
    taken("a route of 64 characters, some of them spaces", { route: `~${"  route".repeat(9).slice(0, 62)}~` }),
    no("logN 14: a cheaper search", { logN: 14 }),
    no("logN 18: more memory than a phone has", { logN: 18 }),
    no("logN 0", { logN: 0 }),
    no("a delivery twice", { stops: [...STOP_ITEMS, ...STOP_ITEMS.slice(0, 1)] }),
    no("a country with a plus", { country: "+44" }),
    no("a country with a leading zero", { country: "044" }),
    no("a country of four digits", { country: "4444" }),
    no("no digit for a country", { country: "" }),
    no("a country by its letters", { country: "GB" }),
    no("a country with a letter", { country: "4a" }),
    no("a country with a line feed", { country: "44\n" }),
    no("a country in digits beyond ASCII", { country: "4٤" }),
    no("a route without a name", { route: "" }),
    no("a route's name of 65 characters", { route: "r".repeat(65) }),
    no("a route's name that begins with a space", { route: " route-7" }),
    no("a route's name that ends in a space", { route: "route-7 " }),
    no("a route's name with a line feed at its end", { route: "route-7\n" }),
    no("a route's name with a letter beyond ASCII", { route: "Straße 7" }),
    taken("2,000 revoked ctis", { revoked: ctis(2000) }),
    no("2,001 revoked ctis", { revoked: ctis(2001) }),
    no("revoked ctis that do not ascend", { revoked: bstr(fromHex("00000000000000020000000000000001")) }),
    no("a revoked cti twice", { revoked: bstr(fromHex("00000000000000010000000000000001")) }),
    no("a revoked cti and a half", { revoked: bstr(new Uint8Array(12)) }),
    no("a revoked cti and a half that ascends", { revoked: bstr(fromHex("0000000000000001ffffffff")) }),
  ];
}

/** Each its number. */
function ctis(count: number): Bytes {
  const packedCtis = new DataView(new ArrayBuffer(8 * count));
  for (let i = 0; i < count; i++) packedCtis.setUint32(8 * i + 4, i);
  return bstr(new Uint8Array(packedCtis.buffer));
}
