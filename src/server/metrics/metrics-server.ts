import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { GemError } from "../../errors.ts";
import { exposition } from "./prometheus.ts";
import type { WorkerStats } from "./stats.ts";

/** Where metrics are served. */
export interface MetricsPlace {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** A server of metrics that runs. */
export interface MetricsServer {
  /** Where Prometheus finds them. */
  readonly url: string;
  /** Stops it. */
  close(): Promise<void>;
}

const PATH = "/metrics";

/**
 * Serves the workers' figures at `/metrics` in Prometheus' text format. There is no access control.
 *
 * @param ask gives the figures of those workers that answer in time
 * @throws GEM_INVALID_OPTION when the address cannot be used
 */
export async function serveMetrics(
  { host, port }: MetricsPlace,
  workers: number,
  ask: () => Promise<readonly WorkerStats[]>,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0];
    if (path !== PATH) {
      response.writeHead(404, { "content-type": "text/plain" }).end(`Metrics are at ${PATH}.\n`);
      return;
    }
    void ask().then((answers) => answer(response, exposition(answers, workers)));
  });
  await listen(server, host, port);
  // Whoever asks for metrics keeps no server alive.
  server.unref();
  const { address, family, port: chosen } = server.address() as AddressInfo;
  const name = family === "IPv6" ? `[${address}]` : address;
  return {
    url: `http://${name}:${String(chosen)}${PATH}`,
    close: () => closeServer(server),
  };
}

function answer(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GemError(
      "GEM_INVALID_OPTION",
      `Metrics cannot be served at ${host}:${String(port)}: ${reason}. Choose another address with --metrics or GEM_METRICS; port 0 takes any that is free.`,
    );
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
