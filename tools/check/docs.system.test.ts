import { describe, expect, test } from "vitest";
import { CLEAN, treeOf } from "./clean-tree.ts";
import { checkDocs } from "./docs.ts";

describe("documents", () => {
  const files = {
    ...CLEAN,
    "package.json": '{ "scripts": { "test": "vitest run" } }',
    "docs/format.md": "## Order of refusals\n\n`expired`",
    "packages/voucher/vectors/refused.json": '[{ "expect": { "code": "expired" } }]',
    "README.md": [
      "[order](docs/format.md#order-of-refusals) [folder](docs/) [web](https://example.org)",
      "<!-- run -->",
      "```ts",
      "process.exitCode = 0;",
      "```",
      "`npx -y pnpm@12.21.0 test`",
      "`apps/cli/src/main.ts`, `apps/cli/src/NAME.ts`, `apps/cli/src/`, `docs/SUBJECT/pages`, `src/*.ts`",
    ].join("\n"),
  };

  test("that say what is so have no fault of these kinds", async () => {
    const { faults } = await checkDocs(treeOf(files));
    expect(
      faults.filter((fault) => /expired|README\.md: (links|names|pnpm|its example|no example)/.test(fault)),
    ).toEqual([]);
  });

  test.each([
    { readme: "[order](docs/formats.md)", fault: "README.md: links to docs/formats.md, which is not there" },
    {
      readme: "[order](docs/format.md#disorder)",
      fault: "README.md: links to docs/format.md#disorder, which no heading",
    },
    { readme: "`apps/cli/src/gone.ts`", fault: "README.md: names apps/cli/src/gone.ts, which is not there" },
    { readme: "`apps/gone/NAME.ts`", fault: "README.md: names apps/gone/NAME.ts, which is not there" },
    { readme: "`src/gone.ts`", fault: "README.md: names src/gone.ts, which is not there" },
    { readme: "`pnpm try`", fault: "README.md: pnpm try is no script" },
    { readme: "", fault: "README.md: no example is marked" },
    {
      readme: "<!-- run -->\n```ts\nthrow new RangeError('gone');\n```",
      fault: "README.md: its example fails: RangeError: gone",
    },
    { readme: "<!-- run -->\n```sh\nfalse\n```", fault: "README.md: its example fails: Command failed" },
    { readme: "<!-- run -->\n```cobol\nSTOP RUN.\n```", fault: 'README.md: cannot run an example in "cobol"' },
  ])("README.md with $readme", async ({ readme, fault }) => {
    const { faults } = await checkDocs(treeOf({ ...files, "README.md": readme }));
    expect(faults.join("\n")).toContain(fault);
  });

  test("an example of the page that npm shows", async () => {
    const page = "# @doorproof/door\n<!-- run -->\n```ts\nthrow new RangeError('gone');\n```";
    const { faults } = await checkDocs(treeOf({ ...files, "packages/door/README.md": page }));
    expect(faults).toContain("packages/door/README.md: its example fails: RangeError: gone");
  });

  test("a page that npm shows without an example", async () => {
    const { faults } = await checkDocs(treeOf({ ...files, "packages/door/README.md": "# @doorproof/door" }));
    expect(faults).toContain("packages/door/README.md: no example is marked <!-- run -->");
  });

  test("a code that no page and no vector names", async () => {
    const { faults } = await checkDocs(treeOf(files));
    expect(faults).toContain("docs/format.md: does not name the code revoked");
    expect(faults).toContain("packages/voucher/vectors: no case ends in revoked");
  });

  test("a room without its page", async () => {
    expect((await checkDocs(treeOf(files))).faults).toContain("packages/voucher/README.md: does not exist");
  });
});
