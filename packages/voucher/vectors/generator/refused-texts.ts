import { type Bytes, base45, fromHex } from "./bytes.ts";
import { textOf } from "./make.ts";
import type { Row } from "./refused-row.ts";
import { issued } from "./valid.ts";

// Steps 1 and 2: what is no voucher at all, what is no base45, what has no voucher's length. No key is looked at.

export function texts(): { text: readonly Row[]; length: readonly Row[] } {
  const good = issued("texts").text;
  const body = good.slice(4);
  const noText = (name: string, text: string): Row => ({ name, text, expect: "malformed: text" });
  const noBase45 = (name: string, text: string): Row => ({ name, text, expect: "malformed: base45" });

  const text: Row[] = [
    noText("nothing", ""),
    noText("the prefix cut short", "DP1"),
    noText("another prefix", `DP2:${body}`),
    noText("a longer number in the prefix", `DP10:${body}`),
    noText("a lower-case prefix", `dp1:${body}`),
    noText("no prefix", body),
    noText("another scheme's prefix", `HC1:${body}`),
    noText("a space before the prefix", ` ${good}`),
    noText("a line feed before the prefix", `\n${good}`),
    noText("a byte order mark before the prefix", `\ufeff${good}`),
    noText("a zero-width space before the prefix", `\u200b${good}`),
    noText("a space in the prefix", `DP1 :${body}`),
    noText("a full-width colon", `DP1：${body}`),
    noText("a full-width prefix", `ＤＰ１：${body}`),
    noText("a Cyrillic letter that looks like P", `D\u04201:${body}`),
    noText("a quoted voucher", `"${good}"`),
    noText("a web address", "HTTPS://EXAMPLE.COM/V/7KQ4M2XN8P"),
    noText("a web address around a voucher", `HTTPS://EXAMPLE.COM/?V=${good}`),
    noText("a network's QR code", "WIFI:S:DEPOT;T:WPA;P:12345678;;"),
    noText("a short code", "7KQ4M-2XN8P"),
    noText("233 characters", `DP1:${"0".repeat(229)}`),
    noText("233 characters, none of them base45", `DP1:${"a".repeat(229)}`),
    noText("229 characters of two code units after the prefix", `DP1:${"🚪".repeat(229)}`),
    noText("153 bytes: 234 characters", textOf(new Uint8Array(153))),
    noText("a no-break space in it", `DP1:${body.slice(0, 9)}\u00a0${body.slice(10)}`),
    noText("a full-width digit in it", `DP1:${body.slice(0, 9)}\uff11${body.slice(10)}`),
    noText("a character of two code units in it", `DP1:${body.slice(0, 9)}🚪${body.slice(10)}`),
    noText("228 characters of two code units after the prefix", `DP1:${"🚪".repeat(228)}`),
    noText("the first character beyond ASCII in it", `DP1:${body.slice(0, 9)}\u0080${body.slice(10)}`),
    noText("232 characters, the last of them beyond ASCII", `DP1:${"0".repeat(227)}\u00e9`),
    noText("a character beyond ASCII after what is no base45", `DP1:a${body.slice(1, -1)}\u00e9`),
    noText("a byte order mark after the prefix", `DP1:\ufeff${body}`),

    noBase45("a lower-case letter", `DP1:${body.slice(0, 20)}a${body.slice(21)}`),
    noBase45("all in lower case", `DP1:${body.toLowerCase()}`),
    noBase45("a # in it", `DP1:${body.slice(0, 30)}#${body.slice(31)}`),
    noBase45("an underscore in it", `DP1:_${body.slice(1)}`),
    noBase45("a NUL in it", `DP1:${body.slice(0, 9)}\0${body.slice(10)}`),
    noBase45("a DEL in it, the last of ASCII", `DP1:${body.slice(0, 9)}\x7f${body.slice(10)}`),
    noBase45("228 characters after the prefix, none of them base45", `DP1:${"a".repeat(228)}`),
    noBase45("a line feed for the last character", `DP1:${body.slice(0, -1)}\n`),
    noBase45("one character too many: a length that no encoder gives", `DP1:${"0".repeat(151)}`),
    noBase45("a length that no voucher has, and no base45", "DP1:a0"),
    noBase45("a space after it", `${textOf(fromHex("00".repeat(100)))} `),
    noBase45("a line feed after it", `${good}\n`),
    noBase45("a carriage return and a line feed after it", `${good}\r\n`),
    noBase45("two characters cut off", good.slice(0, -2)),
    noBase45("two vouchers on two lines", `DP1:${body.slice(0, 100)}\n${body.slice(0, 100)}`),
    noBase45("a triplet of 65536", `DP1:GGW${body.slice(3)}`),
    noBase45("the largest triplet", `DP1::::${body.slice(3)}`),
    noBase45("a triplet over 65535 at the end", `DP1:${body.slice(0, -3)}ZZZ`),
    noBase45("a pair of 256", `DP1:${base45(new Uint8Array(100))}V5`),
    noBase45("the largest pair", `DP1:${base45(new Uint8Array(100))}::`),
  ];

  const shortest = fromHex(issued("shortest", { deliveryId: "1", expiresAt: 23, phoneHash: null }).voucher);
  const noLength = (name: string, voucher: Bytes): Row => ({
    name,
    text: textOf(voucher),
    expect: "malformed: length",
  });
  const length: Row[] = [
    noLength("the prefix alone: no bytes", new Uint8Array(0)),
    noLength("one byte", Uint8Array.of(0xd0)),
    noLength("a kid alone", shortest.subarray(0, 4)),
    noLength("a signature cut short", shortest.subarray(0, 67)),
    noLength("no payload: 68 bytes", shortest.subarray(0, 68)),
    noLength("one byte of payload", shortest.subarray(0, 69)),
    noLength("81 bytes: the shortest voucher but for its last byte", shortest.subarray(0, 81)),
    noLength("81 bytes: the shortest voucher but for its first byte", shortest.subarray(1)),
    noLength("81 bytes of zeros", new Uint8Array(81)),
  ];
  return { text, length };
}
