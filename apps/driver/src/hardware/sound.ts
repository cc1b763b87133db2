/** The three tones. They differ in direction and length, so that drivers know the verdict without looking. */
export type Cue = "accept" | "refuse" | "decide";

export interface Sound {
  play(cue: Cue): void;
}

type Tone = { readonly hertz: number; readonly at: number; readonly seconds: number };

const TONES: Record<Cue, readonly Tone[]> = {
  accept: [
    { hertz: 784, at: 0, seconds: 0.12 },
    { hertz: 1175, at: 0.12, seconds: 0.24 },
  ],
  refuse: [
    { hertz: 196, at: 0, seconds: 0.26 },
    { hertz: 147, at: 0.26, seconds: 0.42 },
  ],
  decide: [
    { hertz: 587, at: 0, seconds: 0.14 },
    { hertz: 587, at: 0.22, seconds: 0.14 },
  ],
};

/** Milliseconds of vibration and rest. iPhones do not vibrate for a page: there is only the tone. */
const PULSES: Record<Cue, number[]> = { accept: [70], refuse: [260, 90, 260], decide: [120, 90, 120] };

/** Tones are computed and not loaded, so that the first one is as quick as the last. */
export function openSound(): Sound {
  let context: AudioContext | undefined;
  // Browsers keep a page silent until it was touched, and iOS does again after each time in the background.
  const wake = () => {
    context ??= new AudioContext({ latencyHint: "interactive" });
    if (context.state !== "running") void context.resume().catch(() => {});
  };
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, wake, { capture: true, passive: true });
  return {
    play: (cue) => {
      navigator.vibrate?.(PULSES[cue]);
      if (!context) return;
      for (const tone of TONES[cue]) sing(context, tone);
    },
  };
}

function sing(context: AudioContext, { hertz, at, seconds }: Tone): void {
  const start = context.currentTime + at;
  const voice = context.createOscillator();
  const loudness = context.createGain();
  // A low tone needs harmonics to be heard from a phone's small speaker, and over rain.
  voice.type = hertz < 300 ? "sawtooth" : "triangle";
  voice.frequency.value = hertz;
  loudness.gain.setValueAtTime(0.0001, start);
  loudness.gain.exponentialRampToValueAtTime(0.6, start + 0.012);
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  voice.connect(loudness).connect(context.destination);
  voice.start(start);
  voice.stop(start + seconds);
}
