import type { Escape } from "./escape.ts";
import { each } from "./escape.ts";

/** Reading what is not theirs, writing outside, tricks with links and descriptors. */
export const FILES: readonly Escape[] = [
  ...each(["/etc/shadow", "/etc/passwd", "/etc/hosts", "/etc/hostname", "/etc/machine-id"], {
    name: "read {}",
    body: `return os.path.exists("{}") and len(open("{}", "rb").read()) >= 0`,
  }),
  {
    name: "read a file of the host",
    control: true,
    body: `return open("{secret}").read() == "the secret"`,
  },
  { name: "read the grader", control: true, body: `return "def grade" in open("{grader}").read()` },
  {
    name: "patch the grader",
    body: `open("{grader}", "a").write("# patched")\nreturn True`,
  },
  {
    name: "list the folder of a host's file",
    control: true,
    body: `return "secret.txt" in os.listdir("{folder}")`,
  },
  {
    name: "stat a file of the host",
    control: true,
    body: `return os.stat("{secret}").st_size > 0`,
  },
  {
    name: "reach a file of the host from the working directory",
    control: true,
    body: `return open(os.path.relpath("{secret}")).read() == "the secret"`,
  },
  {
    name: "reach a file of the host through a symbolic link",
    control: true,
    body: `os.symlink("{secret}", "link")\nreturn open("link").read() == "the secret"`,
  },
  {
    name: "link a file of the host into the working directory",
    body: `os.link("{secret}", "link")\nreturn open("link").read() == "the secret"`,
  },
  {
    name: "read a file of the host with cat",
    control: true,
    body: `return "secret" in subprocess.run(["cat", "{secret}"], capture_output=True, text=True).stdout`,
  },
  {
    name: "read a file of the host through /proc/self/root",
    control: true,
    body: `return open("/proc/self/root{secret}").read() == "the secret"`,
  },
  {
    name: "read a file of the host through process 1's root",
    body: `return open("/proc/1/root{secret}").read() == "the secret"`,
  },
  {
    name: "read a file of the host through the server's root",
    control: true,
    body: `return open("/proc/{server}/root{secret}").read() == "the secret"`,
  },
  {
    name: "read a file of the host through a parent of the working directory",
    control: true,
    body: `return open("../" * 30 + "{secret}").read() == "the secret"`,
  },
  ...each(
    [
      "{home}/.bashrc",
      "{home}/.ssh",
      "/home",
      "/var",
      "/srv",
      "/opt/secret",
      "/sys",
      "/boot",
      "/mnt",
      "/media",
      "/run/secrets",
      "/var/run/docker.sock",
      "/run/systemd",
      "/.dockerenv",
    ],
    {
      name: "see {}",
      body: `return os.path.exists("{}") and (not os.path.isdir("{}") or len(os.listdir("{}")) > 0)`,
    },
  ),
  {
    name: "see the server's home",
    body: `return len([name for name in os.listdir("{home}") if name != ".pyenv"]) > 0`,
  },
  ...each(
    [
      "/",
      "/usr",
      "/usr/bin",
      "/usr/lib",
      "/etc",
      "/dev",
      "/run",
      "/proc",
      "/sys",
      "/root",
      "/home",
      "/var/tmp",
      "/lib",
    ],
    {
      name: "write into {}",
      body: `open(os.path.join("{}", "gem-escape"), "w").write("x")\nreturn True`,
    },
  ),
  {
    name: "write into Python's library",
    body: `open(os.path.join(os.path.dirname(os.__file__), "gem_escape.py"), "w")\nreturn True`,
  },
  {
    name: "change a module of the library",
    body: `open(os.__file__, "a").write("#")\nreturn True`,
  },
  {
    name: "write into the site's packages",
    body: `import sysconfig\nopen(os.path.join(sysconfig.get_path("purelib"), "gem_escape.py"), "w")\nreturn True`,
  },
  {
    name: "write a file of the host",
    control: true,
    body: `open("{folder}/new", "w").write("x")\nreturn True`,
  },
  { name: "delete a file of the host", body: `os.remove("{secret}")\nreturn True` },
  {
    name: "change the mode of the interpreter",
    body: `os.chmod(sys.executable, 0o777)\nreturn True`,
  },
  {
    name: "remount the system writable",
    body: `libc = ctypes.CDLL(None)\nreturn libc.mount(None, b"/", None, 32, None) == 0`,
  },
  {
    name: "remount the system writable with mount(8)",
    body: `return subprocess.run(["mount", "-o", "remount,rw", "/usr"], capture_output=True).returncode == 0`,
  },
  {
    name: "make a device for the disk",
    body: `os.mknod("disk", 0o60666, os.makedev(254, 0))\nos.close(os.open("disk", os.O_RDONLY))\nreturn True`,
  },
  ...each(
    [
      "/dev/vda",
      "/dev/sda",
      "/dev/mem",
      "/dev/kmsg",
      "/dev/kvm",
      "/dev/fuse",
      "/dev/loop-control",
      "/dev/net/tun",
      "/dev/vsock",
    ],
    {
      name: "open {}",
      body: `os.close(os.open("{}", os.O_RDWR))\nreturn True`,
    },
  ),
  { name: "leave the root with chroot", body: `os.mkdir("c")\nos.chroot("c")\nreturn True` },
  {
    name: "find an inherited descriptor",
    body: `fds = {int(name) for name in os.listdir("/proc/self/fd")}\nreturn [fd for fd in fds if fd > 2 and not refuses(lambda: os.readlink(f"/proc/self/fd/{fd}")) and "/proc" not in os.readlink(f"/proc/self/fd/{fd}")]`,
  },
  {
    name: "find an inherited descriptor in a child",
    body: `out = subprocess.run(["ls", "-l", "/proc/self/fd"], capture_output=True, text=True, close_fds=False).stdout\nreturn [line for line in out.split("\\n") if "->" in line and int(line.split()[-3]) > 3]`,
  },
  {
    name: "write to the sandbox's channel",
    body: `return any(not refuses(lambda: os.write(fd, b"\\x02" * 34)) for fd in range(3, 1024))`,
  },
  {
    name: "take a descriptor from process 1",
    body: `return any(not refuses(lambda: os.open(f"/proc/1/fd/{fd}", os.O_RDWR)) for fd in range(32))`,
  },
  {
    name: "open the host's file by its handle",
    body: `libc = ctypes.CDLL(None, use_errno=True)\nhandle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + b"\\0" * 128)\nmount = ctypes.c_int()\nreturn libc.name_to_handle_at(-100, b"/usr", handle, ctypes.byref(mount), 0) == 0`,
  },
  {
    name: "use a file descriptor that leads above the root",
    body: `root = os.open("/", os.O_RDONLY)\nos.fchdir(root)\nreturn os.path.exists("../../..{secret}")`,
  },
  {
    name: "read what earlier runs left in /tmp",
    then: `return [name for name in os.listdir("/tmp") if name != "run"] or os.listdir(".")`,
    body: `open("/tmp/left", "w").write("x")\nopen("left", "w").write("x")`,
  },
  {
    name: "read what earlier runs left in /dev/shm",
    then: `return os.listdir("/dev/shm")`,
    body: `open("/dev/shm/left", "w").write("x")`,
  },
  {
    name: "run a program with root's bit set",
    body: `return subprocess.run(["su", "-c", "id", "root"], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.startswith("uid=0(root)") or subprocess.run(["sudo", "-n", "id"], capture_output=True).returncode == 0`,
  },
  {
    name: "run a set-user-id file of its own",
    body: `import shutil\nshutil.copy("/usr/bin/id", "id")\nos.chmod("id", 0o6755)\nreturn "euid=" in subprocess.run(["./id"], capture_output=True, text=True).stdout`,
  },
];
