import { type Redemption, RedemptionPage, RedemptionQuery, ref, Upload, UploadAnswer, writeTime } from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import type { RedemptionDeps } from "../../domain/redemptions/index.ts";
import { listRedemptions, type Quota, type RedemptionView, report, takeQuota } from "../../domain/redemptions/index.ts";
import { actorOf, needs } from "../frame/access.ts";
import { describeHeaders, json, RECORD_QUOTA } from "../frame/answers.ts";
import { perKey } from "../frame/limits.ts";
import { readCursor, readLimit } from "../frame/paging.ts";
import { HttpProblem, problems } from "../frame/problem.ts";
import { readRecords, takeRecords, writeAnswer } from "./records.ts";

const MAX_BODY = 256 * 1024;

const tags = ["Redemptions"];

/** What devices and couriers report. */
export const redemptionUploadRoutes: FastifyPluginAsyncTypebox<{ deps: RedemptionDeps }> = async (app, { deps }) => {
  describeHeaders(app, () => RECORD_QUOTA);
  const upload = {
    operationId: "redeem",
    summary: "Report what happened at the doors",
    description:
      "Each record is decided by itself, so one bad record holds back no other: what of the body is not a record is answered `refused`, `invalid-record` in its place. What is no redemption (a refusal, an attempt, an undo) is kept and answered `noted`. Each device and each API key may report so many records an hour (5,000 unless the operator says otherwise): an upload that goes beyond is refused whole, 429, and loses nothing when it is sent again after Retry-After.",
    tags,
    security: [needs("redeem"), { deviceToken: [] }],
    body: ref(Upload),
    response: {
      200: json(UploadAnswer, "Decided"),
      ...problems(400, 401, 403, 413, 415, 429, 500, 503, 507),
    },
  };
  app.decorateRequest("records");
  app.post(
    "/v1/redemptions",
    { schema: upload, preValidation: takeRecords, bodyLimit: MAX_BODY },
    async (request, reply) => {
      const read = await readRecords(request);
      requireQuota(reply, await takeQuota(deps, actorOf(request), read.length));
      const answers = await report(
        deps,
        read.flatMap(({ entry }) => entry ?? []),
        actorOf(request),
      );
      const inOrder = answers[Symbol.iterator]();
      const results = read.map(({ entry, refusal }) => (entry ? writeAnswer(inOrder.next().value) : refusal));
      return { now: writeTime(deps.now()), results } satisfies UploadAnswer;
    },
  );
};

/** For the back office. */
export const redemptionListRoutes: FastifyPluginAsyncTypebox<{ deps: RedemptionDeps }> = async (app, { deps }) => {
  const list = {
    operationId: "listRedemptions",
    summary: "List what happened at the doors, newest first",
    description: "Of a conflict, the other side stands beside it under `by`.",
    tags,
    security: [needs("read")],
    querystring: RedemptionQuery,
    response: {
      200: json(RedemptionPage, "A page; `after` takes the last one's cursor"),
      ...problems(400, 401, 403, 429, 500),
    },
  };
  app.get(
    "/v1/redemptions",
    { schema: list, config: perKey("list"), preValidation: readLimit },
    async ({ query: { after, ...query } }) => {
      const { data, hasMore } = await listRedemptions(deps, { ...query, ...readCursor(after) });
      return { data: data.map(writeRedemption), hasMore };
    },
  );
};

/** @throws {HttpProblem} `rate-limited` */
function requireQuota(reply: FastifyReply, { isTaken, limit, remaining, resetIn }: Quota): void {
  reply.headers({ "ratelimit-limit": limit, "ratelimit-remaining": remaining, "ratelimit-reset": resetIn });
  if (isTaken) return;
  reply.header("retry-after", resetIn);
  throw new HttpProblem("rate-limited", `more than ${limit} records in an hour: again in ${resetIn} seconds`);
}

function writeRedemption({ seq, at, receivedAt, by, writtenAt, ...rest }: RedemptionView): Redemption {
  return {
    ...rest,
    cursor: String(seq),
    at: writeTime(at),
    receivedAt: writeTime(receivedAt),
    writtenAt: writtenAt === null ? null : writeTime(writtenAt),
    by: by && { ...by, at: writeTime(by.at), receivedAt: writeTime(by.receivedAt) },
  };
}
