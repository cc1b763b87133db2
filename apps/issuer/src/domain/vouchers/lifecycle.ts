import type { ConflictCode, VoucherStatus } from "@doorproof/api/lists";
import { IssueError } from "../errors.ts";

export type DeliveryState = "open" | "delivered" | "cancelled";

/** A delivery as the state machine sees it. Times are seconds since 1970. */
export interface Delivery {
  readonly state: DeliveryState;
  /** Oldest first. */
  readonly vouchers: readonly Voucher[];
}

export interface Voucher {
  readonly id: string;
  readonly status: VoucherStatus;
  readonly expiresAt: number;
  /** When it stopped being live. */
  readonly endedAt: number | null;
}

export type Command =
  | { readonly do: "issue" | "reissue" | "cancel" | "expire" }
  | { readonly do: "resend" | "replace" | "revoke" | "redeem"; readonly voucher: string };

/**
 * What a command does. A new voucher, if there is to be one, is inserted after these: at no time are there two that
 * live.
 */
export interface Changes {
  readonly ends: readonly {
    readonly id: string;
    readonly status: Exclude<VoucherStatus, "live">;
    readonly at: number;
  }[];
  readonly delivery?: Exclude<DeliveryState, "open">;
}

/**
 * How a voucher was withdrawn, seen from an act: before it, in one of three ways, or `since`; null: never. `since` holds
 * only as far as whoever tells the time of the act is believed.
 */
export type Withdrawal = Extract<ConflictCode, "revoked" | "superseded" | "cancelled"> | "since" | null;

/** A voucher past its expiry is expired, marked or not. */
export function statusAt({ status, expiresAt }: Pick<Voucher, "status" | "expiresAt">, now: number): VoucherStatus {
  return status === "live" && expiresAt <= now ? "expired" : status;
}

/**
 * The one state machine. Its invariant (docs/format.md section 8, property 4): at most one live voucher a delivery,
 * none for a cancelled or delivered one.
 *
 * @param delivery undefined: there is none of this ID yet
 * @throws {IssueError} the command does not fit the state: `delivery-exists`, `delivery-cancelled`,
 * `delivery-delivered`, `voucher-unknown`, `voucher-not-live`
 */
export function decide(delivery: Delivery | undefined, command: Command, now: number): Changes {
  if (!delivery) {
    if (command.do === "issue") return { ends: [] };
    throw new IssueError("voucher-unknown", "there is no such delivery");
  }
  switch (command.do) {
    case "issue":
      requireOpen(delivery);
      throw new IssueError("delivery-exists", "there is a delivery of this ID with other claims");
    case "reissue":
      requireOpen(delivery);
      return { ends: endLive(delivery, now, "superseded") };
    case "replace":
      // A reissue that replaces this voucher: of two at once, the second finds it no longer live.
      requireLive(delivery, command.voucher, now);
      return { ends: endLive(delivery, now, "superseded") };
    case "resend":
      requireLive(delivery, command.voucher, now);
      return { ends: [] };
    case "revoke":
      requireLive(delivery, command.voucher, now);
      return { ends: [{ id: command.voucher, status: "revoked", at: now }] };
    case "cancel":
      requireOpen(delivery);
      return { ends: endLive(delivery, now, "revoked"), delivery: "cancelled" };
    case "expire":
      return { ends: endLive(delivery, now, null) };
    case "redeem":
      return redeem(delivery, command.voucher, now);
  }
}

/**
 * What the voucher's own history says of a redemption at `at`. Whether another record stands already is decided by the
 * store's conditional insert.
 */
export function withdrawalAt(delivery: Delivery, voucher: string, at: number): Withdrawal {
  const { status, endedAt } = find(delivery, voucher);
  const isWithdrawn = status === "revoked" || status === "superseded";
  if (isWithdrawn && endedAt !== null && endedAt < at) {
    if (status === "superseded") return status;
    return delivery.state === "cancelled" ? "cancelled" : status;
  }
  // One that had expired is not marked withdrawn, and the delivery was taken from it all the same.
  const isReplaced = delivery.vouchers.at(-1)?.id !== voucher;
  return isWithdrawn || isReplaced || delivery.state === "cancelled" ? "since" : null;
}

function redeem(delivery: Delivery, voucher: string, now: number): Changes {
  find(delivery, voucher);
  const others = { ...delivery, vouchers: delivery.vouchers.filter(({ id }) => id !== voucher) };
  return {
    ends: [{ id: voucher, status: "redeemed", at: now }, ...endLive(others, now, "superseded")],
    delivery: "delivered",
  };
}

// What has expired is marked expired, and not superseded or revoked. With null only what has expired is ended.
function endLive({ vouchers }: Delivery, now: number, status: "superseded" | "revoked" | null): Changes["ends"] {
  return vouchers.flatMap((voucher) => {
    if (voucher.status !== "live") return [];
    if (voucher.expiresAt <= now) return { id: voucher.id, status: "expired", at: voucher.expiresAt };
    return status === null ? [] : { id: voucher.id, status, at: now };
  });
}

function requireOpen({ state }: Delivery): void {
  if (state === "cancelled")
    throw new IssueError("delivery-cancelled", "the delivery is cancelled: nothing is issued for it again");
  if (state === "delivered")
    throw new IssueError("delivery-delivered", "the delivery is delivered: nothing is issued for it again");
}

function requireLive(delivery: Delivery, id: string, now: number): void {
  const status = statusAt(find(delivery, id), now);
  if (status !== "live") throw new IssueError("voucher-not-live", `the voucher is ${status}`);
}

function find({ vouchers }: Delivery, id: string): Voucher {
  const voucher = vouchers.find((candidate) => candidate.id === id);
  if (!voucher) throw new IssueError("voucher-unknown", "the delivery has no such voucher");
  return voucher;
}
