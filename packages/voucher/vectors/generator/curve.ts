import { createHash } from "node:crypto";
import { type Bytes, hex, join } from "./bytes.ts";

// Edwards25519 (RFC 8032 section 5.1) in its plainest form, to craft what no honest signer writes. Slow, and not
// constant in time.

const P = 2n ** 255n - 19n;
export const L: bigint = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));

/** X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z. */
type Point = readonly [bigint, bigint, bigint, bigint];

export const IDENTITY: Point = [0n, 1n, 1n, 0n];
export const BASE: Point = decode("5866666666666666666666666666666666666666666666666666666666666666");
/** A point of order 8. */
export const T8: Point = decode("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

export function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * t1 * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

export function multiply(point: Point, scalar: bigint): Point {
  let [sum, doubled] = [IDENTITY, point];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, doubled);
    doubled = add(doubled, doubled);
  }
  return sum;
}

export function encode([x, y, z]: Point): Bytes {
  const inverse = power(z, P - 2n);
  return littleEndian(mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n));
}

export function decode(encoded: string): Point {
  const bits = number(new Uint8Array(Buffer.from(encoded, "hex")));
  const y = bits & (2n ** 255n - 1n);
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  const ratio = mod(u * power(v, P - 2n));
  let x = power(ratio, (P + 3n) / 8n);
  if (mod(x * x) !== ratio) x = mod(x * power(2n, (P - 1n) / 4n));
  if ((x & 1n) !== bits >> 255n) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

/** The secret scalar of a seed. */
export function scalarOf(seed: Bytes): bigint {
  const low = createHash("sha512").update(seed).digest().subarray(0, 32);
  return (number(low) & (2n ** 254n - 8n)) | (2n ** 254n);
}

/** A signature with this R: S = r + k a, as the holder of the key can make it. */
export function craft(seed: Bytes, message: Bytes, { r, encodedR }: { r: bigint; encodedR: Bytes }): Bytes {
  const a = scalarOf(seed);
  const k = number(
    createHash("sha512")
      .update(join(encodedR, encode(multiply(BASE, a)), message))
      .digest(),
  );
  return join(encodedR, littleEndian((r + k * a) % L));
}

export function littleEndian(value: bigint): Bytes {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse());
}

export function number(bytes: Bytes): bigint {
  return BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
