import { createHash } from "node:crypto";
import { VOUCHER_STATUSES } from "@doorproof/api/lists";
import { writeTime } from "@doorproof/api/time";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
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
  type VoucherView,
  withIdempotency,
} from "../../domain/vouchers/index.ts";
import { actorOf } from "../frame/access.ts";
import { bodyMayBeAbsent, present } from "../frame/body.ts";
import { DeliveryId } from "../frame/fields.ts";
import { pageQuery, readLimit } from "../frame/paging.ts";
import { problems } from "../frame/problem.ts";
import { Time } from "../frame/time.ts";
import { Change, NewVoucher, readDelivery, readExpires } from "./delivery-request.ts";

const Withdrawal = Type.Object(
  {
    cancel: Type.Optional(
      Type.Boolean({ description: "true: the delivery is cancelled, nothing is issued for it again" }),
    ),
    reason: Type.Optional(Type.String({ maxLength: 200, description: "For the audit trail" })),
  },
  { additionalProperties: false, examples: [{ cancel: true, reason: "lost in the depot" }] },
);

const Nothing = Type.Object({}, { additionalProperties: false });

const VoucherId = Type.Object({
  id: Type.String({ description: "kid and cti: 24 hex digits", examples: ["1f6b77d00a0b0c0d01020304"] }),
});

export const Voucher = Type.Object(
  {
    id: Type.String({ description: "kid and cti: 24 hex digits" }),
    deliveryId: Type.String(),
    status: Type.Enum(VOUCHER_STATUSES),
    voucher: Type.Union([Type.String(), Type.Null()], {
      description: "What the QR carries; null once its key is gone",
    }),
    shortCode: Type.Union([Type.String(), Type.Null()], {
      description: "As shown and spoken; null once its secret is gone",
    }),
    link: Type.String({ format: "uri", description: "The customer's page" }),
    expiresAt: Time,
    issuedAt: Time,
    sms: Type.Object({ status: Type.Enum(["none", "waiting", "sent", "failed"]), parts: Type.Integer() }),
    label: Type.Union([Type.String(), Type.Null()]),
    locale: Type.String(),
  },
  {
    $id: "Voucher",
    examples: [
      {
        id: "1f6b77d00a0b0c0d01020304",
        deliveryId: "RR123456785DE",
        status: "live",
        voucher: "DP1:KB49M$O9H.N14PO-PI1$KF1S…",
        shortCode: "7KQ4M-2XN8P",
        link: "http://localhost:8080/v/gk3Tt0m1mDkq7b9vWn2xQA",
        expiresAt: "2026-12-01T18:00:00Z",
        issuedAt: "2026-11-29T18:00:00Z",
        sms: { status: "waiting", parts: 1 },
        label: null,
        locale: "en",
      },
    ],
  },
);

const VoucherPage = Type.Object({ data: Type.Array(Type.Ref("Voucher")), hasMore: Type.Boolean() });

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
const security = [{ apiKey: [] }];
const shown = {
  description: "The voucher as it is now",
  content: { "application/json": { schema: Type.Ref("Voucher") } },
};

/** Issue, list, show, resend, reissue, revoke. */
export const voucherRoutes: FastifyPluginAsyncTypebox<{ deps: DispatchDeps }> = async (app, { deps }) => {
  app.addSchema(Voucher);

  const issue = {
    operationId: "issueVoucher",
    summary: "Issue a voucher for a delivery and send it by SMS",
    description:
      "The same delivery ID with the same claims gives the voucher that stands (200); with other claims, 409.",
    tags,
    security,
    headers: IdempotencyKey,
    body: NewVoucher,
    response: {
      201: { ...shown, description: "Issued" },
      200: { ...shown, description: "It stood already" },
      ...problems(400, 401, 403, 409, 413, 415, 422, 429, 500, 503),
    },
  };
  app.post("/v1/vouchers", { schema: issue }, async (request, reply) => {
    const delivery = readDelivery(request.body);
    const placement = placementOf(delivery, deps);
    const outcome = await once(deps, request, (inside) => issueVoucher(inside, delivery, actorOf(request), placement));
    return answer(reply, outcome);
  });

  const query = pageQuery({ delivery: Type.Optional(DeliveryId), status: Type.Optional(Type.Enum(VOUCHER_STATUSES)) });
  const list = {
    operationId: "listVouchers",
    summary: "List vouchers, newest first",
    tags,
    security,
    querystring: query,
    response: {
      200: {
        description: "A page; `after` takes the last one's id",
        content: { "application/json": { schema: VoucherPage } },
      },
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
    tags,
    security,
    params: VoucherId,
    response: { 200: shown, ...problems(401, 403, 404, 429, 500) },
  };
  app.get("/v1/vouchers/:id", { schema: show }, async ({ params }) => writeVoucher(await showVoucher(deps, params.id)));

  const resend = {
    operationId: "resendVoucher",
    summary: "Send the same voucher by SMS once more",
    description: "At most 3 messages a voucher, one a minute.",
    tags,
    security,
    headers: IdempotencyKey,
    params: VoucherId,
    body: Nothing,
    response: { 200: shown, ...problems(400, 401, 403, 404, 409, 422, 429, 500) },
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
    tags,
    security,
    headers: IdempotencyKey,
    params: VoucherId,
    body: Change,
    response: {
      201: { ...shown, description: "The new voucher" },
      ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
    },
  };
  app.post("/v1/vouchers/:id/reissue", { schema: reissue }, async (request, reply) => {
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
    tags,
    security,
    headers: IdempotencyKey,
    params: VoucherId,
    body: Withdrawal,
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

/** As a client reads it. */
function writeVoucher(view: VoucherView): Static<typeof Voucher> {
  const { id, deliveryId, status, voucher, shortCode, link, sms, label, locale } = view;
  const times = { expiresAt: writeTime(view.expiresAt), issuedAt: writeTime(view.issuedAt) };
  return { id, deliveryId, status, voucher, shortCode, link, ...times, sms: { ...sms }, label, locale };
}

function answer(reply: FastifyReply, { view, created }: Outcome): Static<typeof Voucher> {
  reply.code(created ? 201 : 200);
  if (created) reply.header("location", `/v1/vouchers/${view.id}`);
  return writeVoucher(view);
}

// Two headers of one name come joined by a comma, and are one key more that nobody has used: no harm.
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
