import { createHash } from "node:crypto";
import {
  IssuedVoucher,
  NewVoucher,
  Reissue,
  Resend,
  ref,
  Voucher,
  VoucherId,
  VoucherPage,
  VoucherQuery,
  Withdrawal,
} from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { DispatchDeps } from "../../domain/dispatch/index.ts";
import { placementOf } from "../../domain/dispatch/index.ts";
import {
  issueVoucher,
  listVouchers,
  type Outcome,
  reissueVoucher,
  resendVoucher,
  revokeVoucher,
  showVoucher,
  withIdempotency,
} from "../../domain/vouchers/index.ts";
import { actorOf, needs } from "../frame/access.ts";
import { json } from "../frame/answers.ts";
import { bodyMayBeAbsent, present } from "../frame/body.ts";
import { readLimit } from "../frame/paging.ts";
import { problems } from "../frame/problem.ts";
import { judgeMembers, readDelivery, readExpires } from "./delivery-request.ts";
import { writeVoucher, writeWithSecrets } from "./write-voucher.ts";

const IdempotencyKey = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 257,
      pattern: "^[ -~]+$",
      description: "The same key and body get the same answer and do nothing twice, for 7 days. With quotes or without",
      examples: ["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    }),
  ),
});

const tags = ["Vouchers"];
const params = Type.Object({ id: VoucherId });
const shown = json(Voucher, "The voucher as it is now");
const LOCATION = { location: Type.String({ description: "The voucher's address" }) };

/** Issue, list, show, resend, reissue, revoke. */
export const voucherRoutes: FastifyPluginAsyncTypebox<{ deps: DispatchDeps }> = async (app, { deps }) => {
  const config = { judge: judgeMembers(deps) };
  const issue = {
    operationId: "issueVoucher",
    summary: "Issue a voucher for a delivery and send it by SMS",
    description:
      "The same delivery ID with the same claims gives the voucher that stands (200); with other claims, 409.",
    tags,
    security: [needs("issue")],
    headers: IdempotencyKey,
    body: ref(NewVoucher),
    response: {
      201: json(IssuedVoucher, "Issued", LOCATION),
      200: json(IssuedVoucher, "It stood already"),
      ...problems(400, 401, 403, 409, 413, 415, 422, 429, 500, 503),
    },
  };
  app.post("/v1/vouchers", { schema: issue, config }, async (request, reply) => {
    const delivery = readDelivery(request.body);
    const placement = placementOf(delivery, deps);
    const outcome = await once(deps, request, (inside) => issueVoucher(inside, delivery, actorOf(request), placement));
    return answer(reply, outcome);
  });

  const list = {
    operationId: "listVouchers",
    summary: "List vouchers, newest first",
    description: "Live and expired are told apart by the clock at this moment.",
    tags,
    security: [needs("read")],
    querystring: VoucherQuery,
    response: {
      200: json(VoucherPage, "A page; `after` takes the last one's id"),
      ...problems(400, 401, 403, 429, 500),
    },
  };
  app.get("/v1/vouchers", { schema: list, preValidation: readLimit }, async ({ query }) => {
    const { data, hasMore } = await listVouchers(deps, query);
    return { data: data.map(writeVoucher), hasMore };
  });

  const show = {
    operationId: "showVoucher",
    summary: "Show a voucher",
    description: "Without its text, short code and link: these are answered when it is made, and shown by reveal.",
    tags,
    security: [needs("read")],
    params,
    response: { 200: shown, ...problems(400, 401, 403, 404, 429, 500) },
  };
  app.get("/v1/vouchers/:id", { schema: show }, async ({ params }) => writeVoucher(await showVoucher(deps, params.id)));

  const resend = {
    operationId: "resendVoucher",
    summary: "Send the same voucher by SMS once more",
    description: "At most 3 messages a voucher, one a minute.",
    tags,
    security: [needs("message")],
    headers: IdempotencyKey,
    params,
    "x-body": "optional",
    body: ref(Resend),
    response: { 200: shown, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 500) },
  };
  app.post("/v1/vouchers/:id/resend", { schema: resend, preValidation: bodyMayBeAbsent }, async (request) => {
    const verb = async (inside: DispatchDeps) => ({
      created: false,
      view: await resendVoucher(inside, request.params.id, actorOf(request)),
    });
    return writeVoucher((await once(deps, request, verb)).view);
  });

  const reissue = {
    operationId: "reissueVoucher",
    summary: "Issue a new voucher for the delivery; the old one is superseded at that instant",
    description: "What the body leaves out stays as it was. Sent by SMS unless the body says otherwise.",
    tags,
    security: [needs("issue")],
    headers: IdempotencyKey,
    params,
    body: ref(Reissue),
    response: {
      201: json(IssuedVoucher, "The new voucher", LOCATION),
      ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
    },
  };
  app.post("/v1/vouchers/:id/reissue", { schema: reissue, config }, async (request, reply) => {
    const { phone, country, sms } = request.body;
    const change = { expires: readExpires(request.body), ...present({ phone, country, sms }) };
    const verb = async (inside: DispatchDeps) => ({
      created: true,
      view: await reissueVoucher(inside, request.params.id, change, actorOf(request)),
    });
    return answer(reply, await once(deps, request, verb));
  });

  const revoke = {
    operationId: "revokeVoucher",
    summary: "Withdraw a voucher; with cancel, the delivery too",
    description: "It stands on the revocation list from then on: a device refuses it once it has fetched the list.",
    tags,
    security: [needs("withdraw")],
    headers: IdempotencyKey,
    params,
    "x-body": "optional",
    body: ref(Withdrawal),
    response: { 200: shown, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 500) },
  };
  app.post("/v1/vouchers/:id/revoke", { schema: revoke, preValidation: bodyMayBeAbsent }, async (request) => {
    const { cancel = false, reason } = request.body;
    const how = { cancel, ...present({ reason }) };
    const verb = async (inside: DispatchDeps) => ({
      created: false,
      view: await revokeVoucher(inside, request.params.id, how, actorOf(request)),
    });
    return writeVoucher((await once(deps, request, verb)).view);
  });
};

function answer(reply: FastifyReply, { view, created }: Outcome): IssuedVoucher {
  reply.code(created ? 201 : 200);
  if (created) reply.header("location", `/v1/vouchers/${view.id}`);
  return writeWithSecrets(view);
}

// Two headers of this name arrive joined by a comma, and so as a key that nobody has used: harmless.
function once(
  deps: DispatchDeps,
  request: FastifyRequest,
  verb: (deps: DispatchDeps) => Promise<Outcome>,
): Promise<Outcome> {
  const header = request.headers["idempotency-key"];
  if (typeof header !== "string") return verb(deps);
  const key = /^"(.+)"$/.exec(header)?.[1] ?? header;
  const bodyHash = createHash("sha256").update(JSON.stringify(request.body)).digest("hex");
  return withIdempotency(
    deps,
    { actor: actorOf(request), key, route: `${request.method} ${request.url}`, bodyHash },
    verb,
  );
}
