import type { Escape } from "./escape.ts";
import { each } from "./escape.ts";

const CALL = `libc = ctypes.CDLL(None, use_errno=True)
number = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name(b"{}")
if number < 0:
    return False
ctypes.set_errno(0)
result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
return result >= 0 or ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM, errno.EACCES)`;

/** Calls that do nothing, but get past a missing filter, when all their arguments are 0. */
const HARMLESS =
  "io_uring_setup memfd_create process_vm_readv keyctl perf_event_open msgget semget mq_open io_setup name_to_handle_at pidfd_getfd kcmp";

const FORBIDDEN =
  "process_vm_writev userfaultfd mount umount2 pivot_root chroot setns clone3 add_key request_key bpf io_uring_enter io_uring_register kexec_load kexec_file_load init_module finit_module delete_module memfd_secret shmget shmat shmctl msgsnd open_by_handle_at swapon swapoff sethostname setdomainname iopl ioperm acct quotactl syslog settimeofday clock_settime adjtimex fanotify_init move_mount open_tree fsopen fsmount fsconfig fspick mount_setattr process_madvise modify_ldt uselib vhangup migrate_pages move_pages seccomp vmsplice tee remap_file_pages lookup_dcookie nfsservctl sysfs";

/** The kernel's other doors. */
export const KERNEL: readonly Escape[] = [
  ...each(HARMLESS.split(" "), { name: "call {}", control: true, body: CALL }),
  ...each(FORBIDDEN.split(" "), { name: "call {}", body: CALL }),
  ...each(
    [
      "0x10000000",
      "0x00020000",
      "0x20000000",
      "0x40000000",
      "0x08000000",
      "0x04000000",
      "0x02000000",
    ],
    {
      name: "unshare namespaces {}",
      body: `return ctypes.CDLL(None).unshare({}) == 0`,
    },
  ),
  ...each(["0x10000000", "0x00020000", "0x20000000", "0x40000000", "0x80000000000000|0x10000000"], {
    name: "clone with namespaces {}",
    body: `import platform
number = 56 if platform.machine() == "x86_64" else 220
pid = ctypes.CDLL(None).syscall(ctypes.c_long(number), ctypes.c_long({} | 17), *[ctypes.c_long(0)] * 4)
if pid == 0:
    os._exit(0)
return pid > 0`,
  }),
  {
    name: "make namespaces with unshare(1)",
    body: `return subprocess.run(["unshare", "-Ur", "id"], capture_output=True).returncode == 0`,
  },
  {
    name: "make a sandbox in the sandbox with bwrap",
    body: `return subprocess.run(["bwrap", "--ro-bind", "/", "/", "true"], capture_output=True).returncode == 0`,
  },
  {
    name: "use i386's system calls",
    body: `import mmap, platform
if platform.machine() != "x86_64":
    return False
memory = mmap.mmap(-1, 4096, prot=7)
# mov eax, 20 (getpid of i386); int 0x80; ret
memory.write(bytes.fromhex("b814000000cd80c3"))
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
return ctypes.CFUNCTYPE(ctypes.c_int)(address)() == os.getpid()`,
  },
  {
    name: "use x32's system calls",
    body: `return ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39)) > 0`,
  },
  {
    name: "trace a child",
    body: `pid = os.fork()\nif pid == 0:\n    time.sleep(1)\n    os._exit(0)\nreturn ctypes.CDLL(None).ptrace(16, pid, 0, 0) == 0`,
  },
  { name: "be traced", body: `return ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0` },
  {
    name: "get capabilities back",
    body: `status = open("/proc/self/status").read()\nreturn [line for line in status.split("\\n") if line.startswith("Cap") and int(line.split()[1], 16)]`,
  },
  {
    name: "switch the filter off",
    body: `ctypes.CDLL(None).prctl(22, 0, 0, 0, 0)\nreturn "Seccomp:\\t2" not in open("/proc/self/status").read()`,
  },
  {
    name: "allow new privileges again",
    body: `ctypes.CDLL(None).prctl(38, 0, 0, 0, 0)\nreturn "NoNewPrivs:\\t1" not in open("/proc/self/status").read()`,
  },
  {
    name: "become root",
    body: `os.setresuid(0, 0, 0)\nreturn True`,
  },
  { name: "become the server's user", body: `os.setuid(65534)\nreturn True` },
  ...each(
    [
      "/proc/sys/kernel/core_pattern",
      "/proc/sys/vm/drop_caches",
      "/proc/sysrq-trigger",
      "/proc/sys/kernel/hostname",
      "/proc/sys/user/max_user_namespaces",
    ],
    {
      name: "write {}",
      body: `open("{}", "w").write("1")\nreturn True`,
    },
  ),
  ...each(
    [
      "/proc/kcore",
      "/proc/kallsyms",
      "/proc/cmdline",
      "/proc/keys",
      "/proc/config.gz",
      "/proc/net/tcp",
      "/proc/meminfo",
    ],
    {
      name: "read {}",
      body: `return len(open("{}", "rb").read(64)) > 0`,
    },
  ),
  {
    name: "raise its own limit of memory",
    body: `resource.setrlimit(resource.RLIMIT_AS, (-1, -1))\nreturn True`,
  },
  {
    name: "raise its own limit of processes",
    body: `resource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6))\nreturn True`,
  },
  { name: "raise its own priority", body: `os.setpriority(os.PRIO_PROCESS, 0, -20)\nreturn True` },
  {
    name: "run in real time",
    body: `os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))\nreturn True`,
  },
  {
    name: "push characters into the terminal",
    body: `import fcntl, termios\nfor fd in (0, 1, 2):\n    if not refuses(lambda: fcntl.ioctl(fd, termios.TIOCSTI, b"x")):\n        return True`,
  },
  {
    name: "push characters into a terminal of its own, with the upper bits of the request set",
    body: `import pty\nmain, other = pty.openpty()\nfor request in (0x5412, 0x100005412):\n    ctypes.set_errno(0)\n    libc = ctypes.CDLL(None, use_errno=True)\n    libc.ioctl(ctypes.c_int(other), ctypes.c_ulong(request), ctypes.c_char_p(b"x"))\n    if ctypes.get_errno() != errno.EPERM:\n        return True`,
  },
  {
    name: "open the server's terminal",
    body: `return not refuses(lambda: os.open("/dev/tty", os.O_RDWR))`,
  },
];

