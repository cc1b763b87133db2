import type { DeviceEnd } from "@doorproof/api/lists";
import { append } from "../audit/index.ts";
import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import type { DeviceRow, DispatchDeps, DispatchRows } from "./rows.ts";

/** A driver's phone. Times are seconds since 1970. */
export interface Device {
  readonly id: string;
  readonly route: string;
  readonly enrolledAt: number;
  readonly lastSeenAt: number;
  /** When its token ended; null: it is the route's. */
  readonly revokedAt: number | null;
  readonly endedBy: DeviceEnd | null;
  /** The manifest that was sent to it last; null: none yet. */
  readonly fetchedVersion: number | null;
  /** The latest one that it said it has: that it was sent does not prove that it arrived. */
  readonly heldVersion: number | null;
  /** Numbers missing among the entries that it uploaded. */
  readonly gaps: readonly Gap[];
}

export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Newest first, those whose token has ended among them. */
export async function listDevices({ store }: DispatchDeps): Promise<readonly Device[]> {
  const devices: Device[] = [];
  for (const row of await store.listDevices()) devices.push(await viewDevice(store, row));
  return devices;
}

/**
 * Revokes a device's token, as when the phone is lost, or was replaced and turns out to be in a stranger's hands. It
 * keeps its manifest until that expires, and so other routes wait for its stops until then; nothing on it can open a
 * seal. What it reports from before its end is kept for a person to look at.
 *
 * @throws {IssueError} `device-unknown`: there is none, or it was revoked before
 */
export async function revokeDevice(deps: DispatchDeps, id: string, actor: Actor): Promise<Device> {
  const now = deps.now();
  return deps.store.transaction(async (rows) => {
    const device = await rows.findDevice(id);
    if (!device || device.endedBy === "revoked") throw new IssueError("device-unknown", "there is no such device");
    // Of one that was replaced already, the earlier moment stands: it may report nothing that is later.
    const end = { revokedAt: device.revokedAt ?? now, endedBy: "revoked" } as const;
    await rows.setDevice(id, end);
    await append(rows, "device-revoked", { deps, actor, now, reason: `${id} of ${device.route}` });
    return viewDevice(rows, { ...device, ...end });
  });
}

export async function viewDevice(rows: Pick<DispatchRows, "seqsOf">, device: DeviceRow): Promise<Device> {
  const { id, route, enrolledAt, lastSeenAt, revokedAt, endedBy, servedVersion, heldVersion } = device;
  const gaps = findGaps(await rows.seqsOf(reporterOf({ kind: "device", id }), { from: 0 }));
  const versions = { fetchedVersion: servedVersion || null, heldVersion: heldVersion || null };
  return { id, route, enrolledAt, lastSeenAt, revokedAt, endedBy, ...versions, gaps };
}

/** @param seqs ascending */
export function findGaps(seqs: readonly number[]): readonly Gap[] {
  return seqs.flatMap((seq, index) => {
    const before = seqs[index - 1] ?? seq - 1;
    return seq > before + 1 ? [{ from: before + 1, to: seq - 1 }] : [];
  });
}

/** How whoever reports is named in rows. */
export function reporterOf({ kind, id }: Pick<Actor, "kind" | "id">): string {
  return `${kind}:${id}`;
}
