const MODULES = [
  "subprocess",
  "multiprocessing",
  "threading",
  "socket",
  "psutil",
  "resource",
  "ctypes",
];
const CALLS = [
  "os.system",
  "os.popen",
  "os.spawn",
  "os.fork",
  "os.exec",
  "sys.exit",
  "os._exit",
  "os.kill",
];
const FORBIDDEN = [...MODULES.flatMap((name) => [`import ${name}`, `from ${name}`]), ...CALLS];

/**
 * The first text in the code that upstream refuses to run without a sandbox, or undefined.
 *
 * It protects nothing: texts in comments trip it and `__import__` evades it. It is kept because scores depend on it.
 */
export function forbiddenText(code: string): string | undefined {
  // Upstream quirk Q51: plain substrings, wherever they stand.
  return FORBIDDEN.find((text) => code.includes(text));
}
