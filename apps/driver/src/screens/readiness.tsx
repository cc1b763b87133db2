import { CLOCK_TOLERANCE } from "@doorproof/verifier";
import type { Readiness } from "../day/readiness.ts";
import type { Catalogue } from "../languages/catalogue.ts";
import { count, fill, formatAge } from "../languages/format.ts";
import { useAppContext } from "./context.ts";
import { Icon } from "./icons.tsx";

/**
 * A fact of the readiness line, and whether it needs attention: then it is bold, marked and red, and never only red.
 */
interface Fact {
  readonly text: string;
  readonly bad: boolean;
}

const DAY = 86_400;

/** What this device knows and how old that is, in words, on every screen. A tap opens the details. */
export function ReadinessLine() {
  const { day, phone, router, words } = useAppContext();
  const onRoute = day.identity.value?.route !== null;
  const facts = readinessFacts(day.readiness.value, words, { onRoute, network: phone.network });
  return (
    <header class="readiness">
      <button type="button" class="facts" onClick={() => router.place.value !== "device" && router.go("device")}>
        <span class="said">{words.readiness.label}: </span>
        {facts.map(({ text, bad }) => (
          <span key={text} class={bad ? "fact bad" : "fact"}>
            {bad && <Icon name="alert" />}
            {text}
          </span>
        ))}
      </button>
      <button
        type="button"
        class="tongue"
        lang={phone.language.value}
        onClick={() => router.place.value !== "languages" && router.go("languages")}
      >
        <Icon name="tongue" />
        <span>
          <span class="said">
            {words.language}: {words.self},{" "}
          </span>
          {phone.language.value.toUpperCase()}
        </span>
      </button>
    </header>
  );
}

/** The line's words, in order. `onRoute`: a device that should have a manifest. */
export function readinessFacts(
  ready: Readiness,
  words: Catalogue,
  { onRoute, network }: { onRoute: boolean; network: boolean },
): readonly Fact[] {
  const { keysAge, revocationsAge, unsent, deadLetters, manifestExpired, sync, version } = ready;
  const { readiness } = words;
  const aged = (age: number | null, text: string, none: string, most: number): Fact =>
    age === null ? { text: none, bad: true } : { text: fill(text, { age: formatAge(age, words) }), bad: age > most };
  return [
    ...(onRoute && manifestExpired ? [{ text: readiness.manifestExpired, bad: true }] : []),
    ...(sync === "revoked" || sync === "shut-out" ? [{ text: readiness.revoked, bad: true }] : []),
    ...(deadLetters > 0 ? [{ text: count(readiness.deadLetters, deadLetters, words), bad: true }] : []),
    aged(keysAge, readiness.keys, readiness.noKeys, 7 * DAY),
    aged(revocationsAge, readiness.list, readiness.noList, DAY),
    { text: count(readiness.unsent, unsent, words), bad: false },
    ...clockFacts(ready, words, { network }),
    { text: `${words.status.version} ${version}`, bad: false },
  ];
}

/** Without a network the clock is compared with no other: only that it is behind a list can be said. */
export function clockFacts(
  { clockDifference: difference }: Readiness,
  words: Catalogue,
  { network }: { network: boolean },
): readonly Fact[] {
  const { readiness } = words;
  if (!network && (difference === null || difference <= CLOCK_TOLERANCE)) return [];
  if (difference === null) return [{ text: readiness.clockUnknown, bad: false }];
  if (Math.abs(difference) < 60) return [{ text: readiness.clockRight, bad: false }];
  const text = fill(difference > 0 ? readiness.clockBehind : readiness.clockAhead, {
    age: formatAge(Math.abs(difference), words),
  });
  return [{ text, bad: Math.abs(difference) > CLOCK_TOLERANCE }];
}
