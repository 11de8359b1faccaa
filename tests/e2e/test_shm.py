"""Shared memory between real processes: what goes through it, and what is left when one dies."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from support import (
    ENTRY,
    PRELUDE,
    REPOSITORY,
    WATCHDOG_SECONDS,
    read_line,
    reap,
    run_lines,
    script_environment,
    start_script,
    wait_until,
    write_line,
)

pytestmark = pytest.mark.skipif(
    not list((REPOSITORY / "native").glob("gem-shm.*.node")) and shutil.which("cargo") is None,
    reason="shared memory is built where cargo is installed",
)

LOOK = """
def segments(pid="self"):
    with open(f"/proc/{pid}/maps") as maps: return sum("gem-shm" in line for line in maps)
def descriptors(pid="self"): return len(os.listdir(f"/proc/{pid}/fd"))
def transports():
    return {type(c).__name__ for worker in client().workers for c in worker._idle}
"""


def shm_lines(script: str, **variables: str) -> list[str]:
    return run_lines(LOOK + script, GEM_TRANSPORT="shm", **variables)


def start_client(script: str, server: str) -> subprocess.Popen[str]:
    return start_script(LOOK + script, GEM_TRANSPORT="shm", GEM_SERVER=server)


@contextlib.contextmanager
def serving(transport: str = "unix") -> Iterator[tuple[int, str]]:
    """A server with one worker, which several clients share; its process id and address."""
    node = shutil.which(os.environ.get("GEM_NODE") or "node")
    assert node is not None
    command = [node, ENTRY, "serve", "--transport", transport, "--workers", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            (endpoint,) = json.loads(process.stdout.readline())["endpoints"]
            yield process.pid, endpoint
        finally:
            process.kill()


def test_it_is_what_a_private_server_is_used_through() -> None:
    script = "env = gem.make(ID); env.reset(); say(env.step('x')[1], *transports(), segments())"
    assert run_lines(LOOK + script, GEM_TRANSPORT="auto") == ["-0.1 ShmConnection 1"]


@pytest.mark.parametrize("transport", ["unix", "ipc", "tcp"])
def test_servers_at_any_address_of_this_machine_are_used_through_it(transport: str) -> None:
    script = "env = gem.make(ID); env.reset(); say(env.step('x')[1], *transports())"
    with serving(transport) as (_, endpoint):
        assert shm_lines(script, GEM_SERVER=endpoint) == ["-0.1 ShmConnection"]


@pytest.mark.parametrize("transport", ["unix", "ipc", "tcp"])
def test_a_transport_that_is_asked_for_by_name_shares_nothing(transport: str) -> None:
    script = "env = gem.make(ID); env.reset(); say(env.step('x')[1], segments())"
    assert run_lines(LOOK + script, GEM_TRANSPORT=transport) == ["-0.1 0"]


def test_many_processes_with_many_threads_share_a_worker() -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
say("ready"); seed = int(sys.stdin.readline())
def play(own):
    env = gem.make(ID, max_turns=100); env.reset(seed=own)
    for _ in range(100): env.step("\\\\boxed{1}")
    return (env.turn_count, env.game_number)
with ThreadPoolExecutor(8) as pool: results = list(pool.map(play, range(seed, seed + 16)))
say(results, *transports())
"""
    with serving() as (_, endpoint), contextlib.ExitStack() as stack:
        clients = [start_client(script, endpoint) for _ in range(6)]
        for process in clients:
            stack.callback(reap, process)
        for process in clients:
            assert read_line(process) == "ready"
        for process in clients:
            write_line(process, "5")
        lines = {read_line(process) for process in clients}
    assert len(lines) == 1, lines
    assert "(100, " in lines.pop()


def test_a_vector_that_is_spread_over_workers_waits_for_all_of_them_at_once() -> None:
    lines = shm_lines(
        """
vector = gem.make_vec([ID] * 90, seed=1); vector.reset(seed=1)
for _ in range(20): rewards = vector.step(["\\\\boxed{0}"] * 90)[1]
say(rewards.sum().round(3), *transports(), segments())
""",
        GEM_MIN_BLOCK="30",
        GEM_WORKERS="3",
    )
    assert lines == ["-9.0 ShmConnection 3"]


