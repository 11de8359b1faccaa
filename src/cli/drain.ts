import { readSeconds } from "./environment.ts";
import { StatsClient } from "./top/stats-client.ts";

/** The options of `gem drain`. */
export interface DrainArguments {
  readonly deadline?: string;
}

/** `gem drain <address...>`: has servers drain, and does not wait for it. @throws GEM_INVALID_OPTION, GEM_UNAVAILABLE */
export async function runDrain(
  addresses: readonly string[],
  { deadline }: DrainArguments,
): Promise<void> {
  const seconds = deadline === undefined ? undefined : readSeconds("--deadline", deadline);
  for (const address of addresses) {
    const client = await StatsClient.connect(address);
    try {
      await client.drain(seconds);
    } finally {
      client.close();
    }
    const end = seconds === undefined ? "" : `, at the latest after ${seconds} s`;
    process.stdout.write(
      `${address} takes nothing new and ends when nothing is left there${end}.\n`,
    );
  }
}
