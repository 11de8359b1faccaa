/** What a server's threads do so that others can see what goes on. */
import { isGemError } from "../../errors.ts";
import { packageVersion } from "../../recording/package-version.ts";
import { introduceRecorder } from "../../recording/recordings.ts";
import { errorFields, logLevel, type Log } from "../log.ts";
import type { Insight } from "./insight.ts";
import { serveMetrics, type MetricsPlace, type MetricsServer } from "./metrics-server.ts";
import { Questions, answerQuestions } from "./questions.ts";
import { findTracing } from "./tracing.ts";

/** Makes a worker's work visible: to the main thread, in recordings, in spans and, at level `debug`, in its log. */
export function observeWorker(index: number, insight: Insight, log: Log): void {
  introduceRecorder(`worker ${String(index)}`, (path, error) =>
    log("error", "A recording cannot be written any more; what is played goes on without it.", {
      path,
      ...errorFields(error),
    }),
  );
  answerQuestions(insight);
  if (logLevel() === "debug") insight.log = log;
  void findTracing(packageVersion()).then((tracing) => {
    insight.tracing = tracing;
  });
}

/**
 * Serves metrics of this process's workers.
 *
 * @param isPrivate whether the server serves one program, which must not fail because an address is taken: that is only logged
 * @throws GEM_INVALID_OPTION when the address cannot be used
 */
export async function openMetrics(
  place: MetricsPlace | undefined,
  workers: number,
  isPrivate: boolean,
  log: Log,
): Promise<MetricsServer | undefined> {
  if (place === undefined) return undefined;
  const questions = new Questions(workers);
  try {
    const server = await serveMetrics(place, workers, () => questions.ask());
    log("info", "Metrics are served.", { url: server.url });
    return server;
  } catch (error) {
    questions.close();
    if (!isPrivate || !isGemError(error)) throw error;
    log("error", "Metrics are not served.", { reason: error.message });
    return undefined;
  }
}
