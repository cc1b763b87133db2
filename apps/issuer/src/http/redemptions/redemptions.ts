import { REDEMPTION_STATUSES, VIAS } from "@doorproof/api/lists";
import { writeTime } from "@doorproof/api/time";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type, { type Static } from "typebox";
import type { RedemptionDeps } from "../../domain/redemptions/index.ts";
import { listRedemptions, type RedemptionView, report } from "../../domain/redemptions/index.ts";
import { actorOf } from "../frame/access.ts";
import { pageQuery, readCursor, readLimit } from "../frame/paging.ts";
import { problems } from "../frame/problem.ts";
import { Time } from "../frame/time.ts";
import { Answers, Records, readRecords, writeAnswer } from "./records.ts";

const MAX_BODY = 256 * 1024;

const Standing = Type.Object(
  {
    id: Type.String(),
    at: Time,
    reporter: Type.String(),
    voucherId: Type.String(),
    via: Type.Enum(VIAS),
    receivedAt: Time,
    route: Type.Union([Type.String(), Type.Null()]),
    takenBy: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
  },
  { description: "The other side: the record that stands" },
);

const Redemption = Type.Object(
  {
    cursor: Type.String(),
    id: Type.String(),
    reporter: Type.String(),
    voucherId: Type.Union([Type.String(), Type.Null()]),
    deliveryId: Type.Union([Type.String(), Type.Null()]),
    via: Type.Enum(VIAS),
    at: Time,
    receivedAt: Time,
    route: Type.Union([Type.String(), Type.Null()]),
    takenBy: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    status: Type.Enum(REDEMPTION_STATUSES),
    code: Type.Union([Type.String(), Type.Null()]),
    by: Type.Union([Standing, Type.Null()]),
  },
  { $id: "Redemption" },
);

const tags = ["Redemptions"];

/** What devices and couriers report. */
export const redemptionUploadRoutes: FastifyPluginAsyncTypebox<{ deps: RedemptionDeps }> = async (app, { deps }) => {
  const upload = {
    operationId: "redeem",
    summary: "Report what happened at the doors",
    description:
      "Each record is decided by itself, so one bad record holds back no other: what of the body is not a record is answered `refused`, `invalid-record` in its place. What is no redemption (a refusal, an attempt, an undo) is kept and answered `noted`.",
    tags,
    security: [{ apiKey: [] }, { deviceToken: [] }],
    body: Records,
    response: {
      200: { description: "Decided", content: { "application/json": { schema: Answers } } },
      ...problems(400, 401, 403, 413, 415, 429, 500, 503),
    },
  };
  // attachValidation: a fault inside one record is that record's own matter; only a fault of the frame is the request's.
  app.post("/v1/redemptions", { schema: upload, attachValidation: true, bodyLimit: MAX_BODY }, async (request) => {
    const read = readRecords(request.body, request.validationError?.validation ?? []);
    const answers = await report(
      deps,
      read.flatMap(({ entry }) => entry ?? []),
      actorOf(request),
    );
    const inOrder = answers[Symbol.iterator]();
    const results = read.map(({ entry, refusal }) => (entry ? writeAnswer(inOrder.next().value) : refusal));
    return { now: writeTime(deps.now()), results };
  });
};

/** For the back office. */
export const redemptionListRoutes: FastifyPluginAsyncTypebox<{ deps: RedemptionDeps }> = async (app, { deps }) => {
  app.addSchema(Redemption);
  const list = {
    operationId: "listRedemptions",
    summary: "List what happened at the doors, newest first",
    tags,
    security: [{ apiKey: [] }],
    querystring: pageQuery({ status: Type.Optional(Type.Enum(REDEMPTION_STATUSES)) }),
    response: {
      200: {
        description: "A page; `after` takes the last one's cursor",
        content: {
          "application/json": {
            schema: Type.Object({ data: Type.Array(Type.Ref("Redemption")), hasMore: Type.Boolean() }),
          },
        },
      },
      ...problems(400, 401, 403, 429, 500),
    },
  };
  app.get("/v1/redemptions", { schema: list, preValidation: readLimit }, async ({ query: { after, ...query } }) => {
    const { data, hasMore } = await listRedemptions(deps, { ...query, ...readCursor(after) });
    return { data: data.map(writeRedemption), hasMore };
  });
};

function writeRedemption({ seq, at, receivedAt, by, ...rest }: RedemptionView): Static<typeof Redemption> {
  return {
    ...rest,
    cursor: String(seq),
    at: writeTime(at),
    receivedAt: writeTime(receivedAt),
    by: by && { ...by, at: writeTime(by.at), receivedAt: writeTime(by.receivedAt) },
  };
}
