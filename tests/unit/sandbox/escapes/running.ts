import type { Escape } from "./escape.ts";
import { each } from "./escape.ts";

/** Processes of others. */
export const PROCESSES: readonly Escape[] = [
  {
    name: "see the server",
    control: true,
    body: `return os.path.exists("/proc/{server}/task/{server}")`,
  },
  {
    name: "read the environment of another process",
    control: true,
    body: `return b"GEM_TEST_SECRET" in open("/proc/{victim}/environ", "rb").read()`,
  },
  {
    name: "find the secret in any environment",
    body: `import glob\nfor path in glob.glob("/proc/[0-9]*/environ"):\n    if not refuses(lambda: open(path).read()) and "GEM_TEST_SECRET" in open(path).read():\n        return True`,
  },
  {
    name: "find the secret in the own environment",
    body: `return "GEM_TEST_SECRET" in os.environ or "GEM_TEST_SECRET" in open("/proc/self/environ").read()`,
  },
  {
    name: "find variables that are not on the list",
    body: `allowed = "PATH HOME USER SHELL LANG LC_ALL LC_CTYPE TERM MKL_NUM_THREADS OMP_NUM_THREADS NUMEXPR_NUM_THREADS OPENBLAS_NUM_THREADS".split()\nreturn [name for name in os.environ if name not in allowed and not name.startswith("PYTHON")]`,
  },
  {
    name: "read the server's command line",
    control: true,
    body: `return len(open("/proc/{server}/cmdline").read()) > 0`,
  },
  {
    name: "read the server's memory",
    body: `os.close(os.open("/proc/{server}/mem", os.O_RDONLY))\nreturn True`,
  },
  ...each(["SIGCONT", "SIGTERM", "SIGKILL", "SIGSTOP"], {
    name: "send {} to another process of the host",
    body: `os.kill({victim}, signal.{})\nreturn True`,
  }),
  {
    name: "see another process of the host",
    control: true,
    body: `os.kill({victim}, 0)\nreturn True`,
  },
  {
    name: "see it through a pidfd",
    control: true,
    body: `os.close(os.pidfd_open({victim}))\nreturn True`,
  },
  {
    name: "see more processes than its own",
    body: `return len([name for name in os.listdir("/proc") if name.isdigit()]) > 1`,
  },
  { name: "see its supervisor", body: `os.stat("/proc/1")\nreturn True` },
  {
    name: "see its supervisor's environment",
    body: `return len(open("/proc/1/environ").read()) > 0`,
  },
  {
    name: "read its supervisor's memory",
    body: `os.close(os.open("/proc/1/mem", os.O_RDONLY))\nreturn True`,
  },
  {
    name: "write its supervisor's memory",
    body: `os.close(os.open("/proc/1/mem", os.O_RDWR))\nreturn True`,
  },
  { name: "see its supervisor's maps", body: `return len(open("/proc/1/maps").read()) > 0` },
  { name: "copy its supervisor's descriptors", body: `return os.listdir("/proc/1/fd")` },
  {
    name: "enter its supervisor's working directory",
    body: `os.chdir("/proc/1/cwd")\nreturn True`,
  },
  ...each(["SIGKILL", "SIGTERM", "SIGSTOP", "SIGINT", "SIGSEGV", "SIGUSR1", "SIGHUP", "SIGALRM"], {
    name: "end its supervisor with {}",
    body: `refuses(lambda: os.kill(1, signal.{}))\ntime.sleep(0.01)\nreturn os.getppid() != 1`,
  }),
  {
    name: "stop its supervisor's clock with a timer",
    body: `os.setpriority(os.PRIO_PROCESS, 1, 19)\nreturn True`,
  },
  {
    name: "change its supervisor's limits",
    body: `resource.prlimit(1, resource.RLIMIT_CPU, (1, 1))\nreturn True`,
  },
  { name: "pin its supervisor to a core", body: `os.sched_setaffinity(1, {0})\nreturn True` },
  {
    name: "change the memory score of its supervisor",
    body: `open("/proc/1/oom_score_adj", "w").write("1000")\nreturn True`,
  },
  {
    name: "slow all processes of the user down",
    body: `os.setpriority(os.PRIO_USER, 0, 19)\nreturn False`,
  },
  {
    name: "become process 1's child again and see others",
    body: `os.setsid() if os.getsid(0) != os.getpid() else None\nreturn os.getppid() > 1`,
  },
];

