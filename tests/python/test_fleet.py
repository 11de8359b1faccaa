"""Several servers: where environments are placed, servers that come, drain and go."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared_server import make_keys, run_gem, serving
from support import read_line, reap, run_lines, start_script, wait_until, write_line

COUNTS = """
def counts(endpoints=None):
    # What each worker says of the environments that exist there.
    fleet = client().fleet
    for worker in client().workers:
        if worker.released: worker.call("load", [])
    fleet.look(0)
    return [worker.load + fleet._scouts[worker.peer.endpoint].others
            for worker in client().workers if not worker.is_lost]
"""


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _start(
    stack: ExitStack, *options: str, workers: int = 1
) -> tuple[subprocess.Popen[bytes], str]:
    process, endpoints = stack.enter_context(serving(*options, workers=workers))
    return process, ",".join(endpoints)


def _registered(folder: Path) -> list[list[str]]:
    return [json.loads(file.read_text())["endpoints"] for file in sorted(folder.glob("*.json"))]


@pytest.mark.parametrize("options", [(), ("--tcp", "127.0.0.1:0")], ids=["unix", "tcp"])
def test_environments_go_where_the_fewest_are_whoever_made_them(
    servers: ExitStack, options: tuple[str, ...]
) -> None:
    (_, first), (_, second) = _start(servers, *options), _start(servers, *options)
    holder = start_script(
        "envs = [gem.make(ID) for _ in range(6)]; say('made'); input()", GEM_SERVER=first
    )
    try:
        assert read_line(holder) == "made"
        lines = run_lines(
            COUNTS
            + """
envs = [gem.make(ID) for _ in range(6)]
say([worker.load for worker in client().workers])
more = [gem.make(ID) for _ in range(4)]
say(counts())
""",
            GEM_SERVER=f"{first},{second}",
        )
        assert lines == ["[0, 6]", "[8, 8]"]
    finally:
        reap(holder)


def test_a_vector_is_scattered_over_servers_before_it_takes_further_workers_of_one(
    servers: ExitStack,
) -> None:
    (_, first), (_, second) = _start(servers, workers=2), _start(servers, workers=2)
    script = """
import hashlib
vec = gem.make_vec([ID] * 64, seed=3)
seen = hashlib.sha256(repr(vec.reset()).encode())
for turn in range(5): seen.update(repr(vec.step(["\\\\boxed{7}"] * 64)[1].tolist()).encode())
say(seen.hexdigest(), [worker.load for worker in client().workers])
"""
    (alone,) = run_lines(script, GEM_WORKERS="1")
    (spread,) = run_lines(script, GEM_SERVER=f"{first},{second}", GEM_MIN_BLOCK="32")
    assert spread == alone.replace("[64]", "[32, 0, 32, 0]")


@pytest.mark.parametrize("options", [(), ("--tcp", "127.0.0.1:0")], ids=["unix", "tcp"])
def test_a_missing_server_is_no_matter_and_used_when_it_is_there(
    servers: ExitStack, tmp_path: Path, options: tuple[str, ...]
) -> None:
    _, here = _start(servers, *options)
    process, missing = _start(servers, *options)
    process.kill()
    process.wait()
    script = start_script(
        """
start = time.monotonic()
envs = [gem.make(ID) for _ in range(4)]
say([worker.load for worker in client().workers], time.monotonic() - start < 10)
input()
while len(client().fleet.usable()) < 2: client().fleet.look(0); time.sleep(0.02)
envs += [gem.make(ID) for _ in range(4)]
say([worker.load for worker in client().workers])
""",
        GEM_SERVER=f"{missing},{here}",
    )
    try:
        assert read_line(script) == "[0, 4] True"
        if missing.startswith("tcp"):
            _start(servers, "--tcp", missing.removeprefix("tcp://"))
        else:
            place, _, _ = missing.removeprefix("unix://").rpartition("/")
            _, other = _start(servers)
            Path(place).mkdir(mode=0o700, exist_ok=True)
            Path(missing.removeprefix("unix://")).unlink(missing_ok=True)
            Path(missing.removeprefix("unix://")).symlink_to(other.removeprefix("unix://"))
        write_line(script, "go on")
        assert read_line(script) == "[4, 4]"
    finally:
        reap(script)


def test_when_nobody_answers_the_error_says_where() -> None:
    lines = run_lines(
        """
