import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Day, LogView, Readiness, StopView } from "../src/day.ts";
import type { Outcome } from "../src/outcome.ts";
import type { TestIssuer } from "./issuer.ts";
import type { Stage } from "./page.ts";
import { NOW } from "./world.ts";

declare const stage: Stage;

export interface Seen {
  readonly phase: string;
  readonly owner: boolean;
  readonly stops: readonly StopView[];
  readonly open: string | null;
  readonly readiness: Readiness;
  readonly outcome: Outcome | null;
  readonly pause: { readonly deliveryId: string; readonly until: number } | null;
  readonly log: readonly LogView[];
  readonly trouble: string | null;
}

type Verb = Exclude<
  { [Name in keyof Day]: Day[Name] extends (...args: never[]) => unknown ? Name : never }[keyof Day],
  undefined
>;

/** A driver's phone: one profile of a real browser, with the day running in a page. */
export interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Calls a verb of the day, waits for its end, and looks. */
  call<Name extends Verb>(verb: Name, ...args: Parameters<Day[Name]>): Promise<Seen>;
  seen(): Promise<Seen>;
  advance(seconds: number): Promise<void>;
  setClock(now: number): Promise<void>;
  /** Enrols, and waits for the first sync. */
  enrol(): Promise<Seen>;
  /** A second tab of the same app. */
  secondTab(): Promise<Page>;
  /** Ends the page without a word, at whatever it was, and starts it again. */
  crash(): Promise<void>;
  /** Waits until no sync runs. */
  settled(): Promise<Seen>;
  close(): Promise<void>;
}

let phones = 0;

/** @param profile one that lies on the disk; else one in memory, that ends with the phone */
export async function openPhone(browser: Browser, issuer: TestIssuer, profile?: BrowserContext): Promise<Phone> {
  const context = profile ?? (await browser.newContext());
  const page = await context.newPage();
  const db = `db-${++phones}`;
  await visit(page, issuer, db, NOW);
  let clock = NOW;

  const phone: Phone = {
    context,
    page,
    call: async (verb, ...args) => {
      await page.evaluate(
        async ([verb, args]) => {
          await (stage.day[verb as "typed"] as (...args: unknown[]) => unknown)(...args);
        },
        [verb, args] as [string, unknown[]],
      );
      return phone.seen();
    },
    seen: () => page.evaluate(() => stage.seen()) as Promise<unknown> as Promise<Seen>,
    advance: async (seconds) => {
      clock += seconds;
      await page.evaluate((ms) => stage.advance(ms), seconds * 1000);
    },
    setClock: async (now) => {
      clock = now;
      await page.evaluate((now) => {
        stage.now = now;
      }, now);
    },
    enrol: async () => {
      const token = crypto.randomUUID();
      issuer.enrolments.add(token);
      await phone.call("enrol", token);
      return phone.settled();
    },
    crash: async () => {
      await visit(page, issuer, db, clock);
    },
    secondTab: async () => {
      const tab = await context.newPage();
      await visit(tab, issuer, db, clock);
      return tab;
    },
    settled: async () => {
      await page.waitForFunction(() => !stage.day.readiness.value.syncing && stage.day.readiness.value.sync !== null);
      return phone.seen();
    },
    close: () => context.close(),
  };
  return phone;
}

async function visit(page: Page, { origin }: TestIssuer, db: string, now: number): Promise<void> {
  await page.goto(`${origin}/driver/?db=${db}&now=${now}&start`);
  await page.waitForFunction(() => document.title === "ready");
}