const WAITS = "time.sleep(60)";

/** Going on after the end or the deadline: a heartbeat in a file of the host would show it, had they got there. */
export const SURVIVING: readonly Escape[] = [
  { name: "loop for ever", body: "while True: pass", timeoutMs: 300 },
  { name: "sleep for ever", body: WAITS, timeoutMs: 300 },
  {
    name: "ignore all signals",
    body: `for number in range(1, 65):\n    refuses(lambda: signal.signal(number, signal.SIG_IGN))\n${WAITS}`,
    timeoutMs: 300,
  },
  {
    name: "catch every exception",
    body: `while True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass`,
    timeoutMs: 300,
  },
  {
    name: "block all signals",
    body: `signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n${WAITS}`,
    timeoutMs: 300,
  },
  { name: "stop itself", body: "os.kill(os.getpid(), signal.SIGSTOP)", timeoutMs: 300 },
  { name: "close its streams and go on", body: `os.closerange(0, 3)\n${WAITS}`, timeoutMs: 300 },
  {
    name: "become a daemon",
    then: "return len([name for name in os.listdir('/proc') if name.isdigit()]) > 1",
    body: `if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.closerange(0, 3)\n        ${WAITS}\n    os._exit(0)`,
  },
  {
    name: "leave a child in a group of its own",
    body: `if os.fork() == 0:\n    os.setpgid(0, 0)\n    ${WAITS}`,
  },
  { name: "leave a child that holds the output", body: `subprocess.Popen(["sleep", "60"])` },
  { name: "leave nohup behind", body: `subprocess.Popen("nohup sleep 60 &", shell=True)` },
  {
    name: "wait in a thread",
    body: `threading.Thread(target=time.sleep, args=(60,)).start()`,
    timeoutMs: 300,
  },
  {
    name: "wait in an exit handler",
    body: `import atexit\natexit.register(time.sleep, 60)`,
    timeoutMs: 300,
  },
  {
    name: "wait in a destructor",
    body: `class A:\n    def __del__(self):\n        time.sleep(60)\nglobal a\na = A()`,
    timeoutMs: 300,
  },
  {
    name: "fork in a loop, each leaving its parent",
    body: `while True:\n    if os.fork():\n        os._exit(0)`,
    timeoutMs: 300,
  },
  {
    name: "wait with vfork's child",
    body: `subprocess.run(["sh", "-c", "trap '' TERM INT HUP; sleep 60"])`,
    timeoutMs: 300,
  },
  {
    name: "have the whole time again after exec",
    body: `os.execv("/bin/sleep", ["sleep", "60"])`,
    timeoutMs: 300,
  },
  { name: "compute in one long call", body: "return 3 ** (10 ** 9) == 0", timeoutMs: 300 },
  {
    name: "match a pattern for ever",
    body: `import re\nreturn re.match(r"(a+)+$", "a" * 60 + "b")`,
    timeoutMs: 300,
  },
  {
    name: "fill the output while it is being ended",
    body: `while True:\n    os.write(1, b"x" * 65536)`,
    timeoutMs: 300,
  },
  { name: "read nothing of a large input", body: WAITS, timeoutMs: 300 },
];