def test_a_forked_child_has_nothing_of_the_memory_and_makes_its_own() -> None:
    lines = shm_lines(
        """
env = gem.make(ID); env.reset(seed=1); env.step("\\\\boxed{3}")
before = descriptors()
child = os.fork()
if child == 0:
    inherited = segments()
    try: env.step("x")
    except UnknownHandleError: pass
    own = gem.make(ID); own.reset(seed=1); own.step("\\\\boxed{3}")
    say("child", inherited, own.turn_count, *transports(), segments())
    del env
    sys.exit(0)
_, status = os.waitpid(child, 0)
env.step("\\\\boxed{4}")
say("parent", status, env.turn_count, segments(), descriptors() == before)
"""
    )
    assert lines == ["child 0 1 ShmConnection 1", "parent 0 2 1 True"]


def test_a_tokenizer_and_a_python_environment_are_reached_through_it() -> None:
    lines = shm_lines(
        """
from gem.vector.sync_vector_env import SyncVectorEnv
from gem.wrappers.observation_wrapper import ObservationWrapper
from sample_envs import ChatTokenizer, CountingEnv
tokenizer = ChatTokenizer()
vector = SyncVectorEnv(["x"] * 2, [
    CountingEnv,
    lambda: ObservationWrapper(gem.make(ID), tokenizer=tokenizer),
])
vector.reset(seed=1)
for _ in range(2): observations = vector.step(["a", "b"])[0]
say(observations[0], len(tokenizer.calls) > 0, *transports())
"""
    )
    assert lines == ["saw a True ShmConnection"]


@pytest.mark.parametrize("mebibytes", [1, 20, 60])
def test_actions_and_observations_of_many_mebibytes_stream_through_the_rings(
    mebibytes: int,
) -> None:
    lines = shm_lines(
        f"""
import hashlib
from gem.vector.sync_vector_env import SyncVectorEnv
from sample_envs import CountingEnv
def digest(text): return hashlib.sha256(text.encode()).hexdigest()
class Large(CountingEnv):
    def step(self, action):
        self.seen = digest(action)
        return action[::-1], 0.0, False, False, {{}}
env = Large(); vector = SyncVectorEnv(["x"], [lambda: env]); vector.reset()
action = "".join(chr(97 + (i * i >> 7) % 26) for i in range(1 << 16)) * ({mebibytes} * 16)
observation = vector.step([action])[0][0]
say(env.seen == digest(action), observation == action[::-1], *transports())
"""
    )
    assert lines == ["True True ShmConnection"]


def test_what_exceeds_the_limit_is_refused_and_the_environment_goes_on() -> None:
    lines = shm_lines(
        """
env = gem.make(ID); env.reset(seed=1)
try: env.step("x" * (64 << 20))
except LimitError as error: say("limit", error.code)
say(env.step("\\\\boxed{3}")[1], env.turn_count, *transports())
"""
    )
    assert lines == ["limit GEM_LIMIT", "0.0 1 ShmConnection"]


def test_a_server_that_is_killed_is_noticed_at_once_and_leaves_nothing_behind() -> None:
    lines = shm_lines(
        """
import gc
def lose_a_server():
    env = gem.make(ID); env.reset(); pid = server_pid()
    freeze(pid)
    when_waiting(1, os.kill, pid, signal.SIGKILL)
    try: env.step("x")
    except ServerLostError as error: say("lost", "has ended" in str(error), segments())
counts = []
for _ in range(4):
    lose_a_server()
    gem.make(ID).reset()
    gc.collect()
    counts.append(descriptors())
say([after - before for before, after in zip(counts[1:], counts[2:])], segments())
""",
        GEM_DEADLINE="50",
        GEM_RECOVER="0",
    )
    assert lines == ["lost True 0"] * 4 + ["[0, 0] 1"]


