/** The public API of GEM for TypeScript: environments, vectors, wrappers, and what is needed to write one's own. */
export { checkEnv } from "./check/check-env.ts";
export type { CheckName, CheckOutcome, CheckReport, CheckResult } from "./check/report.ts";
export type { CheckOptions } from "./check/settings.ts";
export type { EnvFactory } from "./check/subject.ts";
export { formatReport, formatReports } from "./check/table.ts";
export { GAME_REWARD, TERMINAL_STATE } from "./core/constants.ts";
export { Env } from "./core/env.ts";
export type {
  EnvPhase,
  EnvSnapshot,
  Info,
  Observation,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "./core/env.ts";
export { defineFamily } from "./core/family.ts";
export type { Family, FamilyDefinition } from "./core/family.ts";
export { faultCounts, onFault } from "./core/fault-counts.ts";
export type { FaultCount, FaultEvent, FaultOutcome } from "./core/fault-counts.ts";
export type { FaultNote, FaultPolicy, OnFault } from "./core/fault-policy.ts";
export { inlineHost, slicedHost } from "./core/host.ts";
export type { EnvHost, Work } from "./core/host.ts";
export type { MaybePromise } from "./core/maybe-promise.ts";
export { Prompts } from "./core/prompts.ts";
export { Registry } from "./core/registry.ts";
export type { EnvClass, EnvSpec } from "./core/registry.ts";
export { SeededEnv } from "./core/seeded-env.ts";
export type { EnvInit } from "./core/seeded-env.ts";
export { Wrapper } from "./core/wrapper.ts";
export { datasetOf } from "./data/dataset-of.ts";
export type { Dataset, DatasetRequest, DatasetState, Row } from "./data/dataset.ts";
export { loadDataset } from "./data/load-dataset.ts";
export { ERROR_KINDS, GemError, isGemError } from "./errors.ts";
export type { ErrorCode } from "./errors.ts";
export { createRegistry, listEnvs, make, makeVec, register, spawn, wrap } from "./make.ts";
export type { MakeOptions, MakePolicy, MakeVecOptions, Mixture, WrapperLike } from "./make.ts";
export { NumpyGenerator } from "./random/numpy-generator.ts";
export { PythonRandom } from "./random/python-random.ts";
export { replay } from "./replay/replay.ts";
export type { ReplayOptions } from "./replay/replay.ts";
export { formatReplay } from "./replay/report.ts";
export type { Difference, IdSummary, Refusal, ReplayReport } from "./replay/report.ts";
export { toolFactories } from "./tools/index.ts";
export type { ToolLike, ToolOptions, ToolSpec } from "./tools/index.ts";
export { MCPTool } from "./tools/mcp/mcp-tool.ts";
export type { McpConfig, McpOptions } from "./tools/mcp/mcp-tool.ts";
export type { McpTool } from "./tools/mcp/server-set.ts";
export { PythonCodeTool } from "./tools/python-code/python-code-tool.ts";
export type { PythonCodeOptions } from "./tools/python-code/python-code-tool.ts";
export { SearchTool } from "./tools/search/search-tool.ts";
export type { SearchOptions } from "./tools/search/search-tool.ts";
export { Tool } from "./tools/tool.ts";
export type { ToolFault, ToolResult, ToolUse } from "./tools/tool.ts";
export { MixtureEnv } from "./vector/mixture.ts";
export type { MixturePart } from "./vector/mixture.ts";
export type { RecvOptions } from "./vector/send-recv.ts";
export type { VectorRecvResult } from "./vector/send-recv-result.ts";
export { VectorEnv } from "./vector/vector-env.ts";
export type {
  AutoresetMode,
  VectorOptions,
  VectorResetResult,
  VectorStepResult,
} from "./vector/vector-env.ts";
export { wrapperFactories } from "./wrappers/index.ts";
export type { ChatMessage, Tokenizer } from "./wrappers/observation.ts";
export { ToolEnvWrapper } from "./wrappers/tool-env.ts";
export type { ToolEnvOptions } from "./wrappers/tool-env.ts";