/** Using up what others need. */
export const RESOURCES: readonly Escape[] = [
  {
    name: "fork without end",
    body: `count = 0\ntry:\n    while True:\n        if os.fork() == 0:\n            time.sleep(30)\n            os._exit(0)\n        count += 1\nexcept OSError:\n    pass\nreturn count > 200`,
    timeoutMs: 5000,
  },
  { name: "fork as a bomb", body: `while True:\n    refuses(os.fork)`, timeoutMs: 500 },
  {
    name: "fork as a bomb in the shell",
    body: `subprocess.run(["bash", "-c", ":(){ :|:& };:"])`,
    timeoutMs: 500,
  },
  {
    name: "start threads without end",
    body: `count = 0\ntry:\n    while True:\n        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n        count += 1\nexcept RuntimeError:\n    pass\nreturn count > 200`,
    timeoutMs: 5000,
  },
  { name: "take memory in one piece", body: `return len(bytearray(8 << 30)) > 0` },
  {
    name: "take memory in many pieces",
    body: `pieces = []\nwhile True:\n    pieces.append(bytearray(64 << 20))\n    if len(pieces) > 40:\n        return True`,
    timeoutMs: 8000,
  },
  { name: "take memory in a mapping", body: `import mmap\nreturn mmap.mmap(-1, 8 << 30)` },
  {
    name: "fill /tmp",
    body: `with open("/tmp/fill", "wb") as file:\n    for _ in range(1024):\n        file.write(bytes(1 << 20))\n        file.flush()\nreturn True`,
  },
  {
    name: "fill /tmp with many files",
    body: `for i in range(64):\n    with open(f"/tmp/fill{i}", "wb") as file:\n        file.write(bytes(16 << 20))\nreturn True`,
  },
  {
    name: "fill /dev/shm",
    body: `for i in range(64):\n    with open(f"/dev/shm/fill{i}", "wb") as file:\n        file.write(bytes(16 << 20))\nreturn True`,
  },
  {
    name: "make a sparse file larger than allowed",
    body: `signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nos.truncate(os.open("sparse", os.O_CREAT | os.O_RDWR), 1 << 40)\nreturn True`,
  },
  {
    name: "use up the inodes",
    body: `for i in range(100_000):\n    open(f"f{i}", "w").close()\nreturn True`,
    timeoutMs: 8000,
  },
  {
    name: "use up open files",
    body: `return len([os.open("/dev/null", os.O_RDONLY) for _ in range(2000)]) == 2000`,
  },
  { name: "use up pipes", body: `return len([os.pipe() for _ in range(2000)]) == 2000` },
  { name: "lock memory", body: `return ctypes.CDLL(None).mlockall(3) == 0` },
  {
    name: "make a deep tree of folders",
    body: `for _ in range(100_000):\n    os.mkdir("d")\n    os.chdir("d")\nreturn True`,
    timeoutMs: 8000,
  },
  { name: "recur without end", body: `def f():\n    return f()\nreturn f()` },
  {
    name: "recur without end without Python's limit",
    body: `sys.setrecursionlimit(10**9)\ndef f(x):\n    return [f(x + 1)]\nreturn f(0)`,
    timeoutMs: 8000,
  },
  {
    name: "unpack a bomb",
    body: `import zlib\npacked = zlib.compress(bytes(1 << 26), 9)\ndata = [zlib.decompress(packed) for _ in range(60)]\nreturn len(data) == 60`,
    timeoutMs: 8000,
  },
  {
    name: "dump core",
    body: `resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))\nreturn True`,
  },
];

/** Looks for a text that is not in the program itself: a pattern does not match its own source. */
const FIND_NEEDLE = `import re
for line in open("/proc/self/maps"):
    words = line.split()
    if not words[1].startswith("rw") or (len(words) > 5 and words[5].startswith("[v")):
        continue
    begin, end = (int(word, 16) for word in words[0].split("-"))
    with open("/proc/self/mem", "rb", 0) as memory:
        memory.seek(begin)
        if re.search(rb"needle-[i]n-memory-4[2]", memory.read(end - begin)):
            return True`;

