import { Failure } from "@doorproof/verify/verbs";
import { foldTyped } from "@doorproof/voucher/codec";

/**
 * A recipient's number, to E.164, as the issuer's API reads it: one that is taken here is taken there.
 * @throws {Failure} `usage`: not possible, or a fixed line, where no message arrives
 */
export async function readRecipientPhone(typed: string, country: string | undefined): Promise<string> {
  // Loaded here: what verifies needs no issuer.
  const { readPhoneNumber } = await import("@doorproof/issuer/operations");
  const read = readPhoneNumber(typed, country ?? null);
  if ("number" in read) return read.number;
  switch (read.fault.code) {
    case "country":
      throw new Failure("usage", `${country}: not a country`, "write two capital letters, as GB");
    case "phone-fixed-line":
      throw new Failure("usage", `${typed}: a fixed line gets no SMS`);
    default:
      throw new Failure(
        "usage",
        `${typed}: ${read.fault.detail}`,
        country === undefined && !foldTyped(typed).startsWith("+")
          ? "write the number with +, as +447700900123, or add --country GB"
          : "write it as +447700900123",
      );
  }
}
