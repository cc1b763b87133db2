import { describe, expect, test } from "vitest";
import { checkCircles, findCircles } from "./circles.ts";
import { treeOf } from "./clean-tree.ts";
import { checkGraph, type House } from "./graph.ts";

describe("import circles", () => {
  const files = {
    "apps/demo/src/main.ts": 'import { a } from "./a.ts";',
    "apps/demo/src/a.ts": 'import { b } from "./b.ts";\nimport "node:fs";\nimport "@doorproof/voucher";',
    "apps/demo/src/b.ts": "export const b = 1;",
  };

  test("a tree without one", () => {
    expect(checkCircles(treeOf(files))).toEqual({ faults: [], note: "no import circle in 3 files" });
  });

  test.each([
    ["of values", 'export { a } from "./a.ts";'],
    ["of a type alone", 'import type { A } from "./a.ts";'],
    ["of a type written as import()", 'type A = import("./a.ts").A;'],
    ["of a dynamic import", 'const a = await import("./a.ts");'],
    ["of a worker", 'new Worker(new URL("./a.ts", import.meta.url));'],
  ])("%s is found", (_, b) => {
    expect(checkCircles(treeOf({ ...files, "apps/demo/src/b.ts": b })).faults).toEqual([
      "2 files import each other in a circle: apps/demo/src/a.ts, apps/demo/src/b.ts",
    ]);
  });

  test("a file that imports itself is one", () => {
    expect(findCircles(new Map([["a", ["a"]]]))).toEqual([["a"]]);
  });

  test("each is told once, the largest first, and what only leads there is not in it", () => {
    const graph = new Map([
      ["in", ["a", "x"]],
      ["a", ["b"]],
      ["b", ["c", "out"]],
      ["c", ["a"]],
      ["x", ["y"]],
      ["y", ["x"]],
      ["out", []],
    ]);
    expect(findCircles(graph)).toEqual([
      ["a", "b", "c"],
      ["x", "y"],
    ]);
  });
});

describe("the graph of a house", () => {
  const house: House = { folder: "apps/shop/src", floors: ["sell", "stock", "."], mostRooms: 3, mostArrows: 3 };
  const files = {
    "apps/shop/src/sell/sell.ts": 'import "../stock/stock.ts";\nimport "../words.ts";\nimport "./price.ts";',
    "apps/shop/src/sell/price.ts": 'import "../stock/stock.ts";',
    "apps/shop/src/stock/stock.ts": 'import "../words.ts";',
    "apps/shop/src/words.ts": "",
  };
  const faultsOf = (more: Record<string, string>, houses = [house]) =>
    checkGraph(treeOf({ ...files, ...more }), houses).faults;

  test("is counted by rooms, however many imports an arrow stands for", () => {
    expect(checkGraph(treeOf(files), [house])).toEqual({ faults: [], note: "apps/shop/src: 3 rooms, 3 arrows" });
  });

  test.each<[string, Record<string, string>, string]>([
    [
      "an arrow that goes up",
      { "apps/shop/src/words.ts": 'import type { Price } from "./sell/price.ts";' },
      "apps/shop/src: an arrow from . up to sell: apps/shop/src/words.ts imports apps/shop/src/sell/price.ts",
    ],
    ["a room on no floor", { "apps/shop/src/till/till.ts": "" }, "apps/shop/src/till: stands on no floor of its house"],
    ["too many rooms", { "apps/shop/src/till/till.ts": "" }, "apps/shop/src: 4 rooms, more than 3"],
    [
      "too many arrows",
      { "apps/shop/src/till/till.ts": 'import "../words.ts";' },
      "apps/shop/src: 4 arrows, more than 3",
    ],
  ])("%s is found", (_, more, fault) => {
    expect(faultsOf(more)).toContain(fault);
  });

  test("a floor without its room is found", () => {
    expect(faultsOf({}, [{ ...house, floors: [...house.floors, "till"] }])).toEqual([
      "apps/shop/src/till: has a floor and is not there",
    ]);
  });
});
