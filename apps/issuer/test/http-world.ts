import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ALL_COURIERS, PERMISSIONS, type Permission } from "@doorproof/api/lists";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { onTestFinished } from "vitest";
import { buildApp, type Surroundings } from "../src/app.ts";
import { createApiKey } from "../src/domain/access/create-api-key.ts";
import { revocationList } from "../src/domain/vouchers/revocations.ts";
import { type LogGateway, logGateway } from "../src/gateways/log.ts";
import { createLogger } from "../src/logger.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
import { makeWorld, type World } from "./sqlite-world.ts";
import { BACK_OFFICE, HOUR, T0 } from "./world.ts";

export const OUTBOX_TOKEN = "outbox-token";
export const PUBLIC_URL = "http://localhost:8080";

/** An issuer with its HTTP side, on real keys and a real database; what it logs is kept. */
export interface HttpWorld extends World {
  readonly app: FastifyInstance;
  readonly gateway: LogGateway;
  readonly log: string[];
  /** An API key's header. */
  authorize(...permissions: readonly Permission[]): Promise<{ authorization: string }>;
  /** As the back office. */
  call(method: "GET" | "POST", url: string, body?: object, headers?: object): Promise<LightMyRequestResponse>;
}

interface Changes {
  readonly config?: Partial<Surroundings["config"]>;
  readonly change?: (deps: Deps) => Deps;
}

export async function makeHttpWorld({ config = {}, change = (deps) => deps }: Changes = {}): Promise<HttpWorld> {
  const world = await makeWorld({ policy: { publicUrl: PUBLIC_URL } });
  const { folder } = world;
  const deps = change(world.deps);
  const { app, gateway, log } = await appOf({ deps, folder, config });
  onTestFinished(() => app.close());
  const authorize = async (...permissions: readonly Permission[]) => {
    const courier = permissions.includes("redeem") ? ALL_COURIERS : null;
    const request = { name: "test", permissions, courier, expiresAt: null };
    const { token } = await createApiKey(world.deps, request, BACK_OFFICE);
    return { authorization: `Bearer ${token}` };
  };
  const operations = await authorize(...PERMISSIONS);
  const call = (method: "GET" | "POST", url: string, body?: object, headers: object = {}) => {
    const options: InjectOptions = { method, url, headers: { ...operations, ...headers } };
    return app.inject(body === undefined ? options : { ...options, payload: body });
  };
  return { ...world, app, gateway, log, authorize, call };
}

interface Opened {
  readonly deps: Deps;
  /** Where its `keys` lie. */
  readonly folder: string;
  readonly config?: Partial<Surroundings["config"]>;
}

/** The HTTP side of an issuer; the caller closes it. */
export async function appOf({
  deps,
  folder,
  config = {},
}: Opened): Promise<Pick<HttpWorld, "app" | "gateway" | "log">> {
  const log: string[] = [];
  const gateway = logGateway(join(folder, "outbox.ndjson"), deps);
  const file = (name: string) => () => readFile(join(folder, "keys", name));
  const app = await buildApp(deps, {
    config: { publicUrl: PUBLIC_URL, production: false, publicDocs: true, trustProxy: [], ...config },
    logger: createLogger({ level: "trace", destination: { write: (line) => void log.push(line) } }),
    published: {
      jwks: file("jwks.json"),
      coseKeys: file("cose-keys.cbor"),
      keyList: file("keys.cose"),
      revocations: revocationList(deps),
    },
    vitals: { closing: false },
    messages: gateway.outcome,
    outbox: { read: gateway.read, token: OUTBOX_TOKEN },
    timeZone: "Europe/London",
  });
  return { app, gateway, log };
}

export const ORDER = { deliveryId: "RR123456785DE", phone: "+447700900123", expiresIn: "48h" };

/** ISO 8601, so many hours after the world's beginning. */
export function hours(count: number): string {
  return new Date((T0 + count * HOUR) * 1000).toISOString();
}
