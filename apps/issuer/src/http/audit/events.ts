import { type AuditEvent, EventPage, EventQuery, writeTime } from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type AuditRows, type EventView, listEvents } from "../../domain/audit/index.ts";
import type { Deps } from "../../domain/ports.ts";
import { needs } from "../frame/access.ts";
import { json } from "../frame/answers.ts";
import { perKey } from "../frame/limits.ts";
import { readCursor, readLimit } from "../frame/paging.ts";
import { problems } from "../frame/problem.ts";

/** The audit trail. */
export const eventRoutes: FastifyPluginAsyncTypebox<{ deps: Deps<AuditRows> }> = async (app, { deps }) => {
  const list = {
    operationId: "listEvents",
    summary: "List the audit trail, newest first",
    description: "Appended to and never changed.",
    tags: ["Events"],
    security: [needs("audit")],
    querystring: EventQuery,
    response: {
      200: json(EventPage, "A page; `after` takes the last one's cursor"),
      ...problems(400, 401, 403, 429, 500),
    },
  };
  app.get(
    "/v1/events",
    { schema: list, config: perKey("list"), preValidation: readLimit },
    async ({ query: { after, ...query } }) => {
      const { data, hasMore } = await listEvents(deps, { ...query, ...readCursor(after) });
      return { data: data.map(writeEvent), hasMore };
    },
  );
};

function writeEvent({ seq, at, actor, ...rest }: EventView): AuditEvent {
  return { ...rest, cursor: String(seq), at: writeTime(at), actor: { ...actor } };
}
