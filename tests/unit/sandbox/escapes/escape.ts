/** An attempt to break out of the sandbox. */
export interface Escape {
  readonly name: string;
  /** The body of a Python function that returns something true when it has succeeded; `{name}`s are the host's. */
  readonly body: string;
  /** Whether the same attempt succeeds at level `none`, which shows that it tries the right thing. */
  readonly control?: boolean;
  /** Another body, run afterwards: the attempt succeeded when this one does. */
  readonly then?: string;
  readonly timeoutMs?: number;
}

/** The program that makes an attempt: it prints ESCAPED when it succeeds. */
export function programOf(body: string): string {
  const lines = body.trim().split("\n");
  return `
import ctypes, errno, os, resource, select, signal, socket, struct, subprocess, sys, threading, time

def refuses(action):
    try:
        action()
    except (OSError, ValueError):
        return True
    return False

def attempt():
${lines.map((line) => `    ${line}`).join("\n")}

try:
    if attempt():
        print("ESCAPED", flush=True)
except BaseException as error:
    print("refused:", type(error).__name__, error)
`;
}

/** Attempts that differ in one word, which stands for `{}` in name and body. */
export function each(words: readonly string[], attempt: Escape): Escape[] {
  return words.map((word) => ({
    ...attempt,
    name: attempt.name.replaceAll("{}", word),
    body: attempt.body.replaceAll("{}", word),
  }));
}
