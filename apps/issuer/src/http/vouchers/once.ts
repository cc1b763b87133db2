import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { DispatchDeps } from "../../domain/dispatch/index.ts";
import { type Outcome, withIdempotency } from "../../domain/vouchers/index.ts";
import { actorOf } from "../frame/access.ts";
import type { Headers } from "../frame/answers.ts";

/** The header of a request that is to be done once. */
export const IdempotencyKey = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 257,
      pattern: "^[ -~]+$",
      description:
        "The same key and body get the same answer, byte for byte, and do nothing twice, for 7 days. With quotes or without",
      examples: ["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    }),
  ),
});

/** Of answers to requests that may bear a key. */
export const REPLAYED: Headers = {
  "idempotency-replayed": Type.Literal("true", {
    description: "There when this is the answer of an earlier request with this key: nothing was done now",
  }),
};

/** An answer before it is sent. */
export interface Told {
  readonly status: 200 | 201;
  readonly location: string | null;
  readonly body: object;
}

/**
 * Answers a request that changes something: with an Idempotency-Key once, and each further time with the same status,
 * body and Location. Two headers of this name arrive joined by a comma, and so as a key that nobody has used: harmless.
 */
export async function answerOnce(
  deps: DispatchDeps,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { verb, tell }: { verb: (deps: DispatchDeps) => Promise<Outcome>; tell: (outcome: Outcome) => Told },
): Promise<FastifyReply> {
  const header = request.headers["idempotency-key"];
  const write = (outcome: Outcome) => writeTold(tell(outcome));
  if (typeof header !== "string") return send(reply, write(await verb(deps)));
  const key = /^"(.+)"$/.exec(header)?.[1] ?? header;
  const bodyHash = createHash("sha256").update(JSON.stringify(request.body)).digest("hex");
  const once = { actor: actorOf(request), key, route: `${request.method} ${request.url}`, bodyHash };
  const { answer, replayed } = await withIdempotency(deps, once, { verb, write });
  if (replayed) reply.header("idempotency-replayed", "true");
  return send(reply, answer);
}

// Two lines: what stands in the head, and the body as it is sent.
function writeTold({ status, location, body }: Told): string {
  return `${JSON.stringify({ status, location })}\n${JSON.stringify(body)}`;
}

function send(reply: FastifyReply, text: string): FastifyReply {
  const end = text.indexOf("\n");
  const { status, location } = JSON.parse(text.slice(0, end)) as Omit<Told, "body">;
  if (location !== null) reply.header("location", location);
  return reply
    .code(status)
    .type("application/json")
    .send(text.slice(end + 1));
}
