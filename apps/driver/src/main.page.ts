import { signal } from "@preact/signals";
import { runApp } from "./app.ts";
import { openBrowser } from "./browser.ts";
import { startDay } from "./day/start-day.ts";
import { warmDecoder } from "./hardware/camera.ts";
import { openLedger } from "./ledger/ledger.ts";
import { NO_UPDATE } from "./sw/no-update.ts";
import { adopt, readPublished } from "./sync/published.ts";
import { withoutNetwork } from "./sync/without-network.ts";

// The verifier page: the app as one file, with an issuer's keys inside. It uses no network. Only main.* asks a clock or
// draws a random number.

const published = readPublished(document.getElementById("published")?.textContent);

const now = () => Math.floor(Date.now() / 1000);
/** An address that no link has: `.invalid` is reserved. */
const base = "https://network.invalid/";
// Pages of several issuers may share one origin, that of files.
const ledgerName = `doorproof ${published.issuer}`;

const day = startDay({
  ...openBrowser(),
  openLedger: async () => {
    const ledger = await openLedger(ledgerName);
    await adopt(ledger, published, now());
    return ledger;
  },
  ledgerName,
  now,
  ticks: () => performance.now(),
  uuid: () => crypto.randomUUID(),
  base,
  sync: (memory) => withoutNetwork({ now, base }, memory),
});

runApp({ day, now, network: false, update: NO_UPDATE, invitation: signal(null) });
requestAnimationFrame(() => setTimeout(warmDecoder, 300));
