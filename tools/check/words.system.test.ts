import { describe, expect, test } from "vitest";
import { checkWords } from "./words.ts";

const treeOf = (files: Readonly<Record<string, string>>) => ({
  files: Object.keys(files).sort(),
  read: (path: string) => files[path] ?? "",
});

const FORMAT = `
| word | means | is not |
| --- | --- | --- |
| voucher | the signed bytes | ticket, token |
| delivery | what is brought | order, parcel |
`;

const GLOSSARY = `
| word | means | is not | judged in |
| --- | --- | --- | --- |
| they | anybody | he, his | prose |
| token | a secret that lets in | | |
| back office | the shipper's own system | | |
| operations | what the command line may call | office | both |
| context | what a command knows | \`World\` | names |
| format | to make text of a value | \`say()\` | names |
| master | the key of keys | master key | both |

| said | in | because |
| --- | --- | --- |
| order | \`src/bytes.ts\` | the sequence of bytes |
`;

const CLEAN = {
  "docs/format.md": FORMAT,
  "docs/glossary.md": GLOSSARY,
  "docs/page.md":
    "A parcel is brought by a courier; they have a token. Their back office says `office`.\n\n```\nhe\n```\n",
  "src/bytes.ts": "export const order = (a, b) => compare(a, b);",
  "src/issue.ts": [
    'import { order as inOffice } from "foreign";',
    "/** The parcel, {@link World}. */",
    "const { said } = inOffice.order.parcel.World;",
    "const backOffice = (world, says) => world;",
    "interface Worlds { token: string; helper: () => void }",
    'const text = "the parcel is at the door, by order of the shipper";',
  ].join("\n"),
};

test("what says the words, or the others where they mean something else", () => {
  expect(checkWords(treeOf(CLEAN)).faults).toEqual([]);
});

describe("a word that is not the word", () => {
  test.each([
    {
      where: "a variable",
      files: { "src/a.ts": "\nconst order = 1;" },
      fault: 'src/a.ts:2: "order" says order: delivery',
    },
    { where: "a part of a name", files: { "src/a.ts": "let orderMac;" }, fault: '"orderMac" says order' },
    { where: "the plural", files: { "src/a.ts": "let importOrders;" }, fault: '"importOrders" says order' },
    { where: "capitals", files: { "src/a.ts": "const MAX_ORDER = 1;" }, fault: '"MAX_ORDER" says order' },
    { where: "a parameter", files: { "src/a.ts": "const f = (order) => 1;" }, fault: '"order" says order' },
    { where: "a parameter with a default", files: { "src/a.ts": "function f(order = 1) {}" }, fault: '"order" says' },
    { where: "a key", files: { "src/a.ts": "f({ order: 1 });" }, fault: '"order" says order' },
    { where: "a type", files: { "src/a.ts": "type Order = 1;" }, fault: '"Order" says order' },
    { where: "a field", files: { "src/a.ts": "interface A { parcel: 1 }" }, fault: '"parcel" says parcel' },
    { where: "a private field", files: { "src/a.ts": "class A { #parcel = 1 }" }, fault: '"parcel" says parcel' },
    { where: "a code", files: { "src/a.ts": 'refuse("invalid-order");' }, fault: '"invalid-order" says order' },
    { where: "a file", files: { "src/order.ts": "" }, fault: 'src/order.ts:1: "order" says order' },
    { where: "a folder", files: { "orders/a.ts": "" }, fault: 'orders/a.ts:1: "orders" says order' },
    { where: "a whole name", files: { "src/a.ts": "interface World {}" }, fault: '"World" says World: context' },
    { where: "a function's verb", files: { "src/a.ts": "function sayWhy() {}" }, fault: '"sayWhy" says say(): format' },
    { where: "a method's", files: { "src/a.ts": "const a = { say: () => 1 };" }, fault: '"say" says say()' },
    {
      where: "a comment",
      files: { "src/a.ts": "\n// What he\n// holds." },
      fault: 'src/a.ts:2: "What he" says he: they',
    },
    { where: "a line of a doc comment", files: { "src/a.ts": "/**\n * his\n */" }, fault: "src/a.ts:2: " },
    { where: "a sentence", files: { "src/a.ts": 'tell("he has it");' }, fault: '"he has it" says he' },
    { where: "a template", files: { "src/a.ts": "tell(`he has it`);" }, fault: '"he has it" says he' },
    {
      where: "a sentence in markup",
      files: { "src/a.tsx": "const a = <p>he has it</p>;" },
      fault: '"he has it" says he',
    },
    { where: "a page", files: { "docs/a.md": "# A\n\nHis device." }, fault: 'docs/a.md:3: "His device." says his' },
    { where: "a page's two words", files: { "docs/a.md": "A master key." }, fault: '"A master key." says master key' },
    { where: "a style's comment", files: { "a.css": "p { order: 1 } /* he */" }, fault: 'a.css:1: "/* he */" says he' },
    { where: "a transcript", files: { "test/a.txt": "the office" }, fault: 'test/a.txt:1: "the office" says office' },
    { where: "one beside the other", files: { "src/a.ts": "let voucherToken;" }, fault: '"voucherToken" says token' },
  ])("$where", ({ files, fault }) => {
    const { faults } = checkWords(treeOf({ ...CLEAN, ...files }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });
});

describe("a glossary", () => {
  const withLine = (line: string) => checkWords(treeOf({ ...CLEAN, "docs/glossary.md": `${GLOSSARY}${line}\n` }));

  test("that excepts what nobody says", () => {
    expect(withLine("| parcel | `src/bytes.ts` | a parcel of bytes |").faults).toEqual([
      "docs/glossary.md: parcel is not said in src/bytes.ts: strike the exception",
    ]);
  });

  test("that excepts for no reason", () => {
    expect(() => withLine("| parcel | `src/bytes.ts` | |")).toThrow("for no reason");
  });

  test("that is judged nowhere", () => {
    const glossary = GLOSSARY.replace("he, his | prose", "he, his | speech");
    expect(() => checkWords(treeOf({ ...CLEAN, "docs/glossary.md": glossary }))).toThrow('"speech"');
  });
});
