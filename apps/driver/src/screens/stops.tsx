import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { StopView } from "../day/stops.ts";
import { fill } from "../languages/format.ts";
import { useAppContext } from "./context.ts";
import { Courier } from "./courier.tsx";
import { Action, Frame } from "./frame.tsx";
import { UndoBar, UpdateBar } from "./notices.tsx";
import { NextStop, StopList } from "./stop-list.tsx";

/** The day, in driving order: the next stop large, what is finished at the end. */
export function Stops() {
  const { day, router, words } = useAppContext();
  const [search, setSearch] = useState<string | null>(null);
  const stops = day.stops.value;
  const found = stops.filter((stop) => matches(stop, search ?? ""));
  const open = found.filter(({ state }) => state === "open");
  const [next, ...later] = search ? [] : open;
  const finished = stops.filter(({ state }) => state !== "open").length;
  const lists = [
    { title: words.stops.look, stops: found.filter(({ state }) => state === "conflict") },
    { title: search ? null : words.stops.later, stops: search ? open : later },
    { title: words.stops.done, stops: found.filter(({ state }) => state === "done" || state === "failed") },
  ];
  const isCourier = day.phase.value === "third-party";
  return (
    <Frame
      name="stops"
      title={isCourier ? (day.identity.value?.issuer ?? words.pin.title) : words.stops.title}
      bars={
        <>
          <UpdateBar />
          <UndoBar />
        </>
      }
      dock={
        <span class="dock-row">
          <Action kind="small" icon="log" label={words.stops.log} onClick={() => router.go("log")} />
          <Action kind="main" icon="scan" label={words.stops.scan} onClick={() => router.go("scan")} />
          <Action
            kind="small"
            icon="search"
            label={words.stops.find}
            pressed={search !== null}
            onClick={() => setSearch(search === null ? "" : null)}
          />
        </span>
      }
    >
      {isCourier ? <Courier /> : <p class="soft">{formatProgress()}</p>}
      {search !== null && <Search value={search} onInput={setSearch} />}
      {next && <NextStop stop={next} />}
      {lists.map((list) => list.stops.length > 0 && <StopList key={list.title} {...list} />)}
      {search && found.length === 0 && <p role="status">{words.stops.noMatch}</p>}
    </Frame>
  );

  function formatProgress(): string {
    if (stops.length === 0) return words.stops.none;
    if (finished === stops.length) return words.stops.allDone;
    return fill(words.stops.progress, { done: finished, all: stops.length });
  }
}

function Search({ value, onInput }: { value: string; onInput: (text: string) => void }) {
  const { words } = useAppContext();
  const field = useRef<HTMLInputElement>(null);
  // A tap has just opened the search, so the keyboard may appear.
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <input
      ref={field}
      type="search"
      class="search"
      aria-label={words.stops.search}
      placeholder={words.stops.search}
      autocomplete="off"
      enterkeyhint="search"
      value={value}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}

function matches({ label, deliveryId, details }: StopView, search: string): boolean {
  const said = [label, deliveryId, details?.name, details?.named, ...(details?.parcels ?? [])];
  return plain(said.filter(Boolean).join(" ")).includes(plain(search.trim()));
}

// "Muller" finds Müller, since nobody types accents in a van.
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
