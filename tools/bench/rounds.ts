/** One way of doing a job. It returns nothing, and throws when the job was not done. */
export interface Contender {
  readonly name: string;
  run(): unknown;
}

interface Timing {
  readonly name: string;
  /** Microseconds a run: the median over rounds, and the middle half of them. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const ROUNDS = 41;
const RUNS_A_ROUND = 100;

/** A row each: microseconds a run, and the ratio to the first. */
export async function printRace(title: string, contenders: readonly Contender[]): Promise<void> {
  const timings = await race(contenders);
  const base = timings[0]?.median ?? Number.NaN;
  console.log(`\n${title}`);
  console.log(`  ${`µs, median of ${ROUNDS} rounds in turn (middle half of them)`.padEnd(86)}of the first`);
  for (const { name, median, low, high } of timings) {
    const micros = (value: number) => value.toFixed(1).padStart(8);
    console.log(
      `  ${name.padEnd(54)}${micros(median)}  (${micros(low)} …${micros(high)})${(median / base).toFixed(2).padStart(14)}x`,
    );
  }
}

// In interleaved rounds, each round all contenders in turn, so that a drift of the machine meets them alike.
async function race(contenders: readonly Contender[]): Promise<readonly Timing[]> {
  const samples = contenders.map(() => [] as number[]);
  for (let round = -3; round < ROUNDS; round++) {
    for (const [i, contender] of contenders.entries()) {
      const began = process.hrtime.bigint();
      for (let run = 0; run < RUNS_A_ROUND; run++) await contender.run();
      const micros = Number(process.hrtime.bigint() - began) / 1000 / RUNS_A_ROUND;
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
