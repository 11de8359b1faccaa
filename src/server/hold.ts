import type { MaybePromise } from "../core/maybe-promise.ts";
import { ClientEnv } from "./client-env.ts";
import type { WorkerContext } from "./context.ts";
import { closeVector, leaveVector } from "./departures.ts";
import type { Entry, EnvEntry, ToolEntry } from "./entry.ts";
import { Group } from "./group.ts";
import { errorFields } from "./log.ts";
import { noteLive } from "./metrics/live.ts";

/** A handle or a vector takes hold of an environment. */
export function hold(entry: EnvEntry): void {
  entry.stem.holders += 1;
  if (entry.stem.holders === 1) noteLive(entry.stem.env.id, 1);
}

/**
 * A handle or a vector lets go. The environment that nothing holds any more is closed as soon as no call uses it, without a word
 * to the client's own objects.
 */
export function letGo(worker: WorkerContext, entry: EnvEntry): void {
  entry.stem.holders -= 1;
  if (entry.stem.holders > 0) return;
  entry.stem.onFree?.();
  noteLive(entry.stem.env.id, -1);
  const turn = {
    order: worker.nextOrder(),
    groups: [entry.stem.group],
    begin: () => {
      void closeQuietly(worker, entry).finally(() => Group.leave(turn));
    },
  };
  Group.enter(turn);
}

/** A handle is gone: lets go of what it stood for. */
export function dropEntry(worker: WorkerContext, entry: Entry): void {
  if (entry.kind === "env") letGo(worker, entry);
  else if (entry.kind === "tool") void closeTool(worker, entry);
  else {
    leaveVector(entry);
    entry.members.forEach((member) => letGo(worker, member));
  }
}

/** Closes a tool that nobody can reach any more. */
export async function closeTool(worker: WorkerContext, { tool }: ToolEntry): Promise<void> {
  try {
    await tool.close();
  } catch (error) {
    worker.log("error", `The tool ${tool.toolType} could not be closed.`, errorFields(error));
  }
}

async function closeQuietly(worker: WorkerContext, entry: EnvEntry): Promise<void> {
  try {
    if (entry.stem.env instanceof ClientEnv) entry.stem.env.detach();
    await entry.env.close();
  } catch (error) {
    worker.log("error", `${entry.env.id} could not be closed.`, errorFields(error));
  }
}

/** Closes an environment, a vector's environments, or a tool. */
export function closeEntry(entry: Entry): MaybePromise<void> {
  if (entry.kind === "tool") return entry.tool.close();
  return entry.kind === "env" ? entry.env.close() : closeVector(entry);
}
