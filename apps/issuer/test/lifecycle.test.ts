import type { VoucherStatus } from "@doorproof/api/lists";
import { describe, expect, test } from "vitest";
import { IssueError } from "../src/domain/errors.ts";
import {
  type Changes,
  type Command,
  type Delivery,
  type DeliveryState,
  decide,
  type Withdrawal,
  withdrawalAt,
} from "../src/domain/vouchers/lifecycle.ts";

const NOW = 1000;

function delivery(state: DeliveryState, status: VoucherStatus, { expiresAt = 2000, endedAt = 900 } = {}): Delivery {
  return { state, vouchers: [{ id: "v", status, expiresAt, endedAt: status === "live" ? null : endedAt }] };
}

const ENDS = {
  superseded: { ends: [{ id: "v", status: "superseded", at: NOW }] },
  revoked: { ends: [{ id: "v", status: "revoked", at: NOW }] },
  expired: { ends: [{ id: "v", status: "expired", at: 500 }] },
  cancelled: { ends: [{ id: "v", status: "revoked", at: NOW }], delivery: "cancelled" },
  cancelledLate: { ends: [{ id: "v", status: "expired", at: 500 }], delivery: "cancelled" },
  cancelledOnly: { ends: [], delivery: "cancelled" },
  redeemed: { ends: [{ id: "v", status: "redeemed", at: NOW }], delivery: "delivered" },
  none: { ends: [] },
} satisfies Record<string, Changes>;

const live = delivery("open", "live");
const past = delivery("open", "live", { expiresAt: 500 });
const commands = {
  issue: { do: "issue" },
  reissue: { do: "reissue" },
  resend: { do: "resend", voucher: "v" },
  replace: { do: "replace", voucher: "v" },
  revoke: { do: "revoke", voucher: "v" },
  cancel: { do: "cancel" },
  expire: { do: "expire" },
  redeem: { do: "redeem", voucher: "v" },
} satisfies Record<string, Command>;

/** Every command in every state: what changes, or the code of the refusal. */
const TABLE: readonly [name: string, delivery: Delivery | undefined, Record<Command["do"], Changes | string>][] = [
  [
    "no delivery",
    undefined,
    {
      issue: ENDS.none,
      reissue: "voucher-unknown",
      resend: "voucher-unknown",
      replace: "voucher-unknown",
      revoke: "voucher-unknown",
      cancel: "voucher-unknown",
      expire: "voucher-unknown",
      redeem: "voucher-unknown",
    },
  ],
  [
    "live",
    live,
    {
      issue: "delivery-exists",
      reissue: ENDS.superseded,
      resend: ENDS.none,
      replace: ENDS.superseded,
      revoke: ENDS.revoked,
      cancel: ENDS.cancelled,
      expire: ENDS.none,
      redeem: ENDS.redeemed,
    },
  ],
  [
    "past its expiry, not marked",
    past,
    {
      issue: "delivery-exists",
      reissue: ENDS.expired,
      resend: "voucher-not-live",
      replace: "voucher-not-live",
      revoke: "voucher-not-live",
      cancel: ENDS.cancelledLate,
      expire: ENDS.expired,
      redeem: ENDS.redeemed,
    },
  ],
  [
    "expired",
    delivery("open", "expired"),
    {
      issue: "delivery-exists",
      reissue: ENDS.none,
      resend: "voucher-not-live",
      replace: "voucher-not-live",
      revoke: "voucher-not-live",
      cancel: ENDS.cancelledOnly,
      expire: ENDS.none,
      redeem: ENDS.redeemed,
    },
  ],
  [
    "revoked",
    delivery("open", "revoked"),
    {
      issue: "delivery-exists",
      reissue: ENDS.none,
      resend: "voucher-not-live",
      replace: "voucher-not-live",
      revoke: "voucher-not-live",
      cancel: ENDS.cancelledOnly,
      expire: ENDS.none,
      redeem: ENDS.redeemed,
    },
  ],
  [
    "superseded",
    delivery("open", "superseded"),
    {
      issue: "delivery-exists",
      reissue: ENDS.none,
      resend: "voucher-not-live",
      replace: "voucher-not-live",
      revoke: "voucher-not-live",
      cancel: ENDS.cancelledOnly,
      expire: ENDS.none,
      redeem: ENDS.redeemed,
    },
  ],
  [
    "cancelled",
    delivery("cancelled", "revoked"),
    {
      issue: "delivery-cancelled",
      reissue: "delivery-cancelled",
      resend: "voucher-not-live",
      replace: "voucher-not-live",
      revoke: "voucher-not-live",
      cancel: "delivery-cancelled",
      expire: ENDS.none,
      redeem: ENDS.redeemed,
    },
  ],
  [
    "delivered",
    delivery("delivered", "redeemed"),
    {
      issue: "delivery-delivered",
      reissue: "delivery-delivered",
      resend: "voucher-not-live",
      replace: "voucher-not-live",
      revoke: "voucher-not-live",
      cancel: "delivery-delivered",
      expire: ENDS.none,
      redeem: ENDS.redeemed,
    },
  ],
];

