/** Bytes that may be counted and not looked at. */
export function onlyLength(length: number): Uint8Array {
  return new Proxy(new Uint8Array(0), {
    get(_, property) {
      if (property === "length") return length;
      throw new Error(`${String(property)} was read`);
    },
  });
}
