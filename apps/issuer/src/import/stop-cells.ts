import { ASKS, TAKERS } from "@doorproof/api/lists";
import type { Fault } from "../domain/errors.ts";
import type { StopRequest } from "../domain/vouchers/index.ts";

type Field = "label" | "name" | "address" | "hint" | "parcels" | "call" | "asks" | "takers";

/**
 * What of a row is its driver's to read. Of `parcels`, `asks` and `takers` several stand in one cell, with spaces
 * between; `label` is another name for the address.
 */
export function readStopCells(cell: (field: Field) => string | undefined): { request: StopRequest; faults: Fault[] } {
  const faults: Fault[] = [];
  const words = <Word extends string>(field: Field, known: readonly Word[]): readonly Word[] | undefined => {
    const said = cell(field)
      ?.split(/\s+/)
      .filter((word) => word !== "");
    const isKnown = (word: string): word is Word => known.some((one) => one === word);
    if (said?.every(isKnown)) return said;
    if (said)
      faults.push({ pointer: `/${field}`, code: "not-accepted", detail: `${field} are of ${known.join(", ")}` });
    return undefined;
  };
  const [name, hint, call] = [cell("name"), cell("hint"), cell("call")];
  const [label, asks, takers] = [cell("label"), words("asks", ASKS), words("takers", TAKERS)];
  if (label !== undefined && cell("address") !== undefined)
    faults.push({ pointer: "/label", code: "label", detail: "a label is the address: give one of them" });
  const address = cell("address") ?? label;
  const parcels = cell("parcels")
    ?.split(/\s+/)
    .filter((parcel) => parcel !== "");
  const isNamed = name !== undefined || address !== undefined || hint !== undefined;
  const request: StopRequest = {
    ...(isNamed ? { label: { name, address, hint } } : {}),
    ...(parcels === undefined ? {} : { parcels }),
    ...(call === undefined ? {} : { call }),
    ...(asks === undefined ? {} : { asks }),
    ...(takers === undefined ? {} : { takers }),
  };
  return { request, faults };
}
