import type { Misuse, QuestionData } from "../schema.ts";
import { hex } from "./bytes.ts";
import { NOW, PHONE, SEALED } from "./given.ts";
import { issued } from "./valid.ts";

// What is handed over beside the text is the caller's, and of its type: else nothing of the text is looked at.

const NUMBERS: readonly (readonly [name: string, number: string])[] = [
  ["no number", ""],
  ["a number without a plus", "447700900123"],
  ["a national number", "07700900123"],
  ["a number that begins with 0", "+0447700900123"],
  ["a number of six digits", "+123456"],
  ["a number of 16 digits", "+1234567890123456"],
  ["a number with spaces", "+44 7700 900123"],
  ["a number with a line feed after it", "+447700900123\n"],
  ["a number with a full-width digit", "+44770090012\uff13"],
];

export function misuse(): Misuse {
  return { questions: questions(), phones: NUMBERS.map(([name, number]) => ({ name, number })), seals: seals() };
}

function questions(): Misuse["questions"] {
  const { text } = issued("misuse");
  const hashless = issued("misuse, without a hash", { phoneHash: null }).text;
  const asked = (name: string, question: Partial<QuestionData>, scanned = text) => ({
    name,
    text: scanned,
    question: { now: NOW, delivery: "RR123456785DE", keys: "jwks", ...question },
  });
  return [
    asked("a time before 1970", { now: -1 }),
    asked("a time of 2^32, by a bare set, which has no windows", { now: 2 ** 32 }),
    asked("a time of 2^32, by a signed list", { now: 2 ** 32, keys: "listed" }),
    asked("a time of 2^32, and no voucher at all", { now: 2 ** 32 }, "HTTPS://EXAMPLE.COM"),
    asked("a local mark before 1970", { seen: -1 }),
    asked("a local mark of 2^32", { seen: 2 ** 32 }),
    ...NUMBERS.map(([name, number]) => asked(`asked for ${name}`, { phones: [number] })),
    asked("asked for a number that fits, and one that is none", { phones: [PHONE, ""] }),
    asked("asked for what is no number, of a voucher without a hash", { phones: ["07700900123"] }, hashless),
    asked("asked for what is no number, of no voucher at all", { phones: ["07700900123"] }, "HTTPS://EXAMPLE.COM"),
  ];
}

function seals(): Misuse["seals"] {
  const [first] = SEALED;
  if (!first) throw new Error("no stop is sealed");
  const stop = { deliveryId: first.deliveryId, salt: hex(first.salt), sealed: hex(first.sealed) };
  const opened = (name: string, logN: number, typed = first.made.shortCode) => ({ name, typed, logN, stop });
  return [
    opened("logN 14: a cheaper search", 14),
    opened("logN 18: more memory than a phone has", 18),
    opened("logN 0", 0),
    opened("logN 14, and a slip", 14, first.made.shortCode.slice(1)),
  ];
}
