import type { AuthenticatedClaims, RefusalFacts } from "@doorproof/voucher";
import type { DeviceState } from "../ledger/device-state.ts";
import { latestSeen } from "../trust/clock.ts";
import { stopLine } from "../trust/stop-line.ts";
import type { Circumstances } from "./check.ts";

/** What a verdict depends on beside the text, as this device knows it now. */
export function circumstances(
  { contents, trust }: DeviceState,
  asked: Pick<Circumstances, "now" | "delivery" | "agreed" | "dispatcherAsked">,
): Circumstances {
  const { device, used } = contents;
  const { identity } = device;
  return {
    ...asked,
    issuer: identity?.issuer ?? "",
    enrolled: identity?.kind === "enrolled",
    trust,
    seen: latestSeen(device),
    used: ({ kid, cti, deliveryId }: AuthenticatedClaims) => {
      const use = used.find(
        (each) => each.issuer === identity?.issuer && (each.voucher === kid + cti || each.deliveryId === deliveryId),
      );
      const stop = trust?.manifest?.stops.find((each) => each.deliveryId === deliveryId);
      return use && alreadyUsed(use.at, stop ? stopLine(stop) : null);
    },
  };
}

export function alreadyUsed(at: number, label: string | null): RefusalFacts["already-used"] {
  return { at, ...(label === null ? {} : { where: label }) };
}