start = time.monotonic()
try: gem.make(ID)
except ServerStartError as error: say(error)
say(time.monotonic() - start < 20)
""",
        GEM_SERVER="tcp://127.0.0.1:9,unix:///nowhere/0",
        GEM_START_TIMEOUT="0.5",
    )
    where = "Nobody answers at tcp://127.0.0.1:9, unix:///nowhere/0 within 0.5 s"
    assert lines == [f"{where} (GEM_START_TIMEOUT).", "True"]


def test_servers_that_refuse_this_client_say_why(servers: ExitStack, tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "keys", "alice")
    others = make_keys(tmp_path / "others", "mallory")
    addresses = [_start(servers, "--tcp", "127.0.0.1:0", "--curve", str(keys))[1] for _ in "ab"]
    words = (keys / "alice.key").read_text().split()
    stranger = (others / "mallory.key").read_text().splitlines()
    server = words[words.index("server") + 1] if "server" in words else ""
    stranger[-1] = f"server {words[-1]}"
    (tmp_path / "stranger").write_text("\n".join(stranger))
    assert server
    lines = run_lines(
        "try: gem.make(ID)\nexcept ServerRefusedError as error: say('not on' in str(error))",
        GEM_SERVER=",".join(addresses),
        GEM_CURVE=str(tmp_path / "stranger"),
    )
    assert lines == ["True"]


def test_a_draining_server_keeps_what_it_has_and_ends_when_that_is_closed(
    servers: ExitStack,
) -> None:
    (leaving, first), (_, second) = _start(servers, workers=2), _start(servers)
    script = start_script(
        """
envs = [gem.make(ID, max_turns=100) for _ in range(6)]
for env in envs: env.reset()
vec = gem.make_vec([ID] * 4, seed=1); vec.reset()
say("made"); input()
more = [gem.make(ID) for _ in range(6)]
third = client().workers[-1]
say({env._gem.worker is third for env in more})
more[0].reset(); vec.envs[0] = more[0]
say(all(env.step("\\\\boxed{1}")[1] == 0.0 for env in envs), len(vec.step(["\\\\boxed{1}"] * 4)[0]))
copy = envs[0].spawn(); copy.close(); del copy
say(sum(env._gem.worker is not third for env in envs) > 0)
del envs, vec, env, more
import gc; gc.collect()
for worker in client().workers[:2]: worker.call("load", [])
input()
say(len(gem.make(ID).reset()))
""",
        GEM_SERVER=f"{first},{second}",
    )
    try:
        assert read_line(script) == "made"
        result = run_gem("drain", first.split(",")[0])
        assert (result.returncode, result.stderr) == (0, "")
        assert "takes nothing new and ends when nothing is left" in result.stdout
        write_line(script, "go on")
        assert [read_line(script) for _ in range(3)] == ["{True}", "True 4", "True"]
        assert leaving.wait(30) == 0
        write_line(script, "go on")
        assert read_line(script) == "2"
    finally:
        reap(script)


def test_the_only_server_that_drains_refuses_with_an_error_of_its_own(servers: ExitStack) -> None:
    process, address = _start(servers)
    lines = run_lines(
        """
import subprocess
env = gem.make(ID); env.reset()
subprocess.run([sys.executable, "-m", "gem", "drain", os.environ["GEM_SERVER"]], check=True,
               capture_output=True)
try: gem.make(ID)
except DrainingError as error: say(error.code, "another one" in str(error))
say(len(env.step("\\\\boxed{1}")))
from gem.tools.python_code_tool import PythonCodeTool
try: PythonCodeTool()._gem_handle()
except DrainingError as error: say(error.code)
""",
        GEM_SERVER=address,
    )
    assert lines == ["GEM_DRAINING True", "5", "GEM_DRAINING"]
    assert process.wait(30) == 0


def test_after_the_deadline_what_is_left_goes_on_elsewhere(servers: ExitStack) -> None:
    (leaving, first), (_, second) = _start(servers), _start(servers)
    script = start_script(
        """
envs = [gem.make(ID, max_turns=1000) for _ in range(4)]
for env in envs: env.reset()
for turn in range(10):
    for env in envs: env.step("\\\\boxed{1}")
say("made"); input()
for turn in range(10):
    for env in envs: env.step("\\\\boxed{1}")
