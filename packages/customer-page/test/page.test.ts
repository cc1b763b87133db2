import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { html } from "../src/html.ts";
import { headers, languages, renderPage, renderQrPng, renderQrSvg } from "../src/index.ts";
import { catalogues } from "../src/language.ts";
import { stylesheet, stylesheetHash } from "../src/style.ts";
import { allViews, longestText, overStates, readyView, shortCode } from "./views.ts";

test("a stranger's text turns the direction of nothing that stands beside it", () => {
  expect(html`<p title="${"a\u202eb"}">${"\u2067Flat 3\u200f"} ${[html`${"\u061cx"}`]}</p>`.markup).toBe(
    '<p title="ab">Flat 3 x</p>',
  );
});

describe.each(languages)("%s", (language) => {
  const words = catalogues[language];

  test("ready: QR, code, rule, expiry", () => {
    const page = renderPage(readyView(language));
    expect(page).toContain(`<html lang="${language}" dir="${words.dir}">`);
    expect(page.match(/<svg xmlns/g)).toHaveLength(1);
    expect(page).toContain("<span>7KQ4M-</span><span>2XN8P</span>");
    expect(page).toContain('<time datetime="2026-11-22T18:00:00.000Z">');
    for (const text of [words.title, words.rule, words.nobody, words.refuse, words.validUntil])
      expect(page).toContain(html`${text}`.markup);
  });

  test("ready: the code is spelled for the voice, once in the list and once for a screen reader", () => {
    const page = renderPage(readyView(language));
    const { spelling } = words;
    for (const character of shortCode) {
      const word = Object.entries(spelling).find(([key]) => key === character)?.[1] ?? "missing";
      expect(page).toContain(`<li><b>${character}</b> ${word}</li>`);
    }
    expect(page).toContain(
      `aria-label="${spelling[7]}, K ${spelling.K}, Q ${spelling.Q}, ${spelling[4]}, M ${spelling.M}, `,
    );
  });

  test.each(overStates)("%s: says so, shows neither QR nor code", (state) => {
    const page = renderPage({ language, state });
    expect(page).toContain(html`${words[state].title}`.markup);
    expect(page).toContain(html`${words[state].text}`.markup);
    expect(page).not.toMatch(/<svg xmlns|class="(?:qr|code)"|<ol|<a |aria-label/);
  });
});

test.each<[language: (typeof languages)[number], timeZone: string, time: string, zone: string]>([
  ["en", "Europe/London", "Sunday 22 November at 18:00", "Greenwich Mean Time"],
  ["de", "Europe/Berlin", "Sonntag, 22. November um 19:00", "Mitteleuropäische Normalzeit"],
  ["fr", "Europe/Paris", "dimanche 22 novembre à 19:00", "heure normale d&#39;Europe centrale"],
  ["pt", "Europe/Lisbon", "domingo, 22 de novembro às 18:00", "Hora padrão da Europa Ocidental"],
])("the expiry in %s, %s", (language, timeZone, time, zone) => {
  const page = renderPage({ ...readyView(language), timeZone }).replaceAll("’", "&#39;");
  expect(page).toContain(`<b>${time}</b> <span>${zone}</span>`);
});

describe("HTML", () => {
  test("every hole of the template is escaped", () => {
    expect(html`<p title="${`"'`}">${"<b>&</b>"}</p>`.markup).toBe(
      '<p title="&#34;&#39;">&#60;b&#62;&#38;&#60;/b&#62;</p>',
    );
  });

  test("so nothing that the issuer hands over becomes markup", () => {
    const page = renderPage({ ...readyView("en"), links: { svg: `"><img src=x>`, png: `'"><script>` } });
    expect(page).not.toMatch(/<img|<script/);
  });

  test("a code with another character is refused, not drawn", () => {
    expect(() => renderPage({ ...readyView("en"), shortCode: "7KQ4M2X<8P" })).toThrow(RangeError);
  });

  test.each(allViews.map((view) => [view.language, view.state, view] as const))(
    "%s %s has no script, no handler, no style of its own",
    (_, __, view) => {
      const page = renderPage(view);
      expect(page).not.toMatch(/<script|<link|<img|<iframe|<form|<base|\son\w+=|\sstyle=|javascript:|@import|url\(/i);
      expect(page.match(/<style>/g)).toHaveLength(1);
    },
  );
});

describe("headers", () => {
  test("the policy names the stylesheet by the hash that it has", () => {
    const hash = `sha256-${createHash("sha256").update(stylesheet).digest("base64")}`;
    expect(stylesheetHash).toBe(hash);
    expect(renderPage({ language: "en", state: "used" })).toContain(`<style>${stylesheet}</style>`);
  });

  test("nothing else is allowed, nothing is kept or told on", () => {
    expect(headers).toEqual({
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; style-src '${stylesheetHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      vary: "accept-language",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex, nofollow",
    });
  });
});

test.each(languages)(
  "%s: the page and both pictures, of the longest voucher, stay under 20 kB together",
  async (language) => {
    const page = renderPage({ ...readyView(language), voucherText: longestText });
    const bytes =
      Buffer.byteLength(page) + Buffer.byteLength(renderQrSvg(longestText)) + (await renderQrPng(longestText)).length;
    expect(bytes).toBeLessThan(20_000);
  },
);
