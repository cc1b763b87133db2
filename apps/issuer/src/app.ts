import { join } from "node:path";
import type { MessageOutcome } from "@doorproof/api/lists";
import { isTime } from "@doorproof/api/time";
import { toHex } from "@doorproof/voucher/codec";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from "fastify";
import type { Config } from "./config.ts";
import { enrolmentLinkRoutes, enrolmentRoutes } from "./http/access/enrolment.ts";
import { eventRoutes } from "./http/audit/events.ts";
import { measureRequests, metricsRoutes } from "./http/audit/metrics.ts";
import { manifestRoutes } from "./http/dispatch/manifest.ts";
import { routeRoutes } from "./http/dispatch/routes.ts";
import { requireDevice, requirePermission } from "./http/frame/access.ts";
import { addShapes, describeHeaders, RATE_LIMIT, REQUEST_ID } from "./http/frame/answers.ts";
import { refuseBadHttp } from "./http/frame/bad-http.ts";
import { boundBodies } from "./http/frame/bounds.ts";
import { describeLimits } from "./http/frame/limits.ts";
import { answerOtherMethods } from "./http/frame/methods.ts";
import { HttpProblem, problemHandler } from "./http/frame/problem.ts";
import { refuseUnknownQuery } from "./http/frame/query.ts";
import { namedActor } from "./http/frame/refused-access.ts";
import { serializeOnce } from "./http/frame/serializers.ts";
import { requireThisMachine } from "./http/frame/this-machine.ts";
import { type Outbox, outboxRoutes } from "./http/messages/outbox-page.ts";
import { describeRoutes, docsRoutes } from "./http/open/docs.ts";
import { driverRoutes } from "./http/open/driver.ts";
import { healthRoutes, type Vitals } from "./http/open/health.ts";
import { keyRoutes, type Published } from "./http/open/keys.ts";
import { redemptionListRoutes, redemptionUploadRoutes } from "./http/redemptions/redemptions.ts";
import { courierRoutes } from "./http/vouchers/couriers.ts";
import { answerUnknown, customerRoutes } from "./http/vouchers/customer.ts";
import { revealRoutes } from "./http/vouchers/reveal.ts";
import { voucherRoutes } from "./http/vouchers/vouchers.ts";
import type { StoreDeps } from "./store/store.ts";

/** What the app is built from besides the domain's deps. */
export interface Surroundings {
  readonly config: Pick<Config, "publicUrl" | "production" | "publicDocs" | "trustProxy">;
  readonly logger: FastifyBaseLogger;
  readonly published: Published;
  readonly vitals: Vitals;
  readonly messages: MessageOutcome;
  /** What the gateway `log` wrote; null for any other. */
  readonly outbox: Outbox | null;
  /** IANA name of the zone in which parcels arrive: the customer's page tells the expiry in it. */
  readonly timeZone: string;
}

const KIB = 1024;
/** Where the driver's build lies. */
const DRIVER_APP = join(import.meta.dirname, "../../driver/dist");

/** All of the issuer's HTTP side; it does not listen yet. */
export async function buildApp(deps: StoreDeps, surroundings: Surroundings): Promise<FastifyInstance> {
  const { config, logger, published, vitals, messages, outbox, timeZone } = surroundings;
  const handleError = problemHandler(config);
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => toHex(deps.random(8)),
    trustProxy: config.trustProxy.length === 0 ? false : [...config.trustProxy],
    bodyLimit: 16 * KIB,
    requestTimeout: 30_000,
    // Ajv's defaults turn ["A"] into "A" and drop unknown fields: a client's mistake would be stored as something else.
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true, allowUnionTypes: true },
      onCreate: (ajv) => ajv.addFormat("date-time", isTime),
    },
    schemaController: { compilersFactory: { buildSerializer: serializeOnce() } },
    frameworkErrors: (error, request, reply) =>
      request.url.startsWith("/v/") ? answerUnknown(request, reply) : handleError(error, request, reply),
    clientErrorHandler: refuseBadHttp(config),
    // Requests on connections that are still open are served during the close: the store closes last.
    return503OnClosing: false,
  });

  // JSON alone: Fastify's text parser would hand a text/plain body to the schema, which answers 400 instead of 415.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, app.getDefaultJsonParser("error", "error"));

  app.setErrorHandler(handleError);
  app.setNotFoundHandler(() => {
    throw new HttpProblem("not-found", "there is nothing at this address");
  });
  app.decorateRequest("actor", null);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  // Else a client that is served during the close keeps its connection open, and the process does not end.
  app.addHook("onSend", async (_request, reply) => {
    if (vitals.closing) reply.header("connection", "close");
  });
  // One line a request, by route: an address may hold a customer's token.
  app.addHook("onResponse", async (request, { statusCode, elapsedTime }) => {
    const { log, method, routeOptions } = request;
    const what = { method, route: routeOptions.url ?? null, status: statusCode, ms: Math.round(elapsedTime) };
    log.info({ ...what, actor: namedActor(request) }, "request");
  });
  const registry = measureRequests(app);
  const answerTheRest = answerOtherMethods(app);
  refuseUnknownQuery(app);
  describeLimits(app);

  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: config.production ? { maxAge: 31_536_000 } : false,
  });
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { after }) =>
      new HttpProblem("rate-limited", `too many requests: again in ${after}`),
  });
  await describeRoutes(app, config);
  addShapes(app);
  boundBodies(app);
  describeHeaders(app, ({ config }) => ({ ...REQUEST_ID, ...(config?.rateLimit && RATE_LIMIT) }));

  await app.register(async (backOffice) => {
    requirePermission(backOffice, { deps });
    await backOffice.register(voucherRoutes, { deps });
    await backOffice.register(revealRoutes, { deps });
    await backOffice.register(courierRoutes, { deps });
    await backOffice.register(routeRoutes, { deps });
    await backOffice.register(enrolmentLinkRoutes, { deps });
    await backOffice.register(redemptionListRoutes, { deps });
    await backOffice.register(eventRoutes, { deps });
  });
  await app.register(async (couriers) => {
    requirePermission(couriers, { deps });
    await couriers.register(redemptionUploadRoutes, { deps });
  });
  await app.register(async (devices) => {
    requireDevice(devices, { deps });
    await devices.register(manifestRoutes, { deps });
  });
  await app.register(enrolmentRoutes, { deps });
  await app.register(async (operator) => {
    // Only a trial needs no API key here, and only on its machine. "From this machine" would not do in production:
    // behind a local proxy everybody is.
    if (config.production) requirePermission(operator, { deps });
    else requireThisMachine(operator);
    await operator.register(metricsRoutes, { deps, registry });
  });
  await app.register(keyRoutes, { published });
  await app.register(customerRoutes, { prefix: "/v", deps, timeZone });
  await app.register(driverRoutes, { folder: DRIVER_APP });
  await app.register(healthRoutes, { deps, vitals, messages });
  await app.register(docsRoutes, { isPublic: config.publicDocs });
  if (outbox && !config.production) await app.register(outboxRoutes, { outbox });

  answerTheRest();
  return app;
}
