import type { Socket } from "node:net";
import type { FastifyServerOptions } from "fastify";

type ClientErrorHandler = NonNullable<FastifyServerOptions["clientErrorHandler"]>;

const REASONS: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, "The headers are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request took too long to arrive"],
};

/**
 * Bytes that are no HTTP become no request: they are answered on the socket, and not logged, since they may hold a key.
 */
export function refuseBadHttp({ publicUrl }: { publicUrl: string }): ClientErrorHandler {
  return ({ code }, socket: Socket) => {
    if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    const [status, title] = REASONS[code] ?? [400, "This is not HTTP"];
    const type = `${publicUrl}/problems#bad-request`;
    const body = JSON.stringify({ type, title, status, detail: title, instance: "", code: "bad-request", errors: [] });
    const head = [
      `HTTP/1.1 ${status} ${title}`,
      "content-type: application/problem+json",
      `content-length: ${body.length}`,
      "connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  };
}
