import type { Picture, Reading } from "./decoder-messages.ts";

/** Why there is no picture. `lost`: another app took the camera. */
export type CameraFault = "refused" | "none" | "busy" | "lost";

/** What the scan screen is told while it is open. */
export interface Watcher {
  /** A code that was read. A code in view is reported again and again: the listener decides what is new. */
  onText(text: string): void;
  onFault(fault: CameraFault): void;
  /** The camera runs; `torch` tells whether it has a light. */
  onRunning(camera: { readonly torch: boolean }): void;
  /**
   * After each try. False: the decoder did not start, as when its wasm is missing. It is tried again, and typing works.
   */
  onDecoder(works: boolean): void;
}

export interface Watch {
  setTorch(on: boolean): Promise<void>;
  stop(): void;
}

/** Milliseconds between two tries: ten a second are quick enough and spare the battery. */
const REST = 60;

/**
 * Shows the camera in `video` and reports every code that it sees, until it is stopped. While the page is hidden the
 * camera is off, to save the battery; iOS ends its track then anyway.
 */
export function watch(video: HTMLVideoElement, watcher: Watcher): Watch {
  let stopped = false;
  let stream: MediaStream | null = null;
  let lock: Promise<WakeLockSentinel> | undefined;

  const start = async () => {
    if (stopped || stream || document.hidden) return;
    try {
      const opened = await openCamera();
      if (stopped || document.hidden) return close(opened);
      stream = opened;
      await play(opened);
    } catch (error) {
      if (!stopped) watcher.onFault(faultOf(error));
    }
  };
  const play = async (opened: MediaStream) => {
    const track = opened.getVideoTracks()[0];
    track?.addEventListener("ended", () => {
      release();
      if (!stopped) watcher.onFault("lost");
    });
    video.srcObject = opened;
    await video.play();
    // Asked only now: before the picture runs, phones report no abilities.
    const abilities = (track?.getCapabilities?.() ?? {}) as { torch?: boolean; focusMode?: string[] };
    if (abilities.focusMode?.includes("continuous")) await apply(track, { focusMode: "continuous" });
    lock = navigator.wakeLock?.request("screen");
    lock?.catch(() => {}); // refused at low battery
    watcher.onRunning({ torch: abilities.torch === true });
    void look(opened);
  };
  const look = async (opened: MediaStream) => {
    for (let turn = 0; stream === opened; turn++) {
      const picture = await grab(video, turn).catch(() => null);
      const texts = picture ? await decode(picture) : [];
      if (stream !== opened) return;
      watcher.onDecoder(texts !== null);
      for (const text of texts ?? []) watcher.onText(text);
      await new Promise((rest) => setTimeout(rest, texts === null ? 2_000 : REST));
    }
  };
  const release = () => {
    if (stream) close(stream);
    stream = null;
    video.srcObject = null;
    lock?.then((held) => held.release()).catch(() => {});
    lock = undefined;
  };
  const onVisibility = () => (document.hidden ? release() : void start());

  document.addEventListener("visibilitychange", onVisibility);
  void start();
  return {
    setTorch: (on) => apply(stream?.getVideoTracks()[0], { torch: on }),
    stop: () => {
      stopped = true;
      document.removeEventListener("visibilitychange", onVisibility);
      release();
    },
  };
}

/** The codes in a photograph. @returns null when the decoder did not start */
export async function readPhoto(file: Blob): Promise<readonly string[] | null> {
  const whole = await createImageBitmap(file);
  // A photograph of twelve megapixels takes the decoder a second, and holds no more than one of four.
  const scale = Math.min(1, 2_000 / Math.max(whole.width, whole.height));
  if (scale === 1) return decode(whole);
  const size = { resizeWidth: Math.round(whole.width * scale), resizeHeight: Math.round(whole.height * scale) };
  const smaller = await createImageBitmap(whole, { ...size, resizeQuality: "high" });
  whole.close();
  return decode(smaller);
}

/** Starts the decoder before anybody scans, so that the first code is as quick as the second. */
export function warmDecoder(): void {
  worker ??= startWorker();
}

async function openCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new DOMException("no camera without https", "NotFoundError");
  const picture = { width: { ideal: 1920 }, height: { ideal: 1080 } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", ...picture } });
}

function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function faultOf(error: unknown): CameraFault {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "none";
}

// Torch and focus are not in the DOM's types, and not on every phone: a phone without them rejects, which is ignored.
async function apply(track: MediaStreamTrack | undefined, wish: Record<string, unknown>): Promise<void> {
  await track?.applyConstraints({ advanced: [wish as MediaTrackConstraintSet] }).catch(() => {});
}

/**
 * The square that the frame on the screen shows, at the camera's own resolution; every third time the whole picture,
 * for a code that is held too close.
 */
async function grab(video: HTMLVideoElement, turn: number): Promise<ImageBitmap> {
  const { videoWidth: width, videoHeight: height } = video;
  if (turn % 3 === 2) return createImageBitmap(video);
  const side = Math.min(width, height);
  return createImageBitmap(video, (width - side) / 2, (height - side) / 2, side, side);
}

let worker: Worker | undefined;
let lastId = 0;

function startWorker(): Worker {
  return new Worker(new URL("./decoder.worker.ts", import.meta.url), { type: "module" });
}

function decode(picture: ImageBitmap): Promise<readonly string[] | null> {
  worker ??= startWorker();
  const asked = worker;
  const id = ++lastId;
  return new Promise((resolve) => {
    const done = (texts: readonly string[] | null) => {
      asked.removeEventListener("message", onReading);
      asked.removeEventListener("error", onError);
      if (texts === null && worker === asked) {
        // A module that failed to load its wasm stays broken: the next try gets a new worker.
        asked.terminate();
        worker = undefined;
      }
      resolve(texts);
    };
    const onReading = ({ data }: MessageEvent<Reading>) => data.id === id && done(data.texts);
    const onError = () => done(null);
    asked.addEventListener("message", onReading);
    asked.addEventListener("error", onError);
    asked.postMessage({ id, picture } satisfies Picture, [picture]);
  });
}
