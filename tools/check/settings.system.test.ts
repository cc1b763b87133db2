import { describe, expect, test } from "vitest";
import { checkSettings } from "./settings.ts";

const treeOf = (files: Readonly<Record<string, string>>) => ({
  files: Object.keys(files).sort(),
  read: (path: string) => files[path] ?? "",
});

const PAGE = `
| name | default | meaning | example |
| --- | --- | --- | --- |
| \`PORT\` | \`8080\` | the port to listen on | \`8081\` |
| \`LOG_LEVEL\` | \`info\` in production, else \`warn\` | what is logged | \`info\` |
| \`DATA_SECRET\` | from a file | what is encrypted with | \`openssl rand -hex 32\` |
| \`DATA_SECRET_FILE\` | none | that file | \`/run/secrets/data\` |

| name | default | meaning | example |
| --- | --- | --- | --- |
| \`NO_COLOR\` | none | no colours | \`1\` |
| \`TZ\` | the machine's | the zone | \`Europe/London\` |
`;

const CODE = {
  "docs/operations.md": PAGE,
  "apps/issuer/src/config.ts": `
    const Environment = Type.Object({
      PORT: Type.Integer({ minimum: 1, default: 8080 }),
      LOG_LEVEL: Type.Optional(Type.Enum(["info", "warn"])),
    });
    const SECRET_NAMES = ["DATA_SECRET"] as const;
    const read = (environment, name) => environment[name] ?? environment[\`\${name}_FILE\`];`,
  "apps/cli/src/terminal.ts": 'const hasColour = !environment["NO_COLOR"] && process.env.PATH !== "";',
  "tools/chromium.ts": "process.env.TMPDIR = draft; // process.env.LEFT_OUT",
};

test("a page that says what is so", () => {
  expect(checkSettings(treeOf(CODE))).toEqual({ faults: [], note: "6 settings as docs/operations.md has them" });
});

describe("a page and code that differ", () => {
  const without = (line: string) => ({
    "docs/operations.md": PAGE.replace(new RegExp(`^\\| \`${line}\`.*\\n`, "m"), ""),
  });
  const withRow = (row: string) => ({ "docs/operations.md": PAGE.replace("| `TZ`", `${row}\n| \`TZ\``) });

  test.each([
    { differs: "a field", files: without("PORT"), fault: "does not name PORT, which apps/issuer/src/config.ts reads" },
    { differs: "a secret", files: without("DATA_SECRET"), fault: "does not name DATA_SECRET, which" },
    { differs: "its file", files: without("DATA_SECRET_FILE"), fault: "does not name DATA_SECRET_FILE, which" },
    { differs: "the command line", files: without("NO_COLOR"), fault: "does not name NO_COLOR, which apps/cli/src" },
    {
      differs: "a new setting",
      files: { "apps/issuer/src/zone.ts": "const { zone } = zones[env.ZONE];" },
      fault: "does not name ZONE, which apps/issuer/src/zone.ts reads",
    },
    {
      differs: "a setting that is gone",
      files: withRow("| `GONE` | none | nothing | `1` |"),
      fault: "names GONE, which nothing reads",
    },
    {
      differs: "a default",
      files: { "docs/operations.md": PAGE.replace("`8080`", "`80`") },
      fault: 'the default of PORT is "8080", not `80`',
    },
    {
      differs: "a default that is said and is none",
      files: { "docs/operations.md": PAGE.replace("`info` in production, else `warn`", "`info`") },
      fault: 'the default of LOG_LEVEL is "", not `info`',
    },
    {
      differs: "an example that is refused",
      files: { "docs/operations.md": PAGE.replace("`8081`", "`80 81`") },
      fault: "the example of PORT is refused: PORT: a number",
    },
  ])("$differs", ({ files, fault }) => {
    const { faults } = checkSettings(treeOf({ ...CODE, ...files }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test("no page at all", () => {
    expect(checkSettings(treeOf({ ...CODE, "docs/operations.md": "" })).faults).toHaveLength(5);
  });
});
