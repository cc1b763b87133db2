import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Day } from "../day/day.ts";
import type { Door } from "../door/door.ts";
import type { Catalogue } from "../languages/catalogue.ts";
import { type Language, wordsIn } from "../languages/language.ts";
import type { Update } from "../sw/update.ts";
import type { Router } from "./router.ts";

/** What screens know of the phone, beside the day. */
export interface Phone {
  /** Seconds since 1970, told once a second. */
  readonly now: ReadonlySignal<number>;
  readonly language: Signal<Language>;
  /** False: a page that is one file. It fetches and sends nothing, so no screen may offer it. */
  readonly network: boolean;
  readonly update: Update;
  /** The browser's offer to install; null: there is none, or the app is installed. */
  readonly install: Signal<{ prompt(): Promise<unknown> } | null>;
  readonly installed: boolean;
  /** What stood behind the `#` when the app was opened: it is shown, and used only after a tap. */
  readonly invitation: Signal<Invitation | null>;
  /** The camera ran before, so it is started without asking. */
  readonly cameraKnown: Signal<boolean>;
}

export type Invitation =
  | { readonly kind: "enrol"; readonly token: string }
  | { readonly kind: "pin"; readonly text: string };

export interface AppContext {
  readonly day: Day;
  readonly phone: Phone;
  readonly router: Router;
}

export const Context = createContext<AppContext | null>(null);

export function useAppContext(): AppContext & { readonly door: Door; readonly words: Catalogue } {
  const context = useContext(Context);
  if (!context) throw new Error("a screen outside of the app");
  const { language, network } = context.phone;
  return { ...context, door: context.day.door, words: wordsIn(language.value, { network }) };
}