def test_a_client_that_is_killed_leaves_the_server_as_it_was() -> None:
    with serving() as (pid, endpoint):
        other = start_client(
            "env = gem.make(ID); env.reset(); say('ready')\n"
            "for line in sys.stdin: say(env.step('x')[1]); env.reset()",
            endpoint,
        )
        try:
            assert read_line(other) == "ready"
            write_line(other, "step")
            assert read_line(other) == "-0.1"
            wait_until(lambda: mappings(pid) == 1, "one client is connected")
            before = descriptors(pid)
            for _ in range(3):
                victim = start_client(
                    """
say("ready")
env = gem.make(ID, max_turns=10**6); env.reset()
while True: env.step("\\\\boxed{1}")
""",
                    endpoint,
                )
                try:
                    assert read_line(victim) == "ready"
                    wait_until(lambda: mappings(pid) == 2, "another client is connected")
                finally:
                    reap(victim)
                wait_until(lambda: mappings(pid) == 1, "the server has dropped its memory")
                wait_until(lambda: descriptors(pid) == before, "and closed its descriptors")
                write_line(other, "step")
                assert read_line(other) == "-0.1"
        finally:
            reap(other)


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def mappings(pid: int) -> int:
    return Path(f"/proc/{pid}/maps").read_text().count("gem-shm (deleted)")


def test_ctrl_c_during_a_long_wait_is_obeyed_and_the_environment_goes_on() -> None:
    process = start_script(
        LOOK
        + """
env = gem.make(ID); env.reset(seed=1)
freeze(server_pid())
when_waiting(1, say, server_pid())
try: env.step("\\\\boxed{3}")
except KeyboardInterrupt: say("interrupted")
sys.stdin.readline()
say(env.step("\\\\boxed{4}")[1] < 1, env.turn_count in (1, 2), *transports())
""",
        GEM_TRANSPORT="shm",
    )
    try:
        server = int(read_line(process))
        process.send_signal(signal.SIGINT)
        assert read_line(process) == "interrupted"
        os.kill(server, signal.SIGCONT)
        write_line(process, "go on")
        assert read_line(process) == "True True ShmConnection"
    finally:
        reap(process)


def test_a_busy_client_leaves_the_worker_time_for_another() -> None:
    busy_script = """
vector = gem.make_vec([ID] * 200); vector.reset(); say("busy")
while True: vector.step(["\\\\boxed{1}"] * 200)
"""
    calm_script = """
env = gem.make(ID, max_turns=1000); env.reset(); say("ready"); sys.stdin.readline()
for _ in range(200): env.step("\\\\boxed{1}")
say(env.turn_count)
"""
    with serving() as (_, endpoint), contextlib.ExitStack() as stack:
        calm, *busy = [
            start_client(script, endpoint) for script in (calm_script, busy_script, busy_script)
        ]
        for process in (calm, *busy):
            stack.callback(reap, process)
        assert read_line(calm) == "ready"
        for process in busy:
            assert read_line(process) == "busy"
        write_line(calm, "go")
        assert read_line(calm) == "200"


TRY = """
try: say(gem.make(ID).reset()[1] is not None, *(w.unshared_because for w in client().workers))
except ServerStartError as error: say(type(error).__name__, error)
"""


@pytest.mark.parametrize(
    ("hindrance", "reason"),
    [
        (
            "sys.modules['gem._bridge.gem_shm'] = None",
            "this installation has no module for it",
        ),
        (
            "from gem._bridge import gem_shm; gem_shm.LAYOUT_VERSION = 99",
            "the server's layout has version 1, this package's 99",
        ),
        (
            "from gem._bridge import shm_connection\n"
            "shm_connection._read_offer = lambda offer: ('@gem-nobody', bytes(16))",
            "Connection refused",
        ),
        (
            "from gem._bridge import shm_connection\n"
            "read = shm_connection._read_offer\n"
            "shm_connection._read_offer = lambda offer: (read(offer)[0], bytes(16))",
            "the token is wrong",
        ),
    ],
    ids=["module", "layout", "path", "token"],
)
def test_where_memory_cannot_be_shared_a_session_stays_or_says_why(
    hindrance: str, reason: str
) -> None:
    # Before the package is imported, or it would be too late for the first of them.
    script = f"import sys, os\nsys.path[:0] = os.environ['PYTHONPATH'].split(':')\n{hindrance}\n"
    for transport, start in (("auto", "True "), ("shm", "ServerStartError GEM_TRANSPORT=shm, but")):
        process = subprocess.run(
            [sys.executable, "-c", script + PRELUDE + TRY],
            env=script_environment(GEM_TRANSPORT=transport, GEM_WORKERS="1"),
            capture_output=True,
            text=True,
            timeout=WATCHDOG_SECONDS,
            check=True,
        )
        assert process.stdout.startswith(start)
        assert reason in process.stdout
        assert process.stderr == ""
