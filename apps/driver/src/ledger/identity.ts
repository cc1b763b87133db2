import type { HeldDocument, Identity, Kind } from "../trust/documents.ts";
import { putDevice, readDevice, type Write } from "./database.ts";
import { type Device, type FormerToken, healedBy, type IssuerTime } from "./rows.ts";

// Stores whom the device trusts, and the documents that it accepted. Each function is the work of one transaction.

export async function acceptDocument(
  tx: Write,
  row: Omit<HeldDocument, "order">,
  { floor, roots }: { floor: number; roots: readonly string[] | null },
): Promise<void> {
  const documents = tx.objectStore("documents");
  const orders = (await documents.getAll()).map(({ order }) => order);
  await documents.put({ ...row, order: Math.max(0, ...orders) + 1 });
  const device = await readDevice(tx);
  const { identity } = device;
  const pinned = roots && identity && identity.kind !== "keys-pinned" ? { identity: { ...identity, roots } } : {};
  await putDevice(tx, { ...device, ...pinned, floor });
}

export async function identify(tx: Write, identity: Identity, time: IssuerTime | null): Promise<void> {
  const device = await readDevice(tx);
  for (const kind of foreignKinds(device.identity, identity)) {
    for (const key of await tx.objectStore("documents").index("kind").getAllKeys(kind)) {
      await tx.objectStore("documents").delete(key);
    }
  }
  const fresh = device.identity?.issuer === identity.issuer ? {} : { floor: 0 };
  // A person has just decided whom to trust, and so ends a local mark that a wrong clock may have left.
  await putDevice(tx, {
    ...device,
    ...fresh,
    mark: 0,
    ...(time && healedBy(time)),
    identity,
    former: await keepToken(tx, device),
    wrong: {},
    revoked: false,
    shutOut: false,
  });
}

/** What is left of the former tokens, the present one among them, if entries wait that were made under it. */
async function keepToken(tx: Write, { identity, seq, former = [] }: Device): Promise<readonly FormerToken[]> {
  const all =
    identity?.kind === "enrolled"
      ? [...former, { issuer: identity.issuer, deviceToken: identity.deviceToken, upTo: seq }]
      : former;
  return stillNeeded(tx, all);
}

/** @param refused a token that the issuer takes no more: its entries go by the next one */
export async function forgetTokens(tx: Write, refused: string | null): Promise<void> {
  const device = await readDevice(tx);
  const former = await stillNeeded(tx, device.former ?? []);
  await putDevice(tx, { ...device, former: former.filter(({ deviceToken }) => deviceToken !== refused) });
}

async function stillNeeded(tx: Write, tokens: readonly FormerToken[]): Promise<readonly FormerToken[]> {
  const entries = tx.objectStore("entries");
  const [pending = Number.POSITIVE_INFINITY] = await entries.index("pending").getAllKeys(undefined, 1);
  const [buried = Number.POSITIVE_INFINITY] = await entries.index("buried").getAllKeys(undefined, 1);
  return tokens.filter(({ upTo }) => upTo >= Math.min(pending, buried));
}

// Versions count per route, and documents of one issuer mean nothing at another.
function foreignKinds(before: Identity | null, after: Identity): readonly Kind[] {
  if (before === null || before.issuer !== after.issuer) return ["keys", "revocations", "manifest"];
  if (before.kind === "keys-pinned" || after.kind === "keys-pinned") return ["keys", "revocations", "manifest"];
  if (before.kind === "root-pinned" && after.kind === "root-pinned") return [];
  const same = before.kind === "enrolled" && after.kind === "enrolled" && before.route === after.route;
  return same ? [] : ["manifest"];
}
