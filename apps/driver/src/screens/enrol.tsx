import { useState } from "preact/hooks";
import { useAppContext } from "./context.ts";
import { Action, BackAction, Frame } from "./frame.tsx";
import { UpdateBar } from "./notices.tsx";
import { UNCORRECTED } from "./uncorrected.ts";

/** The first screen of a new phone: a link from the dispatcher, opened, pasted or scanned. */
export function Enrol() {
  const { day, phone, router, words } = useAppContext();
  const invitation = phone.invitation.value;
  const token = invitation?.kind === "enrol" ? invitation.token : null;
  const [link, setLink] = useState("");
  const [busy, setBusy] = useState(false);
  const offered = token ?? tokenIn(link);
  const join = async () => {
    if (offered === null || busy) return;
    setBusy(true);
    try {
      await day.enrol(offered);
      if (day.trouble.value !== null) return;
      phone.invitation.value = null;
      router.home();
    } finally {
      setBusy(false);
    }
  };
  const isNew = day.phase.value === "not-enrolled";
  return (
    <Frame
      name="enrol"
      title={words.enrol.title}
      bars={<UpdateBar />}
      dock={
        <>
          {isNew && token === null && <Action icon="door" label={words.enrol.third} onClick={() => router.go("pin")} />}
          <span class="dock-row">
            {!isNew && token === null && <BackAction />}
            {token !== null && !isNew && (
              <Action
                kind="small"
                icon="cross"
                label={words.result.close}
                onClick={() => (phone.invitation.value = null)}
              />
            )}
            {offered === null && isNew ? (
              <Action kind="main" icon="scan" label={words.enrol.scan} onClick={() => router.go("scan")} />
            ) : (
              <Action
                kind="main"
                icon="check"
                label={busy ? words.enrol.joining : words.enrol.join}
                disabled={offered === null || busy}
                onClick={join}
              />
            )}
          </span>
        </>
      }
    >
      {!isNew && (
        <p class="bad">
          <b>{words.enrol.again}</b>
        </p>
      )}
      {token === null && (
        <>
          <p>{words.enrol.lead}</p>
          <form
            class="field"
            onSubmit={(event) => {
              event.preventDefault();
              void join();
            }}
          >
            <label for="link">{words.enrol.label}</label>
            <input
              id="link"
              inputMode="url"
              autocomplete="off"
              {...UNCORRECTED}
              autocapitalize="none"
              enterkeyhint="go"
              value={link}
              onInput={({ currentTarget }) => setLink(currentTarget.value)}
            />
          </form>
        </>
      )}
      {token !== null && isNew && <p>{words.enrol.lead}</p>}
    </Frame>
  );
}

/** What stands after the `#`, or a bare token. The address before it is ignored and never opened. */
function tokenIn(link: string): string | null {
  const token = link.trim().replace(/^.*#/s, "");
  return /^[\w-]{16,128}$/.test(token) ? token : null;
}
