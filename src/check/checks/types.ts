import { MARK, canonical, foreignIn, isPlainObject, shorten } from "../canonical.ts";
import { failed, passed, type Finding } from "../report.ts";
import { hasEnded, type CheckRun, type Player } from "../run.ts";

/** Reset and step give what they promise: observation, float64, booleans, a fresh info of plain builtins. */
export async function checkTypes(run: CheckRun): Promise<Finding> {
  const complaint = await complaintOf(run);
  run.seen.typeComplaint = complaint;
  return complaint === undefined ? passed(`${run.settings.steps} steps`) : failed(complaint);
}

async function complaintOf(run: CheckRun): Promise<string | undefined> {
  const { isForeign } = run.subject;
  const { seeds, steps } = run.settings;
  const player = await run.fresh();
  const atReset = await complaintOfReset(player, seeds[0], isForeign);
  if (atReset !== undefined) return atReset;
  for (let index = 0; index < steps; index++) {
    const result: unknown = await player.step(await player.choose(index));
    const complaint =
      complaintOfStep(result, isForeign) ??
      (hasEnded(result) ? await complaintOfReset(player, null, isForeign) : undefined);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

/** What is wrong with the shape of a step, or undefined. @param isForeign whether its observation may be of any kind */
export function complaintOfStep(result: unknown, isForeign: boolean): string | undefined {
  const wanted = "step() must return [observation, reward, terminated, truncated, info]";
  if (!Array.isArray(result)) return `${wanted}, it returned ${shorten(canonical(result))}.`;
  const [observation, reward, terminated, truncated, info] = result as unknown[];
  if (result.length !== 5)
    return `${wanted}, it returned ${result.length} values: ${shorten(canonical(result))}.`;
  if (typeof reward !== "number")
    return `The reward must be a number, it is ${shorten(canonical(reward))}.`;
  for (const [name, flag] of Object.entries({ terminated, truncated })) {
    if (typeof flag !== "boolean")
      return `${name} must be true or false, it is ${shorten(canonical(flag))}.`;
  }
  return complaintOfObservation(observation, isForeign) ?? complaintOfInfo(info);
}

async function complaintOfReset(
  player: Player,
  seed: Parameters<Player["reset"]>[0],
  isForeign: boolean,
): Promise<string | undefined> {
  const result: unknown = await player.reset(seed);
  if (!Array.isArray(result) || result.length !== 2)
    return `reset() must return [observation, info], it returned ${shorten(canonical(result))}.`;
  const [observation, info] = result as unknown[];
  return complaintOfObservation(observation, isForeign) ?? complaintOfInfo(info);
}

function complaintOfObservation(observation: unknown, isForeign: boolean): string | undefined {
  if (isForeign || typeof observation === "string" || isPlainObject(observation)) return undefined;
  return `The observation must be a text or an object, it is ${shorten(canonical(observation))}.`;
}

/** Writes into the info, too: what is written must not be in the next one. */
function complaintOfInfo(info: unknown): string | undefined {
  if (!isPlainObject(info)) return `The info must be a map, it is ${shorten(canonical(info))}.`;
  if (Object.hasOwn(info, MARK))
    return "The info must be a fresh object each time: what the caller wrote into the last one is in it.";
  const foreign = foreignIn(info, "info");
  if (foreign !== undefined) return `An info holds plain builtins only: ${foreign}.`;
  if (!Object.isExtensible(info)) return "The info must be the caller's to change, it is frozen.";
  info[MARK] = true;
  return undefined;
}
