import { malformed, NAME, toHex } from "@doorproof/voucher/codec";

/** What a file says: JSON for {@link readJwksKeys}, and what the issuer calls itself. */
export interface JwksFile {
  readonly jwks: unknown;
  /**
   * Null: the file does not say. Whoever serves it could write any name, so a reader takes this one only where the place
   * that the file came from is trusted for it.
   */
  readonly issuer: string | null;
}

/**
 * The text of a JWKS (docs/format.md section 5): UTF-8 without a byte order mark, RFC 8259, at most 64 KiB and 16 deep,
 * no member twice, no half of a surrogate pair; and an issuer's name that may be printed. Parsers differ in all of
 * these, so that of one file two couriers would read two key sets.
 *
 * @param bytes as they were published
 * @throws {Refusal} `malformed`, step `keys`
 */
export function readJwksFile(bytes: Uint8Array): JwksFile {
  if (bytes.length > MAX_LENGTH) malformed("keys");
  const text = decodeUtf8(bytes);
  const jwks = parse(text);
  refuseAmbiguous(text);
  return { jwks, issuer: ownName(jwks) };
}

const MAX_LENGTH = 65_536;
const DEEPEST = 16;

// By the language, which refuses all that is not UTF-8 and keeps a byte order mark, at which JSON.parse stops.
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decodeURIComponent(toHex(bytes).replace(/../g, "%$&"));
  } catch {
    malformed("keys");
  }
}

// Whatever is thrown: some engines run out of stack at a depth that is refused anyway.
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    malformed("keys");
  }
}

/** Brackets, and texts together with the colon of a name. All else of good JSON holds none of these characters. */
const TOKEN = /[{}[\]]|("(?:[^"\\]|\\.)*")([ \t\n\r]*:)?/g;

/** @param json that JSON.parse takes: it says nothing of depth, and of two members of one name it keeps the last */
function refuseAmbiguous(json: string): void {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(TOKEN)) {
    if (text === undefined) {
      if (token === "}" || token === "]") open.pop();
      else if (open.push(new Set()) > DEEPEST) malformed("keys");
      continue;
    }
    // As it is read: \u006b is a k.
    const said: string = JSON.parse(text);
    if (/\p{Surrogate}/u.test(said)) malformed("keys");
    const names = open.at(-1);
    if (colon === undefined || names === undefined) continue;
    if (names.has(said)) malformed("keys");
    names.add(said);
  }
}

// It is printed, and a line feed or a control sequence in it would make another verdict of the one behind it.
function ownName(jwks: unknown): string | null {
  if (typeof jwks !== "object" || jwks === null || !("issuer" in jwks)) return null;
  const { issuer } = jwks;
  return typeof issuer === "string" && NAME.test(issuer) ? issuer : malformed("keys");
}
