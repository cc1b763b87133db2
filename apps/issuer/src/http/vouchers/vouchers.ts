import {
  DryRun,
  IssuedVoucher,
  IssueQuery,
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
import Type from "typebox";
import type { DispatchDeps } from "../../domain/dispatch/index.ts";
import { checkReissue, placementOf } from "../../domain/dispatch/index.ts";
import { rehearse } from "../../domain/rehearse.ts";
import {
  issueVoucher,
  listVouchers,
  type Outcome,
  reissueVoucher,
  resendVoucher,
  revokeVoucher,
  showVoucher,
} from "../../domain/vouchers/index.ts";
import { actorOf, needs } from "../frame/access.ts";
import { answer, json } from "../frame/answers.ts";
import { bodyMayBeAbsent, present } from "../frame/body.ts";
import { perKey } from "../frame/limits.ts";
import { readLimit } from "../frame/paging.ts";
import { problems } from "../frame/problem.ts";
import { judgeMembers, readDelivery, readExpires } from "./delivery-request.ts";
import { answerOnce, IdempotencyKey, REPLAYED, type Told } from "./once.ts";
import { writeDryRun, writeVoucher, writeWithSecrets } from "./write-voucher.ts";

const tags = ["Vouchers"];
const params = Type.Object({ id: VoucherId });
const shown = json(Voucher, "The voucher as it is now");
const changed = json(Voucher, "The voucher as it is now", REPLAYED);
const MADE = { location: Type.String({ description: "The voucher's address" }), ...REPLAYED };

/** Issue, list, show, resend, reissue, revoke. */
export const voucherRoutes: FastifyPluginAsyncTypebox<{ deps: DispatchDeps }> = async (app, { deps }) => {
  const config = { ...perKey("change"), judge: judgeMembers(deps) };
  const issue = {
    operationId: "issueVoucher",
    summary: "Issue a voucher for a delivery and send it by SMS",
    description:
      "The same delivery ID with the same claims gives the voucher that stands (200); with other claims, 409. Claims are phone, expiry, parcels, call, asks and takers. With dryRun=true the same is checked and nothing is issued.",
    tags,
    security: [needs("issue")],
    headers: IdempotencyKey,
    querystring: IssueQuery,
    body: ref(NewVoucher),
    response: {
      201: json(IssuedVoucher, "Issued", MADE),
      200: answer("application/json", Type.Union([Type.Ref(IssuedVoucher.$id), Type.Ref(DryRun.$id)]), {
        description: "It stood already; or, with dryRun=true, what issuing would come to",
        headers: REPLAYED,
      }),
      ...problems(400, 401, 403, 409, 413, 415, 422, 429, 500, 503, 507),
    },
  };
  app.post("/v1/vouchers", { schema: issue, config }, async (request, reply) => {
    const delivery = readDelivery(request.body);
    const placement = placementOf(delivery, deps);
    const verb = (inside: DispatchDeps) => issueVoucher(inside, delivery, actorOf(request), placement);
    if (request.query.dryRun === "true") return reply.send(writeDryRun(await rehearse(deps, verb)));
    return answerOnce(deps, { request, reply }, { verb, tell: tellMade });
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
  app.get("/v1/vouchers", { schema: list, config: perKey("list"), preValidation: readLimit }, async ({ query }) => {
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
    response: { 200: changed, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503, 507) },
  };
  app.post(
    "/v1/vouchers/:id/resend",
    { schema: resend, config: perKey("change"), preValidation: bodyMayBeAbsent },
    async (request, reply) => {
      const verb = async (inside: DispatchDeps) => ({
        created: false,
        view: await resendVoucher(inside, request.params.id, actorOf(request)),
      });
      return answerOnce(deps, { request, reply }, { verb, tell: tellChanged });
    },
  );

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
      201: json(IssuedVoucher, "The new voucher", MADE),
      ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503, 507),
    },
  };
  app.post("/v1/vouchers/:id/reissue", { schema: reissue, config }, async (request, reply) => {
    const { phone, country, sms } = request.body;
    const change = { expires: readExpires(request.body), ...present({ phone, country, sms }) };
    const verb = async (inside: DispatchDeps) => {
      await checkReissue(inside.store, request.params.id, inside.now());
      return { created: true, view: await reissueVoucher(inside, request.params.id, change, actorOf(request)) };
    };
    return answerOnce(deps, { request, reply }, { verb, tell: tellMade });
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
    response: { 200: changed, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503, 507) },
  };
  app.post(
    "/v1/vouchers/:id/revoke",
    { schema: revoke, config: perKey("change"), preValidation: bodyMayBeAbsent },
    async (request, reply) => {
      const { cancel = false, reason } = request.body;
      const how = { cancel, ...present({ reason }) };
      const verb = async (inside: DispatchDeps) => ({
        created: false,
        view: await revokeVoucher(inside, request.params.id, how, actorOf(request)),
      });
      return answerOnce(deps, { request, reply }, { verb, tell: tellChanged });
    },
  );
};

/** What makes a voucher answers with its secrets, whether it was made now or stood already. */
function tellMade({ view, created }: Outcome): Told {
  return {
    status: created ? 201 : 200,
    location: created ? `/v1/vouchers/${view.id}` : null,
    body: writeWithSecrets(view),
  };
}

function tellChanged({ view }: Outcome): Told {
  return { status: 200, location: null, body: writeVoucher(view) };
}