/** Reaching others over sockets. */
export const NETWORK: readonly Escape[] = [
  {
    name: "connect to a port of the host",
    control: true,
    body: `socket.create_connection(("127.0.0.1", {port}), 2)\nreturn True`,
  },
  {
    name: "connect to a port of the host over IPv6",
    body: `socket.create_connection(("::1", {port}), 2)\nreturn True`,
  },
  {
    name: "connect to a port of the host by name",
    control: true,
    body: `socket.create_connection(("localhost", {port}), 2)\nreturn True`,
  },
  {
    name: "fetch a page of the host with urllib",
    body: `import urllib.request\nreturn urllib.request.urlopen("http://127.0.0.1:{port}", timeout=2)`,
  },
  {
    name: "connect with bash",
    control: true,
    body: `return subprocess.run(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/{port}"], capture_output=True, timeout=3).returncode == 0`,
  },
  {
    name: "connect to an abstract socket of the host",
    control: true,
    body: `name = "\\0{abstract}"\n# Node before 22 fills the name up with zeros.\nfor address in (name, name.ljust(107, "\\0"), name.ljust(108, "\\0")):\n    if not refuses(lambda: socket.socket(socket.AF_UNIX).connect(address.encode())):\n        return True`,
  },
  {
    name: "connect to a socket file of the host",
    control: true,
    body: `peer = socket.socket(socket.AF_UNIX)\npeer.connect("{socket}")\nreturn True`,
  },
  ...each(
    ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_VSOCK", "AF_BLUETOOTH"],
    {
      name: "make a socket {}",
      body: `kind = socket.SOCK_SEQPACKET if "{}" == "AF_ALG" else socket.SOCK_RAW if "{}" in ("AF_NETLINK", "AF_PACKET") else socket.SOCK_STREAM\nsocket.socket(getattr(socket, "{}"), kind)\nreturn True`,
    },
  ),
  {
    name: "send a datagram",
    control: true,
    body: `socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))\nreturn True`,
  },
  {
    name: "make a raw socket",
    body: `socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)\nreturn True`,
  },
  {
    name: "listen on a port",
    control: true,
    body: `server = socket.socket()\nserver.bind(("127.0.0.1", 0))\nserver.listen()\nreturn True`,
  },
  {
    name: "hide the family in the upper bits",
    body: `number = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name(b"socket")\nreturn ctypes.CDLL(None).syscall(ctypes.c_long(number), ctypes.c_long((1 << 40) | 2), ctypes.c_long(1), ctypes.c_long(0)) >= 0`,
  },
  { name: "resolve a name", body: `return socket.getaddrinfo("example.org", 80)` },
  {
    name: "see another interface than loopback",
    body: `return [name for _, name in socket.if_nameindex() if name != "lo"]`,
  },
];
