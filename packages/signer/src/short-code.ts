import { createHmac } from "node:crypto";
import { writeShortCode } from "@doorproof/voucher/codec";

/**
 * The short code of a voucher (docs/format.md section 3): derived from the issuer's secret, so that no database holds
 * one.
 *
 * @param secret CODE_SECRET, 32 bytes
 * @param voucher kid (4 bytes) and cti (8 bytes)
 * @returns ten characters, no hyphen
 */
export function deriveShortCode(secret: Uint8Array, { kid, cti }: { kid: Uint8Array; cti: Uint8Array }): string {
  return writeShortCode(createHmac("sha256", secret).update("doorproof-code-v1").update(kid).update(cti).digest());
}

/**
 * A nonce whose short code spells no offensive word: it is read aloud at doors.
 * @param secret CODE_SECRET, 32 bytes
 * @param random a CSPRNG: so many bytes
 * @returns cti, 8 bytes; the store must still refuse one that was used before
 */
export function drawCti(
  secret: Uint8Array,
  { kid, random }: { kid: Uint8Array; random: (length: number) => Uint8Array },
): Uint8Array {
  for (;;) {
    const cti = random(8);
    if (!LISTED.test(deriveShortCode(secret, { kid, cti }))) return cti;
  }
}

// Words as they look in the code's alphabet, which has no I, L, O, U and digits that are read as letters. About one
// code in 240 is drawn again.
const LISTED =
  /[A4][S5][S5]|C[0O]CK|C[VY]NT|D[1I]CK|F[VA4]CK|F[A4]G|FCK|H[0O]M0|K[K][K]|N[A4]Z1|N1G|P[0O]RN|P[1I]S[S5]|R[A4]PE|S[E3]X|SH[1I]T|T[1I]T|TW[A4]T|WH[0O]RE/;
