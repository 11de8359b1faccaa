/** A program that looks around in the sandbox and prints, as JSON, what holds there. */
export const SELF_TEST = `
import ctypes, json, os, socket

def fails(action):
    try:
        action()
    except OSError:
        return True
    return False

def status(name):
    with open("/proc/self/status") as file:
        return next(line.split()[1] for line in file if line.startswith(name + ":"))

libc = ctypes.CDLL(None, use_errno=True)
print(json.dumps({
    "system calls are filtered": status("Seccomp") == "2",
    "no new privileges": status("NoNewPrivs") == "1",
    "no capabilities": int(status("CapEff"), 16) == int(status("CapBnd"), 16) == 0,
    "only own processes are seen": len([name for name in os.listdir("/proc") if name.isdigit()]) == 1,
    "no network": fails(lambda: socket.socket()),
    "no new namespaces": libc.unshare(0x10000000) != 0,
    "nothing outside can be written": all(
        fails(lambda: open(os.path.join(path, "gem-self-test"), "w"))
        for path in ("/", "/usr", "/etc", "/dev", os.path.dirname(os.__file__))
    ),
    "no secrets are seen": fails(lambda: open("/etc/shadow")),
}))
`;
