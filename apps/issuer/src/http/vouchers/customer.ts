import { chooseLanguage, headers, renderPage, renderQrPng, renderQrSvg, type View } from "@doorproof/customer-page";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { VoucherDeps } from "../../domain/vouchers/index.ts";
import { type PageView, viewPage } from "../../domain/vouchers/index.ts";
import { answer, CACHE_CONTROL, OPEN } from "../frame/answers.ts";
import { problems } from "../frame/problem.ts";

/**
 * Against load: a token of 128 bits cannot be guessed. High, because a mobile network has thousands of customers behind
 * one address.
 */
const LIMIT = { max: 1200, timeWindow: 60_000 };

const tags = ["Customer"];
const security = OPEN;
const HEADERS = {
  ...CACHE_CONTROL,
  vary: Type.String({ description: "The page speaks its reader's language" }),
  "x-robots-tag": Type.String({ description: "No search engine may list a customer's page" }),
};
const params = Type.Object({ token: Type.String({ examples: ["gk3Tt0m1mDkq7b9vWn2xQA"] }) });
const html = (description: string) => answer("text/html", Type.String(), { description, headers: HEADERS });
const Bytes = Type.Unsafe<string | Uint8Array>({ type: "string", format: "binary" });
const notFound = { 404: html("No such link, or none that is well formed: the same page for both") };

/**
 * The page behind the link. A GET changes nothing: messengers and virus scanners open links before people do.
 * Registered under `/v`, so that whatever else stands below it is answered by the same page and not by JSON.
 */
export const customerRoutes: FastifyPluginAsyncTypebox<{ deps: VoucherDeps; timeZone: string }> = async (
  app,
  { deps, timeZone },
) => {
  const showPage = async (request: FastifyRequest, reply: FastifyReply, token: string) => {
    const seen = await viewPage(deps, token);
    return sendPage(reply, toView(seen, { request, token, timeZone }));
  };
  // Messengers and link shorteners hang their own parameters onto an address. The page reads none, and whoever stands at
  // the door with such a link still needs their code.
  const config = { rateLimit: LIMIT, anyQuery: "opened-by-people" } as const;
  const page = {
    operationId: "showPage",
    summary: "The customer's page; changes nothing",
    description: "Messengers and virus scanners may open it before people do.",
    tags,
    security,
    params,
    response: { 200: html("The QR and the code, or why there is none any more"), ...notFound, ...problems(429, 500) },
  };
  app.get("/:token", { schema: page, config }, async (request, reply) =>
    showPage(request, reply, request.params.token),
  );

  const picture = (operationId: string, type: string) => ({
    operationId,
    summary: "The QR alone",
    description: "For whoever shows the voucher elsewhere; as secret as the page itself.",
    tags,
    security,
    params,
    response: {
      200: answer(type, Bytes, { description: "The picture", headers: HEADERS }),
      ...notFound,
      ...problems(429, 500),
    },
  });
  app.get("/:token/qr.svg", { schema: picture("showQrSvg", "image/svg+xml"), config }, async (request, reply) => {
    const seen = await viewPage(deps, request.params.token);
    if (seen.state !== "ready") return sendPage(reply.code(404), toView(seen, { request, token: "", timeZone }));
    return reply.headers(headers).type("image/svg+xml").send(renderQrSvg(seen.voucherText));
  });
  app.get("/:token/qr.png", { schema: picture("showQrPng", "image/png"), config }, async (request, reply) => {
    const seen = await viewPage(deps, request.params.token);
    if (seen.state !== "ready") return sendPage(reply.code(404), toView(seen, { request, token: "", timeZone }));
    return reply
      .headers(headers)
      .type("image/png")
      .send(Buffer.from(await renderQrPng(seen.voucherText)));
  });

  app.setNotFoundHandler(async (request, reply) => answerUnknown(request, reply));
};

/** Also for addresses that the router cannot read, such as `/v/%zz`. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendPage(reply, toView({ state: "unknown" }, { request, token: "", timeZone: "UTC" }));
}

function sendPage(reply: FastifyReply, view: View): FastifyReply {
  if (view.state === "unknown") reply.code(404);
  return reply.headers(headers).type("text/html; charset=utf-8").send(renderPage(view));
}

// The reader's own language comes before the one in which the message was asked for.
function toView(
  seen: PageView,
  { request, token, timeZone }: { request: FastifyRequest; token: string; timeZone: string },
): View {
  const wanted = request.headers["accept-language"];
  if (seen.state !== "ready") return { state: seen.state, language: chooseLanguage(wanted) };
  const { voucherText, shortCode, expiresAt, locale } = seen;
  const links = { svg: `/v/${token}/qr.svg`, png: `/v/${token}/qr.png` };
  return {
    state: "ready",
    language: chooseLanguage(wanted ?? locale),
    voucherText,
    shortCode,
    expiresAt,
    timeZone,
    links,
  };
}
