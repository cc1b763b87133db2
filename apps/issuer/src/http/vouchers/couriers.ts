import { CourierName, HandedOver, Handover, ref } from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { handDeliveries, type VoucherDeps } from "../../domain/vouchers/index.ts";
import { actorOf, needs } from "../frame/access.ts";
import { json } from "../frame/answers.ts";
import { perKey } from "../frame/limits.ts";
import { problems } from "../frame/problem.ts";

/** For the back office: whose API key may redeem which deliveries. */
export const courierRoutes: FastifyPluginAsyncTypebox<{ deps: VoucherDeps }> = async (app, { deps }) => {
  const hand = {
    operationId: "handDeliveries",
    summary: "Hand deliveries to a courier",
    description:
      "An API key that names a courier redeems what is handed to them, and nothing else. A delivery is one courier's at a time: handed to the next, it is the former's no more. What the list leaves out stays as it was.",
    tags: ["Couriers"],
    security: [needs("routes")],
    params: Type.Object({ courier: CourierName }),
    body: ref(Handover),
    response: {
      200: json(HandedOver, "Handed over"),
      ...problems(400, 401, 403, 413, 415, 422, 429, 500, 503, 507),
    },
  };
  // Twice 500 delivery IDs of 64 characters.
  app.put(
    "/v1/couriers/:courier/deliveries",
    { schema: hand, config: perKey("bulk"), bodyLimit: 128 * 1024 },
    async (request) => {
      const { deliveries, takeBack = [] } = request.body;
      const { courier } = request.params;
      const done = await handDeliveries(deps, courier, { deliveries, takeBack }, actorOf(request));
      return { courier, ...done } satisfies HandedOver;
    },
  );
};
