const LF = 0x0a;

/**
 * Cuts a stream into blocks of whole lines, in bounded memory. A block is passed on as soon as its lines are complete,
 * since standard input may be a scanner that sends one an hour.
 *
 * @param longest bytes; what a line that spans chunks has beyond is dropped, and it comes out too long for its reader
 */
export async function* readBlocks(
  stream: AsyncIterable<Uint8Array>,
  { longest }: { longest: number },
): AsyncGenerator<Uint8Array> {
  let begun: Buffer = NOTHING;
  for await (const chunk of stream) {
    const first = chunk.indexOf(LF);
    if (first === -1) {
      begun = extend(begun, chunk, longest);
      continue;
    }
    const last = chunk.lastIndexOf(LF) + 1;
    yield Buffer.concat([extend(begun, chunk.subarray(0, first), longest), chunk.subarray(first, last)]);
    begun = extend(NOTHING, chunk.subarray(last), longest);
  }
  // The last line needs no LF.
  if (begun.length > 0) yield begun;
}

/**
 * The lines of a block. One LF or CRLF is taken off a line and nothing else: node:readline would also cut at a lone CR
 * and at U+2028, and so read two texts where a scanner sent one.
 */
export function splitLines(block: Uint8Array): readonly string[] {
  const lines = Buffer.from(block).toString("utf8").split("\n");
  // A CR at the very end stays, for it is not half of a CRLF.
  const rest = lines.pop() ?? "";
  const ended = lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  return rest === "" ? ended : [...ended, rest];
}

/** One line after the other, for whoever needs no more. */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  limits: { longest: number },
): AsyncGenerator<string> {
  for await (const block of readBlocks(stream, limits)) yield* splitLines(block);
}

const NOTHING = Buffer.alloc(0);

/** One byte and a CR more than the longest line, to know that it is too long. */
function extend(begun: Buffer, bytes: Uint8Array, longest: number): Buffer {
  const room = longest + 2 - begun.length;
  return room > 0 ? Buffer.concat([begun, bytes.subarray(0, room)]) : begun;
}
