import { useState } from "preact/hooks";
import type { PinSource } from "../trust/pin-source.ts";
import { useAppContext } from "./context.ts";
import { Action, BackAction, FileAction, Frame } from "./frame.tsx";
import { UNCORRECTED } from "./uncorrected.ts";

/**
 * A courier without a route: whose vouchers this phone checks, and with which keys. Also for a file of stops that are
 * sealed for them.
 */
export function Pin() {
  const { day, phone, router, words } = useAppContext();
  const invitation = phone.invitation.value;
  const [text, setText] = useState(invitation?.kind === "pin" ? invitation.text : "");
  const [issuer, setIssuer] = useState("");
  const [busy, setBusy] = useState(false);
  const [unnamed, setUnnamed] = useState<PinSource | null>(null);
  const pin = async (source: PinSource) => {
    setBusy(true);
    const named = issuer.trim() === "" ? source : { ...source, issuer: issuer.trim() };
    try {
      await day.pin(named);
      if (day.trouble.value === "issuer-unnamed") setUnnamed(source);
      if (day.trouble.value !== null) return;
      phone.invitation.value = null;
      router.home();
    } finally {
      setBusy(false);
    }
  };
  const source: PinSource | null = unnamed ?? (text.trim() === "" ? null : { text: text.trim() });
  return (
    <Frame
      name="pin"
      title={words.pin.title}
      dock={
        <>
          <FileAction
            icon="log"
            label={words.pin.file}
            onFile={async (file) => pin({ bytes: new Uint8Array(await file.arrayBuffer()) })}
          />
          <span class="dock-row">
            <BackAction />
            {source ? (
              <Action
                kind="main"
                icon="check"
                label={words.pin.take}
                disabled={busy}
                onClick={() => void pin(source)}
              />
            ) : (
              <Action kind="main" icon="scan" label={words.pin.scan} onClick={() => router.go("scan")} />
            )}
          </span>
        </>
      }
    >
      <p>{words.pin.lead}</p>
      <p class="soft">{words.notes["assignment-not-checked"]}</p>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          if (source) void pin(source);
        }}
      >
        <label for="keys">{words.pin.label}</label>
        <textarea
          id="keys"
          rows={3}
          autocomplete="off"
          {...UNCORRECTED}
          autocapitalize="none"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        {unnamed && (
          <>
            <label for="issuer">{words.pin.issuer}</label>
            <input id="issuer" value={issuer} onInput={({ currentTarget }) => setIssuer(currentTarget.value)} />
          </>
        )}
      </form>
    </Frame>
  );
}
