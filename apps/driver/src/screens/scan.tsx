import { useEffect, useRef, useState } from "preact/hooks";
import { type CameraFault, readPhoto, type Watch, watch } from "../hardware/camera.ts";
import { useAppContext } from "./context.ts";
import { Action, BackAction, FileAction, Frame } from "./frame.tsx";

type State = "asking" | "starting" | "running" | CameraFault;

/** The camera, and what works without it: a photo, the short code, a hardware scanner. */
export function Scan() {
  const { day, door, phone, router, words } = useAppContext();
  const video = useRef<HTMLVideoElement>(null);
  const running = useRef<Watch | null>(null);
  const [state, setState] = useState<State>(phone.cameraKnown.peek() ? "starting" : "asking");
  const [torch, setTorch] = useState<boolean | null>(null);
  const [decoder, setDecoder] = useState(true);
  const [hint, setHint] = useState<string | null>(null);
  const stop = day.stops.value.find(({ deliveryId }) => deliveryId === door.open.value);

  const start = () => {
    if (!video.current) return;
    running.current?.stop();
    setState("starting");
    running.current = watch(video.current, {
      // While a verdict is on the screen no other code is judged: the next parcel needs a scan of its own.
      onText: (text) => {
        const shown = door.outcome.peek();
        if (shown === null || shown.kind === "not-a-voucher") void door.scanned(text);
        else door.stillInView(text);
      },
      onFault: setState,
      onRunning: (camera) => {
        phone.cameraKnown.value = true;
        setState("running");
        setTorch(camera.torch ? false : null);
      },
      onDecoder: setDecoder,
    });
  };
  useEffect(() => {
    if (phone.cameraKnown.peek()) start();
    return () => running.current?.stop();
  }, []);

  const onPhoto = async (file: File) => {
    setHint(null);
    const texts = await readPhoto(file).catch(() => []);
    const [text] = texts ?? [];
    if (text !== undefined) await door.scanned(text);
    else setHint(texts === null ? words.scan.noDecoder : words.scan.noCode);
  };
  const isFault = state !== "asking" && state !== "starting" && state !== "running";
  return (
    <Frame
      name="scan"
      title={stop?.label ?? door.open.value ?? words.scan.title}
      dock={
        <>
          {state === "asking" && <Action kind="main" icon="scan" label={words.scan.start} onClick={start} />}
          {isFault && <Action kind="main" icon="scan" label={words.scan.again} onClick={start} />}
          <span class="dock-row">
            <BackAction />
            <FileAction kind="small" icon="photo" label={words.scan.photo} photo onFile={onPhoto} />
            {stop?.sealed && (
              <Action kind="small" icon="type" label={words.scan.type} onClick={() => router.swap("type")} />
            )}
            {torch !== null && (
              <Action
                kind="small"
                icon="light"
                label={torch ? words.scan.torchOn : words.scan.torchOff}
                pressed={torch}
                onClick={() => {
                  setTorch(!torch);
                  void running.current?.setTorch(!torch);
                }}
              />
            )}
          </span>
        </>
      }
    >
      <div class={`finder finder-${isFault ? "fault" : state}`}>
        <video ref={video} muted playsInline />
        <span class="corners" aria-hidden="true" />
        <div class="finder-words" role="status">
          {state === "asking" && <p>{words.scan.before}</p>}
          {state === "starting" && <p>{words.scan.starting}…</p>}
          {state === "running" && (
            <p>
              {words.scan.aim}. {day.phase.value === "ready" && door.open.value === null && words.scan.anyStop}
            </p>
          )}
          {isFault && (
            <>
              <h2>{words.scan.faults[state].headline}</h2>
              <p>{words.scan.faults[state].text}</p>
            </>
          )}
          {!decoder && <p class="hint">{words.scan.noDecoder}</p>}
          {hint && <p class="hint">{hint}</p>}
        </div>
      </div>
    </Frame>
  );
}
