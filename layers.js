/**
 * The layers of `src/`, lowest first: each entry names a folder (or single file) of `src/` and what it may import.
 * This is the one copy of the table; `eslint.config.js` and `tests/architecture.test.ts` both read it.
 * Siblings never import each other, and inside `envs/games` one game never imports another.
 */
const leaves = ["errors", "random", "text", "protocol", "native"];
const foundation = [...leaves, "core", "data", "sandbox", "hosts"];
const content = [...foundation, "grading", "envs", "tools"];

/** @type {Readonly<Record<string, readonly string[]>>} */
export const LAYERS = {
  errors: [],
  random: ["errors"],
  text: ["errors"],
  protocol: ["errors"],
  native: ["errors"],
  core: leaves,
  data: leaves,
  sandbox: leaves,
  hosts: [...leaves, "core"],
  tools: foundation,
  grading: [...foundation, "tools"],
  envs: [...foundation, "grading", "tools"],
  wrappers: [...foundation, "tools"],
  vector: [...foundation, "wrappers"],
  recording: [...leaves, "core"],
  make: [...content, "wrappers", "vector", "recording"],
  check: [...content, "wrappers", "vector", "make"],
  replay: [...leaves, "core", "recording", "make"],
  index: [...content, "wrappers", "vector", "recording", "make", "check", "replay"],
  search: [...leaves, "data"],
  transport: leaves,
  server: [...content, "wrappers", "vector", "recording", "make", "check", "transport"],
  cli: [...content, "recording", "make", "check", "replay", "search", "transport", "server"],
};