say({env.turn_count for env in envs}, len({env._gem.worker for env in envs}))
""",
        GEM_SERVER=f"{first},{second}",
    )
    try:
        assert read_line(script) == "made"
        assert run_gem("drain", first, "--deadline", "0.2").returncode == 0
        assert leaving.wait(30) == 0
        write_line(script, "go on")
        assert read_line(script) == "{20} 1"
    finally:
        reap(script)


def test_a_private_server_cannot_be_drained() -> None:
    lines = run_lines(
        """
import subprocess
gem.make(ID)
address = client().workers[0].peer.endpoint
result = subprocess.run([sys.executable, "-m", "gem", "drain", address], capture_output=True)
say(result.returncode, b"ends by itself" in result.stderr)
gem.make(ID)
"""
    )
    assert lines == ["2 True"]


def test_servers_join_a_folder_and_leave_it(servers: ExitStack, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "servers"
    join = ("--join", folder.as_uri())
    script = start_script(
        """
say(len(gem.make(ID).reset()), len(client().workers)); input()
while len(client().fleet.usable()) < 2: client().fleet.look(0); time.sleep(0.02)
envs = [gem.make(ID) for _ in range(8)]
say([worker.load for worker in client().workers]); input()
while len(client().fleet.usable()) > 1: client().fleet.look(0); time.sleep(0.02)
envs += [gem.make(ID) for _ in range(4)]
say([worker.load for worker in client().workers]); input()
for env in envs: env.reset()
say(len({env._gem.worker for env in envs}))
""",
        GEM_SERVER=folder.as_uri(),
    )
    try:
        # The trainer is there first, and waits for a server.
        first, address = _start(servers, *join)
        assert read_line(script) == "2 1"
        assert _registered(folder) == [[address]]
        _start(servers, *join)
        write_line(script, "go on")
        loads = json.loads(read_line(script))
        assert sum(loads) in (8, 9)
        assert max(loads) - min(loads) <= 1
        # It leaves the folder at once, and stays until its environments are closed.
        assert run_gem("drain", address).returncode == 0
        wait_until(lambda: len(_registered(folder)) == 1, "the server has left")
        assert first.poll() is None
        write_line(script, "go on")
        assert json.loads(read_line(script)) == [loads[0], loads[1] + 4]
        first.kill()
        write_line(script, "go on")
        assert read_line(script) == "1"
    finally:
        reap(script)


def test_what_a_killed_server_left_in_a_folder_is_removed_by_the_next(
    servers: ExitStack, tmp_path: Path
) -> None:
    killed, _ = _start(servers, "--join", tmp_path.as_uri())
    killed.kill()
    killed.wait()
    assert len(_registered(tmp_path)) == 1
    ended, address = _start(servers, "--join", tmp_path.as_uri())
    assert _registered(tmp_path) == [[address]]
    ended.send_signal(signal.SIGTERM)
    assert ended.wait(30) == 0
    assert _registered(tmp_path) == []


def test_a_folder_says_addresses_and_keys_that_other_machines_need(
    servers: ExitStack, tmp_path: Path
) -> None:
    keys = make_keys(tmp_path / "keys", "alice")
    folder = tmp_path / "servers"
    secured = ("--tcp", "0.0.0.0:0", "--curve", str(keys), "--join", folder.as_uri())
    _start(servers, *secured, "--advertise", "127.0.0.1")
    (listed,) = [json.loads(file.read_text()) for file in folder.glob("*.json")]
    assert listed["endpoints"][0].startswith("tcp://127.0.0.1:")
    client = (keys / "alice.key").read_text().splitlines()
    (tmp_path / "alice").write_text("\n".join(line for line in client if "server" not in line))
    lines = run_lines(
        "say(len(gem.make(ID).reset()))",
        GEM_SERVER=folder.as_uri(),
        GEM_CURVE=str(tmp_path / "alice"),
    )
    assert lines == ["2"]
    environment = {"GEM_SERVER": folder.as_uri(), "GEM_CURVE": str(tmp_path / "alice")}
    top = run_gem("top", "--json", **environment)
    assert (top.returncode, top.stderr) == (0, "")
    assert listed["endpoints"][0] in top.stdout


def test_wrong_folders_are_refused() -> None:
    result = run_gem("serve", "--join", "servers")
    assert result.returncode == 2
    assert 'file:///absolute/path, got "servers"' in result.stderr
    lines = run_lines(
        "try: gem.make(ID)\nexcept InvalidArgumentError as error: say(error)",
        GEM_SERVER="file://host/servers",
    )
    assert lines == [
        "A folder of servers is written file:///absolute/path in GEM_SERVER, "
        "got 'file://host/servers'."
    ]
