// The import table says who may; this says how many do. A house in which every room opens into every other obeys its
// table and can still not be learned: so rooms are counted, arrows are counted, and each arrow goes down.

import { type ImportGraph, readImportGraph } from "./circles.ts";
import type { Finding, Tree } from "./tree.ts";

/** A folder whose subfolders are rooms; the files that lie beside them are one room more, called `.`. */
export interface House {
  readonly folder: string;
  /** From the top down: a room may import those below it. */
  readonly floors: readonly string[];
  readonly mostRooms: number;
  readonly mostArrows: number;
}

/** The numbers are raised by whoever adds a room, in the same commit and with the reason. */
export const HOUSES: readonly House[] = [
  {
    folder: "apps/issuer/src/domain",
    floors: ["redemptions", "access", "personal-data", "dispatch", "vouchers", "messages", "clock", "audit", "."],
    // Nine with `clock` and `personal-data`: whose clock is believed, and what is forgotten, are no other subject's.
    mostRooms: 9,
    mostArrows: 21,
  },
  {
    folder: "apps/driver/src",
    floors: [".", "screens", "languages", "day", "door", "sync", "ledger", "trust", "hardware", "sw"],
    mostRooms: 12,
    mostArrows: 40,
  },
];

export function checkGraph(tree: Tree, houses: readonly House[] = HOUSES): Finding {
  const graph = readImportGraph(tree);
  const drawn = houses.map((house) => ({ house, ...draw(house, graph) }));
  return {
    faults: drawn.flatMap(judge),
    note: drawn
      .map(({ house, rooms, arrows }) => `${house.folder}: ${rooms.length} rooms, ${arrows.length} arrows`)
      .join("; "),
  };
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  /** One import that draws it. */
  readonly because: string;
}

interface Drawing {
  readonly rooms: readonly string[];
  readonly arrows: readonly Arrow[];
}

function draw({ folder }: House, graph: ImportGraph): Drawing {
  const roomOf = (path: string) => {
    if (!path.startsWith(`${folder}/`)) return undefined;
    const [room = "", inside] = path.slice(folder.length + 1).split("/");
    return inside === undefined ? "." : room;
  };
  const rooms = new Set<string>();
  const arrows = new Map<string, Arrow>();
  for (const [path, targets] of graph) {
    const from = roomOf(path);
    if (from === undefined) continue;
    rooms.add(from);
    for (const target of targets) {
      const to = roomOf(target);
      if (to !== undefined && to !== from)
        arrows.set(`${from} ${to}`, { from, to, because: `${path} imports ${target}` });
    }
  }
  return { rooms: [...rooms].sort(), arrows: [...arrows.values()] };
}

function judge({ house, rooms, arrows }: Drawing & { house: House }): readonly string[] {
  const { folder, floors, mostRooms, mostArrows } = house;
  const floor = (room: string) => floors.indexOf(room);
  return [
    ...rooms
      .filter((room) => !floors.includes(room))
      .map((room) => `${folder}/${room}: stands on no floor of its house`),
    ...floors.filter((room) => !rooms.includes(room)).map((room) => `${folder}/${room}: has a floor and is not there`),
    ...arrows
      .filter(({ from, to }) => floor(from) > floor(to) && floor(to) >= 0)
      .map(({ from, to, because }) => `${folder}: an arrow from ${from} up to ${to}: ${because}`),
    ...(rooms.length > mostRooms ? [`${folder}: ${rooms.length} rooms, more than ${mostRooms}`] : []),
    ...(arrows.length > mostArrows ? [`${folder}: ${arrows.length} arrows, more than ${mostArrows}`] : []),
  ];
}
