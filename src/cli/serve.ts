import { GemError, show } from "../errors.ts";
import { defaultWorkers, serve, type ServeOptions } from "../server/serve.ts";
import { TRANSPORTS } from "../server/endpoints.ts";
import { readInteger, readWorkers, workersFromEnvironment } from "./environment.ts";

/** The options of `gem serve`, as written. */
export interface ServeArguments {
  readonly transport: string;
  readonly host: string;
  readonly port: string;
  readonly workers?: string;
  readonly parentPid?: string;
  readonly allowPrograms?: boolean;
}

/** `gem serve`: prints one line of JSON when it accepts connections, serves, and exits. */
export async function runServe(given: ServeArguments): Promise<void> {
  const code = await serve(readOptions(given), (announcement) => {
    process.stdout.write(`${JSON.stringify(announcement)}\n`);
  });
  process.exit(code);
}

/** @throws GEM_INVALID_OPTION */
function readOptions(given: ServeArguments): ServeOptions {
  const { transport, host, port, workers, parentPid, allowPrograms } = given;
  const known = TRANSPORTS.find((name) => name === transport);
  if (known === undefined) {
    const names = TRANSPORTS.join(", ");
    throw new GemError(
      "GEM_INVALID_OPTION",
      `--transport must be one of ${names}, got ${show(transport)}.`,
    );
  }
  return {
    transport: known,
    host,
    port: readInteger("--port", port, 0, 65_535),
    workers:
      workers === undefined
        ? (workersFromEnvironment() ?? defaultWorkers())
        : readWorkers("--workers", workers),
    parentPid:
      parentPid === undefined ? undefined : readInteger("--parent-pid", parentPid, 1, 2 ** 31),
    allowPrograms,
  };
}
