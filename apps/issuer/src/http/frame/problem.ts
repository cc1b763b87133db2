import { type IssueCode, Problem, type ProblemCode, type RequestCode } from "@doorproof/api";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { type Fault, IssueError, StorageError } from "../../domain/errors.ts";
import { AUTHENTICATE, CACHE_CONTROL, type Headers, RETRY_AFTER } from "./answers.ts";
import { bodyFaults } from "./faults.ts";
import { logRefusedAccess } from "./refused-access.ts";

interface Meaning {
  readonly status: number;
  readonly title: string;
}

/** The one place that says which status each of the domain's refusals is. */
const ISSUE_PROBLEMS: Readonly<Record<IssueCode, Meaning>> = {
  "invalid-delivery": { status: 422, title: "The request is well formed, but says something that cannot be done" },
  "delivery-exists": { status: 409, title: "This delivery ID stands already, with other claims" },
  "delivery-cancelled": { status: 409, title: "The delivery is cancelled: nothing is issued for it again" },
  "delivery-delivered": { status: 409, title: "The delivery is delivered" },
  "delivery-unknown": { status: 404, title: "There is no such delivery" },
  "delivery-open": { status: 409, title: "A voucher of the delivery lives: cancel it first" },
  "voucher-unknown": { status: 404, title: "There is no such voucher" },
  "voucher-not-live": { status: 409, title: "The voucher is expired, revoked, superseded or redeemed" },
  "sms-refused": { status: 429, title: "Too many messages for this voucher" },
  "no-signing-key": { status: 503, title: "The issuer holds no key for this time" },
  "clock-doubted": { status: 503, title: "The issuer doubts its own clock, and signs nothing by it" },
  "idempotency-mismatch": { status: 422, title: "This Idempotency-Key came before, with another request" },
  "route-unknown": { status: 404, title: "There is no such route" },
  "foreign-route": { status: 403, title: "The device is enrolled for another route" },
  "enrolment-over": { status: 410, title: "The enrolment link was used, replaced or is too old" },
  "device-unknown": { status: 401, title: "The device is not enrolled, or not any more" },
  "invalid-api-key": { status: 422, title: "No API key can be made like this" },
  "api-key-unknown": { status: 404, title: "There is no such API key" },
};

/** What is wrong with a request before any rule has looked at it. */
const REQUEST_PROBLEMS: Readonly<Record<RequestCode, Meaning>> = {
  "invalid-request": { status: 400, title: "The request does not have the shape that this route takes" },
  "unknown-field": { status: 400, title: "The request has a field that this route does not know" },
  "invalid-json": { status: 400, title: "The body is not JSON" },
  "bad-request": { status: 400, title: "The request is not understood" },
  unauthorized: { status: 401, title: "An API key or a device token is needed" },
  "insufficient-scope": { status: 403, title: "The API key may not do this" },
  "not-found": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "This address takes other methods" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be application/json" },
  "rate-limited": { status: 429, title: "Too many requests" },
  "internal-error": { status: 500, title: "The issuer failed; the fault is on this side" },
  "storage-full": { status: 507, title: "The issuer's disk is full: nothing was stored, send it again later" },
  "storage-failed": { status: 503, title: "The issuer's database cannot be read or written: nothing was stored" },
  unavailable: { status: 503, title: "The issuer cannot serve now" },
};

/** All codes in the order of their status, for the page that explains them. */
export const PROBLEMS: Readonly<Record<ProblemCode, Meaning>> = { ...REQUEST_PROBLEMS, ...ISSUE_PROBLEMS };

/** A problem of HTTP itself, thrown where it is found. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly code: RequestCode;
  readonly faults: readonly Fault[];

  constructor(code: RequestCode, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.code = code;
    this.faults = faults;
  }
}

/** For a route's `response`: each status as a problem. */
export function problems(...statuses: readonly number[]): Record<number, object> {
  const content = { "application/problem+json": { schema: Type.Ref(Problem.$id) } };
  return Object.fromEntries(
    statuses.map((status) => {
      const headers = { ...CACHE_CONTROL, ...HEADERS[status] };
      return [status, { description: DESCRIPTIONS[status] ?? "Problem", headers, content }];
    }),
  );
}

const HEADERS: Readonly<Record<number, Headers>> = { 401: AUTHENTICATE, 429: RETRY_AFTER };

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: "Not the shape that this route takes; every fault is listed",
  401: "No API key or device token, or none that stands",
  403: "The API key lacks the permission, or the device is another route's",
  404: "No such thing",
  409: "It cannot be done in this state",
  410: "It is over, for good",
  413: "Body too large",
  415: "Not application/json",
  422: "Well formed, but cannot be done; every fault is listed",
  429: "Too many; Retry-After says when again",
  500: "The issuer failed",
  503: "The issuer cannot serve now",
  507: "The issuer's disk is full: nothing was stored",
};

/**
 * The one error handler. An unexpected error is a 500 that tells only the request's ID; the error itself is in the log.
 */
export function problemHandler({ publicUrl }: { publicUrl: string }) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { code, detail, faults } = describe(error, request);
    const { status, title } = PROBLEMS[code];
    logRefusedAccess(request, code);
    if (status === 500 || error instanceof StorageError) request.log.error({ err: error }, "request failed");
    const problem: Problem = {
      type: `${publicUrl}/problems#${code}`,
      title,
      status,
      detail,
      instance: request.id,
      code,
      errors: [...faults],
    };
    // Headers that the route has set already, on caching or language, were meant for another answer.
    return reply
      .code(status)
      .header("x-request-id", request.id)
      .header("cache-control", "no-store")
      .type("application/problem+json")
      .send(JSON.stringify(problem));
  };
}

interface Description {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly faults: readonly Fault[];
}

function describe(error: FastifyError | Error, { body, routeOptions }: FastifyRequest): Description {
  if (error instanceof IssueError || error instanceof HttpProblem) {
    return { code: error.code, detail: error.message, faults: error.faults };
  }
  if (error instanceof StorageError) {
    const detail = "nothing of this request was stored; the cause stands in the issuer's log";
    return { code: error.code === "full" ? "storage-full" : "storage-failed", detail, faults: [] };
  }
  if ("validation" in error && error.validation)
    return describeFaults(bodyFaults(error.validation, body, routeOptions.config?.judge));
  const status = "statusCode" in error && error.statusCode !== undefined ? error.statusCode : 500;
  const known = "code" in error ? FASTIFY_PROBLEMS[error.code] : undefined;
  if (known) return { code: known, detail: error.message, faults: [] };
  // secure-json-parse on a __proto__ key: a SyntaxError without a code of Fastify's.
  if (error instanceof SyntaxError && status === 400)
    return { code: "invalid-json", detail: "the body holds a forbidden key", faults: [] };
  if (status >= 400 && status < 500) return { code: "bad-request", detail: error.message, faults: [] };
  return { code: "internal-error", detail: "look for this instance in the issuer's log", faults: [] };
}

const FASTIFY_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid-json",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid-json",
  FST_ERR_CTP_BODY_TOO_LARGE: "body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "bad-request",
  FST_ERR_BAD_URL: "bad-request",
  FST_ERR_ASYNC_CONSTRAINT: "bad-request",
};

function describeFaults(faults: readonly Fault[]): Description {
  const unknownOnly = faults.every(({ code }) => code === "unknown-field");
  const detail = faults.length === 1 ? `${faults[0]?.pointer} ${faults[0]?.detail}` : `${faults.length} faults`;
  return { code: unknownOnly ? "unknown-field" : "invalid-request", detail, faults };
}