/** Changing what later runs see. */
export const POISON: readonly Escape[] = [
  {
    name: "open the working directory to all",
    body: `os.chmod("/tmp/run", 0o777)\nos.chmod("/tmp", 0o1777)`,
    then: `return [path for path in ("/tmp", "/tmp/run") if os.stat(path).st_mode & 0o777 != 0o700]`,
  },
  {
    name: "leave an extended attribute",
    body: `os.setxattr("/tmp", "user.poison", b"1")\nos.setxattr("/tmp/run", "user.poison", b"1")`,
    then: `return os.listxattr("/tmp") or os.listxattr("/tmp/run")`,
  },
  {
    name: "take the working directory away",
    body: `os.rmdir("/tmp/run")\nos.symlink("/usr", "/tmp/run")`,
    then: `return os.path.islink("/tmp/run") or os.getcwd() != "/tmp/run"`,
  },
  {
    name: "leave processes that fork and flee",
    body: `for _ in range(8):\n    if os.fork() == 0:\n        while True:\n            if os.fork():\n                os._exit(0)\n            os.setsid()`,
    then: `return len([name for name in os.listdir("/proc") if name.isdigit()]) > 1`,
  },
  {
    name: "fill what the next run has",
    body: `for folder in ("/tmp", "/dev/shm"):\n    with open(folder + "/fill", "wb") as file:\n        refuses(lambda: file.write(bytes(1 << 26)))`,
    then: `open("/tmp/fill", "wb").write(bytes(32 << 20))\nopen("/dev/shm/fill", "wb").write(bytes(32 << 20))\nreturn False`,
  },
  {
    name: "patch a module for the next run",
    body: `import math\nmath.pi = 3\nimport json\njson.dumps = None`,
    then: `import json, math\nreturn math.pi == 3 or json.dumps is None`,
  },
  {
    name: "patch the builtins for the next run",
    body: `import builtins\nbuiltins.print = builtins.len = None\nbuiltins.poison = 1`,
    then: `return "poison" in dir(__builtins__)`,
  },
  {
    name: "leave a variable",
    body: `import __main__\n__main__.poison = 1`,
    then: `return "poison" in globals()`,
  },
  {
    name: "leave a module",
    body: `sys.modules["poison"] = sys`,
    then: `return "poison" in sys.modules`,
  },
  {
    name: "leave an import hook",
    body: `sys.meta_path.insert(0, "poison")`,
    then: `return "poison" in sys.meta_path`,
  },
  {
    name: "leave an environment variable",
    body: `os.environ["POISON"] = "1"`,
    then: `return "POISON" in os.environ`,
  },
  {
    name: "leave a seed",
    body: `import random\nrandom.seed(1)`,
    then: `import random\nreturn random.random() == 0.13436424411240122`,
  },
  {
    name: "leave a signal handler",
    body: `signal.signal(signal.SIGALRM, signal.SIG_IGN)`,
    then: `return signal.getsignal(signal.SIGALRM) == signal.SIG_IGN`,
  },
  {
    name: "leave a trace function",
    body: `sys.settrace(lambda *_: None)\nthreading.settrace(print)`,
    then: `return sys.gettrace()`,
  },
  {
    name: "leave a working directory",
    body: `os.chdir("/usr")`,
    then: `return os.getcwd() == "/usr"`,
  },
  {
    name: "leave a lower limit",
    body: `resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))`,
    then: `return resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 10`,
  },
  {
    name: "leave a module in the working directory",
    body: `open("json.py", "w").write("raise SystemExit(9)")\nopen("/tmp/sitecustomize.py", "w").write("x")`,
    then: `return os.path.exists("json.py") or os.path.exists("/tmp/sitecustomize.py")`,
  },
  {
    name: "leave shared memory",
    body: `from multiprocessing import shared_memory\nshared_memory.SharedMemory("poison", create=True, size=64)`,
    then: `return os.path.exists("/dev/shm/poison")`,
  },
  {
    name: "leave an abstract socket",
    body: `keep = socket.socket(socket.AF_UNIX)\nkeep.bind("\\0poison")\nos.fork()`,
    then: `peer = socket.socket(socket.AF_UNIX)\npeer.bind("\\0poison")\nreturn False`,
  },
  {
    name: "write into the zygote's code",
    body: `for path in ("/run/gem/zygote.py", "/run/gem/program.py"):\n    open(path, "a").write("poison")\nreturn True`,
  },
  { name: "read the zygote's code", body: `return os.listdir("/run/gem") and False` },
  {
    name: "find an earlier run in memory",
    body: `global text\ntext = "needle-" + "in-memory-" + str(6 * 7)\nprint(text, file=sys.stderr)`,
    then: FIND_NEEDLE,
  },
  {
    name: "patch memory through /proc/self/mem for the next run",
    body: `address = id(1000003)\nwith open("/proc/self/mem", "r+b", 0) as memory:\n    memory.seek(id(7) + 24)\n    memory.write(struct.pack("I", 8))`,
    then: `return int("3") + int("4") == 8`,
  },
];
