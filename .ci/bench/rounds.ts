/** One way of doing a job; answers nothing, throws when the job was not done. */
export interface Contender {
  readonly name: string;
  run(): unknown;
}

export interface Timing {
  readonly name: string;
  /** Microseconds a run: the median over rounds, and the middle half of them. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Times contenders in interleaved rounds, each round all of them in turn, so that a drift of the machine meets them alike.
 * @param perRound runs of each in a round
 */
export async function race(
  contenders: readonly Contender[],
  { rounds, perRound }: { rounds: number; perRound: number },
): Promise<Timing[]> {
  const samples = contenders.map(() => [] as number[]);
  for (let round = -3; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const began = process.hrtime.bigint();
      for (let run = 0; run < perRound; run++) await contender.run();
      const micros = Number(process.hrtime.bigint() - began) / 1000 / perRound;
      // the first three rounds warm up
      if (round >= 0) samples[i]?.push(micros);
    }
  }
  return contenders.map(({ name }, i) => {
    const sorted = (samples[i] ?? []).toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return { name, median: at(0.5), low: at(0.25), high: at(0.75) };
  });
}

/** A row each, with the ratio to the first. */
export function print(title: string, timings: readonly Timing[]): void {
  console.log(`\n${title}`);
  const base = timings[0]?.median ?? Number.NaN;
  for (const { name, median, low, high } of timings) {
    const micros = (value: number) => value.toFixed(1).padStart(8);
    console.log(
      `  ${name.padEnd(58)}${micros(median)} us  (${micros(low)} …${micros(high)})  ${(median / base).toFixed(2).padStart(6)}x`,
    );
  }
}
