import { TEXT_PREFIX } from "@doorproof/voucher/codec";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { count } from "../languages/format.ts";
import { arrange, characters, codeIn, erase, type Typed, WHOLE } from "./code-field.ts";
import { useAppContext } from "./context.ts";
import { Action, BackAction, Frame } from "./frame.tsx";
import { UNCORRECTED } from "./uncorrected.ts";

/** One field for the ten characters, for cracked screens and intercoms. */
export function ShortCode() {
  const { day, door, phone, router, words } = useAppContext();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState(false);
  const deliveryId = door.open.value;
  const pause = day.pause.value;
  const wait = pause && pause.deliveryId === deliveryId ? Math.ceil(pause.until - phone.now.value) : 0;
  const working = day.working.value;

  const put = ({ text, caret }: Typed) => {
    const input = field.current;
    if (input && input.value !== text) input.value = text;
    input?.setSelectionRange(caret, caret);
    setTyped(text);
    setAsked(false);
  };
  const onInput = () => {
    const input = field.current;
    if (!input) return;
    if (input.value.startsWith(TEXT_PREFIX)) return setTyped(input.value); // a hardware scanner: the voucher itself
    put(arrange({ text: input.value, caret: input.selectionStart ?? input.value.length }));
  };
  const submit = async () => {
    setAsked(true);
    if (deliveryId === null || wait > 0 || working) return;
    if (typed.startsWith(TEXT_PREFIX)) await door.scanned(typed);
    else if (codeIn(typed) !== null) await door.typed(typed, deliveryId);
    else field.current?.focus();
  };
  // Focused once and otherwise uncontrolled, because Preact would set `value` after the caret and move it.
  useLayoutEffect(() => field.current?.focus(), []);

  const fault = faultText();
  return (
    <Frame
      name="type"
      title={words.type.title}
      dock={
        <span class="dock-row">
          <BackAction />
          <Action
            kind="main"
            icon="check"
            label={working ? words.type.checking : words.type.check}
            disabled={wait > 0 || working}
            onClick={submit}
          />
        </span>
      }
    >
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label for="code">{words.type.label}</label>
        <input
          id="code"
          ref={field}
          class="code-field mono"
          type="text"
          inputMode="text"
          autocapitalize="characters"
          autocomplete="off"
          {...UNCORRECTED}
          enterkeyhint="done"
          aria-describedby="code-hint code-fault"
          aria-invalid={fault !== null}
          onInput={(event) => !(event as InputEvent).isComposing && onInput()}
          onCompositionEnd={onInput}
          onBeforeInput={(event) => {
            const { inputType } = event as InputEvent;
            const input = event.currentTarget;
            const caret = input.selectionStart;
            if (caret === null || caret !== input.selectionEnd) return;
            const direction = /^deleteContent(Backward|Forward)$/.exec(inputType)?.[1]?.toLowerCase();
            const after = direction && erase({ text: input.value, caret }, direction as "backward" | "forward");
            if (!after) return;
            event.preventDefault();
            put(after);
          }}
        />
        <p id="code-fault" class="bad" role="status">
          {fault}
        </p>
        {wait > 0 && <p class="pause">{count(words.type.pause, wait, words)}</p>}
        <p id="code-hint" class="soft">
          {words.type.hint}
        </p>
        {wait > 0 && <Action icon="scan" label={words.stop.scan} onClick={() => router.swap("scan")} />}
      </form>
    </Frame>
  );

  // A wrong character is told as soon as there are ten; a code that is too short only when it is submitted.
  function faultText(): string | null {
    if (typed.startsWith(TEXT_PREFIX)) return null;
    const { length } = characters(typed);
    if (length > WHOLE) return count(words.type.surplus, length - WHOLE, words);
    if (length < WHOLE) return asked ? count(words.type.missing, WHOLE - length, words) : null;
    if (codeIn(typed) !== null) return null;
    const { headline, reason, next } = words.refusals["code-mistyped"];
    return `${headline}. ${reason} ${next}`;
  }
}