describe.each(TABLE)("%s", (_, state, outcomes) => {
  test.each(Object.entries(outcomes))("%s", (verb, outcome) => {
    const command = commands[verb as Command["do"]];
    expect(answer(() => decide(state, command, NOW))).toEqual(outcome);
  });
});

test("what is accepted ends every other live voucher of its delivery", () => {
  const reissued: Delivery = {
    state: "open",
    vouchers: [
      { id: "old", status: "superseded", expiresAt: 2000, endedAt: 900 },
      { id: "new", status: "live", expiresAt: 3000, endedAt: null },
    ],
  };
  expect(decide(reissued, { do: "redeem", voucher: "old" }, NOW)).toEqual({
    ends: [
      { id: "old", status: "redeemed", at: NOW },
      { id: "new", status: "superseded", at: NOW },
    ],
    delivery: "delivered",
  });
});

test("a voucher of another delivery is not touched", () => {
  for (const verb of ["resend", "replace", "revoke", "redeem"] as const) {
    expect(answer(() => decide(live, { do: verb, voucher: "other" }, NOW))).toBe("voucher-unknown");
  }
});

describe("what a voucher's past says of an act at a time", () => {
  const ended = { endedAt: 900 };
  const reissued = (status: VoucherStatus): Delivery => ({
    state: "open",
    vouchers: [
      { id: "v", status, expiresAt: 900, endedAt: status === "live" ? null : 900 },
      { id: "new", status: "live", expiresAt: 3000, endedAt: null },
    ],
  });
  test.each<[string, Delivery, number, Withdrawal]>([
    ["live", live, 950, null],
    ["revoked before", delivery("open", "revoked", ended), 901, "revoked"],
    ["revoked in the same second: nobody can say which was first", delivery("open", "revoked", ended), 900, "since"],
    ["revoked after", delivery("open", "revoked", ended), 899, "since"],
    ["superseded before", delivery("open", "superseded", ended), 901, "superseded"],
    ["superseded after", delivery("open", "superseded", ended), 899, "since"],
    ["cancelled before", delivery("cancelled", "revoked", ended), 901, "cancelled"],
    ["cancelled after", delivery("cancelled", "revoked", ended), 899, "since"],
    ["marked expired: the signature's own expiry decides", delivery("open", "expired", ended), 901, null],
    ["expired, then cancelled", delivery("cancelled", "expired", ended), 899, "since"],
    ["expired, then another was issued", reissued("expired"), 899, "since"],
    ["superseded by another", reissued("superseded"), 901, "superseded"],
  ])("%s", (_, state, at, withdrawal) => {
    expect(withdrawalAt(state, "v", at)).toBe(withdrawal);
  });
});

function answer(verb: () => Changes): Changes | string {
  try {
    return verb();
  } catch (error) {
    if (error instanceof IssueError) return error.code;
    throw error;
  }
}
