import { scrypt } from "node:crypto";
import type { Scrypt } from "../src/index.ts";

/** Node's scrypt in the shape that {@link Scrypt} asks for. */
export const nodeScrypt: Scrypt = ({ password, salt, N }) =>
  new Promise((resolve, reject) => {
    const cost = { N, r: 8, p: 1, maxmem: 2048 * N };
    scrypt(password, salt, 32, cost, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))));
  });
