import { spawn } from "node:child_process";
import { ROOT } from "./paths.mjs";

const TAIL_LINES = 30;
const LINE_CHARACTERS = 400;
const TAIL_CHARACTERS = 100_000;

/** What a person is told when a step fails: what happened, the output that says why, how to fix it. */
export class SetupError extends Error {
  constructor(what, { output = "", fix } = {}) {
    const tail = output.trimEnd().split("\n").slice(-TAIL_LINES).map(shorten);
    const lines = [what];
    if (output.trim() !== "") lines.push("", ...tail.map((line) => `  | ${line}`), "");
    if (fix !== undefined) lines.push(fix);
    super(lines.join("\n"));
    this.name = "SetupError";
  }
}

function shorten(line) {
  return line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)} ...` : line;
}

/** A command as a person would type it. */
export function commandLine(command, args) {
  const quote = (word) =>
    /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  return [command, ...args].map((word) => quote(word.replace(`${ROOT}/`, ""))).join(" ");
}

/**
 * Runs a program without standard input and gives its exit code and the last part of what it printed. With
 * `show`, it prints straight to this terminal instead. `limitMs` kills it (exit code 137).
 */
export function runProgram(command, args, { env = {}, show = false, limitMs } = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      ...(limitMs === undefined ? {} : { timeout: limitMs, killSignal: "SIGKILL" }),
    });
    const collect = (chunk) => {
      output = (output + chunk).slice(-TAIL_CHARACTERS);
    };
    child.stdout?.setEncoding("utf8").on("data", collect);
    child.stderr?.setEncoding("utf8").on("data", collect);
    child.on("error", (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? (signal === "SIGKILL" ? 137 : 1), output }),
    );
  });
}

/** Runs a program that has to succeed, quietly. */
export async function mustRun(command, args, { env, fix } = {}) {
  const { code, output } = await runProgram(command, args, { env });
  if (code === 0) return output;
  throw new SetupError(`\`${commandLine(command, args)}\` failed (exit code ${code}):`, {
    output,
    fix,
  });
}

/** Runs the body of a script: a `SetupError` becomes a message and exit code 1, anything else is a bug and keeps its stack. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
