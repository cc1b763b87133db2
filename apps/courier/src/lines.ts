const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream into lines, in bounded memory whatever comes. One LF or CRLF is taken off a line and nothing else: node:readline would also
 * cut at a lone CR and at U+2028, and so read two texts where a scanner sent one.
 *
 * @param longest bytes; what a line has beyond is dropped, and the line comes out one character too long for its reader
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  { longest }: { longest: number },
): AsyncGenerator<string> {
  let held: Buffer = Buffer.alloc(0);
  let started = false;
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      yield decode(hold(held, chunk.subarray(from, end), longest));
      held = Buffer.alloc(0);
      started = false;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    held = hold(held, chunk.subarray(from), longest);
    started = true;
  }
  // The last line needs no LF; a CR at the very end stays, for it is not half of a CRLF.
  if (started) yield held.toString("utf8");
}

/** One byte and a CR more than the longest line, to know that it is too long. */
function hold(held: Buffer, bytes: Uint8Array, longest: number): Buffer {
  const room = longest + 2 - held.length;
  return room > 0 ? Buffer.concat([held, bytes.subarray(0, room)]) : held;
}

function decode(line: Buffer): string {
  return line.subarray(0, line.at(-1) === CR ? -1 : line.length).toString("utf8");
}
