import { Disclosure, IssuedVoucher, ref, VoucherId } from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { revealVoucher, type VoucherDeps } from "../../domain/vouchers/index.ts";
import { actorOf, needs } from "../frame/access.ts";
import { json } from "../frame/answers.ts";
import { problems } from "../frame/problem.ts";
import { writeWithSecrets } from "./write-voucher.ts";

/**
 * For each API key: a busy desk does not come near it, and whoever stole its key cannot read a day's deliveries through
 * this in a morning.
 */
const REVEALED_AN_HOUR = 60;

/** For whoever helps a customer, as when the message never came. */
export const revealRoutes: FastifyPluginAsyncTypebox<{ deps: VoucherDeps }> = async (app, { deps }) => {
  const reveal = {
    operationId: "revealVoucher",
    summary: "Show a voucher's text, short code and link, with a reason",
    description: `Whoever sees them can take the delivery. The audit trail tells who asked and why. At most ${REVEALED_AN_HOUR} an hour for each key.`,
    tags: ["Vouchers"],
    security: [needs("reveal")],
    params: Type.Object({ id: VoucherId }),
    body: ref(Disclosure),
    response: {
      200: json(IssuedVoucher, "The voucher with its secrets"),
      ...problems(400, 401, 403, 404, 413, 415, 429, 500, 503, 507),
    },
  };
  const keyGenerator = (request: FastifyRequest) => actorOf(request).id;
  const rateLimit = { max: REVEALED_AN_HOUR, timeWindow: 3_600_000, keyGenerator };
  app.post("/v1/vouchers/:id/reveal", { schema: reveal, config: { rateLimit } }, async (request) => {
    const { params, body } = request;
    return writeWithSecrets(await revealVoucher(deps, { id: params.id, reason: body.reason }, actorOf(request)));
  });
};
