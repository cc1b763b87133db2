import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useAppContext } from "./context.ts";
import { Icon, type IconName } from "./icons.tsx";

interface FrameProps {
  readonly title: string;
  readonly name: string;
  readonly children: ComponentChildren;
  /** What just happened, above the actions. */
  readonly bars?: ComponentChildren;
  /** The actions, within reach of a thumb; the first is the main one. */
  readonly dock: ComponentChildren;
}

/** A screen: content above, actions below. A screen reader begins with its title. */
export function Frame({ title, name, children, bars, dock }: FrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Else a screen reader goes on from the place of the last screen's button.
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div class={`frame frame-${name}`}>
      <main>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <div class="bars">{bars}</div>
      <nav class="dock">{dock}</nav>
    </div>
  );
}

interface ActionProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly kind?: "main" | "plain" | "small";
  readonly disabled?: boolean;
  readonly pressed?: boolean;
}

export function Action({ icon, label, onClick, kind = "plain", disabled, pressed }: ActionProps) {
  return (
    <button
      type="button"
      class={`action action-${kind}`}
      onClick={onClick}
      disabled={disabled ?? false}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
    >
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

interface FileActionProps extends Pick<ActionProps, "icon" | "label" | "kind"> {
  readonly onFile: (file: File) => Promise<void>;
  /** A picture, from the camera. */
  readonly photo?: boolean;
}

/** An action that asks for a file first. */
export function FileAction({ icon, label, kind = "plain", onFile, photo = false }: FileActionProps) {
  return (
    <label class={`action action-${kind} photo`}>
      <Icon name={icon} />
      <span>{label}</span>
      <input
        type="file"
        {...(photo ? { accept: "image/*", capture: "environment" } : {})}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void onFile(file);
          // Reset, so that choosing the same file again is an event too.
          currentTarget.value = "";
        }}
      />
    </label>
  );
}

export function BackAction() {
  const { router, words } = useAppContext();
  return <Action kind="small" icon="back" label={words.back} onClick={router.back} />;
}
