import { Prompts } from "../../core/prompts.ts";

/** The texts of `DockerEnv`. */
export const PROMPTS: Prompts<TerminalText> = Prompts.define({
  instruction: "{instruction}",
  output: "<bash_output>\n{output}\n</bash_output>",
  cut: "\n[The output is cut here: its first {shown} of {bytes} bytes are shown.]",
  timed_out: "The command was stopped: it ran longer than {seconds} seconds.",
  failed:
    "\nThe command failed with exit code {code}. Look at what it printed, and try another way.",
  given_up:
    "\nThe command failed with exit code {code}. This was failure {errors} of {limit}, so the task ends here.",
  not_run: "The call was not run: {problem}.",
});

/** The names of these texts. */
export type TerminalText =
  "instruction" | "output" | "cut" | "timed_out" | "failed" | "given_up" | "not_run";
