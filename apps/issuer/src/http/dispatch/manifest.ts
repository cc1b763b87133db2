import { RouteName } from "@doorproof/api";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { type DispatchDeps, fetchManifest } from "../../domain/dispatch/index.ts";
import { actorOf } from "../frame/access.ts";
import { answer, ETAG } from "../frame/answers.ts";
import { problems } from "../frame/problem.ts";

const Bytes = Type.Unsafe<string | Uint8Array>({ type: "string", format: "binary" });

const tags = ["Devices"];

/** For drivers' devices. */
export const manifestRoutes: FastifyPluginAsyncTypebox<{ deps: DispatchDeps }> = async (app, { deps }) => {
  const fetch = {
    operationId: "getManifest",
    summary: "The route's sealed stops, signed",
    description:
      "The ETag names the version. A device that sends it back says that it has this version: what is not in it may then go to another route.",
    tags,
    security: [{ deviceToken: [] }],
    params: Type.Object({ route: RouteName }),
    response: {
      200: answer("application/cose", Bytes, { description: "The document", headers: ETAG }),
      304: { description: "You have it: If-None-Match named it", headers: ETAG, type: "null" },
      ...problems(400, 401, 403, 429, 500, 503),
    },
  };
  app.get("/v1/manifests/:route", { schema: fetch }, async (request, reply) => {
    const has = readVersions(request.headers["if-none-match"]);
    const { version, document } = await fetchManifest(deps, {
      deviceId: actorOf(request).id,
      route: request.params.route,
      has,
    });
    reply.header("etag", `"${version}"`);
    if (document === null) return reply.code(304).send();
    return reply.type("application/cose").send(Buffer.from(document));
  });
};

// RFC 9110 section 13.1.2, without the star, which does not say which version a device has.
function readVersions(header: string | undefined): number[] {
  return (header ?? "").split(",").flatMap((tag) => {
    const [, version] = /^(?:W\/)?"([0-9]{1,10})"$/.exec(tag.trim()) ?? [];
    return version === undefined ? [] : [Number(version)];
  });
}
