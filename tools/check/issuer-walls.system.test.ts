import { expect, test } from "vitest";
import { checkLayers } from "./layers.ts";
import type { Tree } from "./tree.ts";

// The walls inside the issuer: each import stands in a tree of nothing else, and is found at its place for its reason.

test.each([
  {
    name: "a subject of the domain past another's index",
    path: "domain/dispatch/stops.ts",
    specifier: "../vouchers/lifecycle.ts",
  },
  {
    name: "an arrow that runs up, from vouchers to dispatch",
    path: "domain/vouchers/issue.ts",
    specifier: "../dispatch/index.ts",
  },
  {
    name: "an arrow that runs up, from messages to vouchers",
    path: "domain/messages/outbox.ts",
    specifier: "../vouchers/index.ts",
  },
  { name: "a rule that reaches for the store", path: "domain/audit/append.ts", specifier: "../../store/store.ts" },
  { name: "a handler of another's handler", path: "http/audit/events.ts", specifier: "../redemptions/redemptions.ts" },
  {
    name: "a subject in what all handlers share",
    path: "http/frame/paging.ts",
    specifier: "../../domain/vouchers/index.ts",
  },
  { name: "rows of another subject, in SQL", path: "store/sql/audit.ts", specifier: "../../domain/vouchers/index.ts" },
  {
    name: "rows of another subject, in memory",
    path: "store/memory/audit.ts",
    specifier: "../../domain/vouchers/index.ts",
  },
  { name: "a gateway that knows more than messages", path: "gateways/log.ts", specifier: "../domain/ports.ts" },
  { name: "an import that takes its times from HTTP", path: "import/import.ts", specifier: "../http/frame/time.ts" },
  { name: "keys that know a handler", path: "keys/init.ts", specifier: "../http/open/keys.ts" },
  { name: "the memory store in production", path: "compose.ts", specifier: "./store/memory.ts" },
])("$name is found", async ({ path, specifier }) => {
  const file = `apps/issuer/src/${path}`;
  const { faults } = await checkLayers(treeOf({ [file]: `import "${specifier}";` }));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`${file}:1: imports ${specifier}: not in the import table`);
});

test.each([
  { name: "the index of a subject below", path: "domain/dispatch/stops.ts", specifier: "../vouchers/index.ts" },
  { name: "a handler's own subject", path: "http/audit/events.ts", specifier: "../../domain/audit/index.ts" },
  { name: "a subject's own rows", path: "store/sql/audit.ts", specifier: "../../domain/audit/index.ts" },
  { name: "the port of messages", path: "gateways/log.ts", specifier: "../domain/messages/index.ts" },
])("$name may be imported", async ({ path, specifier }) => {
  const { faults } = await checkLayers(treeOf({ [`apps/issuer/src/${path}`]: `import "${specifier}";` }));
  expect(faults).toEqual([]);
});

function treeOf(files: Readonly<Record<string, string>>): Tree {
  return { files: Object.keys(files), read: (path) => files[path] ?? "" };
}
