import { writeTime } from "@doorproof/api/time";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type, { type Static } from "typebox";
import type { AuditRows } from "../../domain/audit/index.ts";
import { type EventView, listEvents } from "../../domain/audit/index.ts";
import type { Deps } from "../../domain/ports.ts";
import { pageQuery, readCursor, readLimit } from "../frame/paging.ts";
import { problems } from "../frame/problem.ts";
import { Time } from "../frame/time.ts";

const Event = Type.Object(
  {
    cursor: Type.String(),
    at: Time,
    kind: Type.String(),
    deliveryId: Type.Union([Type.String(), Type.Null()]),
    voucherId: Type.Union([Type.String(), Type.Null()]),
    actor: Type.Object({ kind: Type.String(), id: Type.String() }),
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: "Event" },
);

/** The audit trail. */
export const eventRoutes: FastifyPluginAsyncTypebox<{ deps: Deps<AuditRows> }> = async (app, { deps }) => {
  app.addSchema(Event);
  const list = {
    operationId: "listEvents",
    summary: "List the audit trail, newest first",
    tags: ["Events"],
    security: [{ apiKey: [] }],
    querystring: pageQuery({ delivery: Type.Optional(Type.String({ pattern: "^[!-~]{1,64}$" })) }),
    response: {
      200: {
        description: "A page; `after` takes the last one's cursor",
        content: {
          "application/json": { schema: Type.Object({ data: Type.Array(Type.Ref("Event")), hasMore: Type.Boolean() }) },
        },
      },
      ...problems(400, 401, 403, 429, 500),
    },
  };
  app.get("/v1/events", { schema: list, preValidation: readLimit }, async ({ query: { after, ...query } }) => {
    const { data, hasMore } = await listEvents(deps, { ...query, ...readCursor(after) });
    return { data: data.map(writeEvent), hasMore };
  });
};

function writeEvent({ seq, at, actor, ...rest }: EventView): Static<typeof Event> {
  return { ...rest, cursor: String(seq), at: writeTime(at), actor: { ...actor } };
}
