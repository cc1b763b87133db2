import { render } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { CATALOGUES } from "../languages/language.ts";
import { type AppContext, Context, useAppContext } from "./context.ts";
import { Device } from "./device.tsx";
import { keepDirection } from "./direction.ts";
import { Enrol } from "./enrol.tsx";
import { Failed } from "./failed.tsx";
import { Action, Frame } from "./frame.tsx";
import { Languages } from "./languages.tsx";
import { Log } from "./log.tsx";
import { SecondTab, Toast } from "./notices.tsx";
import { Pin } from "./pin.tsx";
import { ReadinessLine } from "./readiness.tsx";
import { Result } from "./result.tsx";
import type { Place } from "./router.ts";
import { Scan } from "./scan.tsx";
import { ShortCode } from "./short-code.tsx";
import { Stop } from "./stop.tsx";
import { Stops } from "./stops.tsx";

/** Shows the day. Screens read the day's state and call its verbs, and do nothing else. */
export function renderApp(context: AppContext, root: HTMLElement): void {
  keepDirection();
  render(
    <Context.Provider value={context}>
      <App />
    </Context.Provider>,
    root,
  );
}

function App() {
  const { door, phone } = useAppContext();
  const language = phone.language.value;
  useLayoutEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = CATALOGUES[language].dir;
  }, [language]);
  const outcome = door.outcome.value;
  const covered = outcome !== null && outcome.kind !== "not-a-voucher";
  // The screen under a verdict stays mounted and cannot be reached, so that the camera need not start again for the
  // next scan.
  const under = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    under.current?.toggleAttribute("inert", covered);
  }, [covered]);
  return (
    <div class="app">
      <ReadinessLine />
      <SecondTab />
      <div class="screen" ref={under}>
        <Screen />
      </div>
      {covered && <Result outcome={outcome} />}
      <Toast />
    </div>
  );
}

const PLACES: Readonly<Record<Exclude<Place, "home">, () => preact.JSX.Element | null>> = {
  stop: Stop,
  scan: Scan,
  type: ShortCode,
  failed: Failed,
  log: Log,
  device: Device,
  languages: Languages,
  enrol: Enrol,
  pin: Pin,
};

/** Places that need no day yet. */
const BEFORE: readonly Place[] = ["scan", "languages", "pin", "device"];

function Screen() {
  const { day, door, phone, router } = useAppContext();
  const phase = day.phase.value;
  const place = router.place.value;
  const invitation = phone.invitation.value;
  useLeave();
  if (phase === "starting") return <Starting />;
  if (phase === "broken" && place !== "languages") return <Broken />;
  if (invitation && place === "home") return invitation.kind === "enrol" ? <Enrol /> : <Pin />;
  if (phase === "not-enrolled" && !BEFORE.includes(place)) return <Enrol />;
  if (place === "home" || (NEEDS_STOP.includes(place) && door.open.value === null)) return <Stops />;
  const Here = PLACES[place];
  return <Here key={place} />;
}

const NEEDS_STOP: readonly Place[] = ["stop", "type", "failed"];

// At home no stop is open, and the next scan finds its own. A phone that was just enrolled leaves the screens for
// enrolling.
function useLeave(): void {
  const { day, door, router } = useAppContext();
  const place = router.place.value;
  const phase = day.phase.value;
  const before = useRef(phase);
  useLayoutEffect(() => {
    if (place === "home" && door.open.peek() !== null) door.openStop(null);
  }, [place]);
  useLayoutEffect(() => {
    if (before.current === "not-enrolled" && phase !== "not-enrolled") router.home();
    before.current = phase;
  }, [phase]);
}

function Starting() {
  const { words } = useAppContext();
  return (
    <Frame name="starting" title={words.starting} dock={null}>
      {null}
    </Frame>
  );
}

function Broken() {
  const { words } = useAppContext();
  return (
    <Frame
      name="broken"
      title={words.broken.headline}
      dock={<Action kind="main" icon="sync" label={words.reload} onClick={() => location.reload()} />}
    >
      <p>{words.broken.text}</p>
    </Frame>
  );
}
