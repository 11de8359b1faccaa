import { GemError, show } from "../errors.ts";
import { AllowList } from "../transport/curve/allow-list.ts";
import { ALLOWED_FILE, readServerKeys } from "../transport/curve/key-files.ts";
import { readHostPort, type HostPort } from "../transport/address.ts";
import { defaultWorkers, serve, type ServeOptions } from "../server/serve.ts";
import { TRANSPORTS, type Place } from "../server/endpoints.ts";
import { registryFolder } from "../server/registry.ts";
import { DEFAULT_QUOTAS, type Quotas } from "../server/quotas.ts";
import { join } from "node:path";
import { readInteger, readSeconds, readWorkers, workersFromEnvironment } from "./environment.ts";

/** The options of `gem serve`, as written. */
export interface ServeArguments {
  readonly transport: string;
  readonly host: string;
  readonly port: string;
  readonly tcp?: string;
  readonly curve?: string;
  readonly workers?: string;
  readonly parentPid?: string;
  readonly shared?: boolean;
  readonly join?: string;
  readonly advertise?: string;
  readonly allowPrograms?: boolean;
  readonly grace?: string;
  readonly metrics?: string;
  readonly endWhenIdle?: string;
  readonly maxEnvironments?: string;
  readonly maxSessions?: string;
  readonly maxCallsPerSecond?: string;
  readonly maxFrameMb?: string;
}

const MEBIBYTE = 1_048_576;

const MOST_CALLS = 1_000_000_000;

/** `gem serve`: prints one line of JSON when it accepts connections, serves, and exits. */
export async function runServe(given: ServeArguments): Promise<void> {
  const code = await serve(readOptions(given), (announcement) => {
    process.stdout.write(`${JSON.stringify(announcement)}\n`);
  });
  process.exit(code);
}

/** @throws GEM_INVALID_OPTION */
function readOptions(given: ServeArguments): ServeOptions {
  const { workers, parentPid, allowPrograms, grace, endWhenIdle } = given;
  return {
    ...readPlace(given),
    workers:
      workers === undefined
        ? (workersFromEnvironment() ?? defaultWorkers())
        : readWorkers("--workers", workers),
    parentPid:
      parentPid === undefined ? undefined : readInteger("--parent-pid", parentPid, 1, 2 ** 31),
    isShared: given.shared,
    registry: given.join === undefined ? undefined : registryFolder(given.join),
    advertise: given.advertise,
    allowPrograms,
    graceSeconds: grace === undefined ? undefined : readSeconds("--grace", grace),
    idleSeconds:
      endWhenIdle === undefined ? undefined : readSeconds("--end-when-idle", endWhenIdle),
    quotas: readQuotas(given),
    metrics: readMetrics(given.metrics),
  };
}

/** Where metrics are served, as written or as `GEM_METRICS` has it; a port alone is one of this machine's own. */
function readMetrics(given: string | undefined): HostPort | undefined {
  const text = given ?? process.env["GEM_METRICS"] ?? "";
  if (text === "") return undefined;
  const place = readHostPort(text.includes(":") ? text : `127.0.0.1:${text}`);
  if (place !== undefined) return place;
  const name = given === undefined ? "GEM_METRICS" : "--metrics";
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${name} must be host:port, for example 127.0.0.1:9464, or a port of this machine, got ${show(text)}.`,
  );
}

function readPlace({ transport, host, port, tcp, curve }: ServeArguments): Place {
  const known = TRANSPORTS.find((name) => name === (tcp === undefined ? transport : "tcp"));
  if (known === undefined) {
    const names = TRANSPORTS.join(", ");
    throw new GemError(
      "GEM_INVALID_OPTION",
      `--transport must be one of ${names}, got ${show(transport)}.`,
    );
  }
  const place = tcp === undefined ? undefined : readHostPort(tcp);
  if (tcp !== undefined && place === undefined) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `--tcp must be host:port or [ipv6]:port, got ${show(tcp)}.`,
    );
  }
  return {
    transport: known,
    host: place?.host ?? host,
    port: place?.port ?? readInteger("--port", port, 0, 65_535),
    keys: curve === undefined ? undefined : checkedKeys(curve, known === "tcp"),
  };
}

/** A folder of keys that can be read. @throws GEM_INVALID_OPTION */
function checkedKeys(folder: string, isTcp: boolean): string {
  if (!isTcp) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      "--curve secures tcp; add --tcp <host:port>. Unix sockets are open to their user alone.",
    );
  }
  readServerKeys(folder);
  new AllowList(join(folder, ALLOWED_FILE), () => undefined).close();
  return folder;
}

/** What clients may use, where it was said. */
function readQuotas(given: ServeArguments): Partial<Quotas> {
  const { maxEnvironments, maxSessions, maxCallsPerSecond, maxFrameMb } = given;
  const { environments, frameBytes } = DEFAULT_QUOTAS;
  const quotas: { -readonly [name in keyof Quotas]?: Quotas[name] } = {};
  if (maxEnvironments !== undefined)
    quotas.environments = readInteger("--max-environments", maxEnvironments, 1, environments);
  if (maxSessions !== undefined)
    quotas.sessions = readInteger("--max-sessions", maxSessions, 1, 100_000);
  if (maxCallsPerSecond !== undefined) {
    const name = "--max-calls-per-second";
    quotas.callsPerSecond = readInteger(name, maxCallsPerSecond, 1, MOST_CALLS);
  }
  if (maxFrameMb !== undefined) {
    const most = frameBytes / MEBIBYTE;
    quotas.frameBytes = readInteger("--max-frame-mb", maxFrameMb, 1, most) * MEBIBYTE;
  }
  return quotas;
}
