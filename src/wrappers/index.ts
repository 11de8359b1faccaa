import type { Env } from "../core/env.ts";
import { parseOptions } from "../core/options.ts";
import type { Wrapper } from "../core/wrapper.ts";
import { GemError, didYouMean, show } from "../errors.ts";
import { EpisodeTrackingWrapper } from "./episode-tracking.ts";
import { OBSERVATION_OPTIONS, ObservationWrapper } from "./observation.ts";
import { ToolEnvWrapper } from "./tool-env.ts";

/** Options of a wrapper under upstream's names; unchecked. */
export type WrapperOptions = Readonly<Record<string, unknown>>;

/** Makes a wrapper around an environment. */
export type WrapperFactory = (env: Env, options: WrapperOptions) => Wrapper;

function observation(preset: WrapperOptions): WrapperFactory {
  return (env, options) =>
    new ObservationWrapper(
      env,
      parseOptions("ObservationWrapper", OBSERVATION_OPTIONS, { ...preset, ...options }),
    );
}

const episodeTracking: WrapperFactory = (env, options) => {
  parseOptions("EpisodeTrackingWrapper", {}, options);
  return new EpisodeTrackingWrapper(env);
};

function toolEnv(preset: WrapperOptions): WrapperFactory {
  return (env, options) => new ToolEnvWrapper(env, { tools: [], ...preset, ...options });
}

function pythonTool(rewards: readonly [use: number, success: number], code = {}): WrapperFactory {
  return toolEnv({
    tools: [{ tool: "python_code", options: { timeout: 5, ...code } }],
    tool_reward: rewards[0],
    tool_success_reward: rewards[1],
    max_tool_uses: 5,
  });
}

function searchTool(useReward: number): WrapperFactory {
  return toolEnv({
    tools: [{ tool: "search", options: { topk: 3, timeout: 5 } }],
    tool_reward: useReward,
    tool_success_reward: 0,
    max_tool_uses: 5,
  });
}

/** Name → factory: upstream's presets (`WRAPPER_FACTORY`), then the classes themselves. */
export const wrapperFactories: Readonly<Record<string, WrapperFactory>> = {
  python_tool: pythonTool([0.05, 0.25]),
  python_tool_no_int_reward: pythonTool([0, 0]),
  python_tool_no_int_reward_last_line_error: pythonTool([0, 0], { keep_error_last_line: true }),
  search_tool: searchTool(0.3),
  search_tool_no_int_reward: searchTool(0),
  concat: observation({ include_action: false, include_chat_template: false }),
  concat_chat: observation({ include_action: true, include_chat_template: true }),
  concat_with_action: observation({ include_action: true, include_chat_template: false }),
  concat_chat_on_reset: observation({
    include_action: true,
    include_chat_template: false,
    apply_chat_template_on_reset: true,
  }),
  episode_tracking: episodeTracking,
  ObservationWrapper: observation({}),
  EpisodeTrackingWrapper: episodeTracking,
  ToolEnvWrapper: toolEnv({}),
};

/**
 * Wraps an environment by a wrapper's name.
 *
 * @throws GEM_UNKNOWN_WRAPPER with the nearest name, GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION
 */
export function wrap(env: Env, name: string, options: WrapperOptions = {}): Wrapper {
  const factory = Object.hasOwn(wrapperFactories, name) ? wrapperFactories[name] : undefined;
  if (factory !== undefined) return factory(env, options);
  const names = Object.keys(wrapperFactories);
  throw new GemError(
    "GEM_UNKNOWN_WRAPPER",
    `Unknown wrapper ${show(name)}.${didYouMean(name, names)} The wrappers are: ${names.join(", ")}.`,
  );
}
