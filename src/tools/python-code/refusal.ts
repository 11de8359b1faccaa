import { forbiddenText } from "./filter.ts";
import type { SandboxType } from "./runner.ts";

/** Why code fails without being run, or undefined when it is to be run. */
export function refusalOf(code: string, sandboxType: SandboxType): string | undefined {
  const text = sandboxType === "none" ? forbiddenText(code) : undefined;
  if (text !== undefined)
    return `The code was not run: it contains "${text}", which is not allowed here.`;
  // Upstream quirk Q53: an ellipsis alone, which Python would accept, stands for code that the agent left out.
  if (code === "...") return "SyntaxError: invalid syntax";
  // Differs from upstream D70: a null character is a failing run, where upstream raises.
  if (code.includes("\0")) return "SyntaxError: source code cannot contain null characters";
  return undefined;
}
