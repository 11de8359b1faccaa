"""Life and death of processes: forks, signals, lost servers; always real processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from support import (
    WATCHDOG_SECONDS,
    is_gone,
    read_line,
    run_lines,
    start_script,
    wait_until,
)


@pytest.mark.parametrize(
    "ending",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGTERM)",
        "os._exit(0)",
        "sys.exit(0)",
        "raise ValueError('end')",
        "os.abort()",
    ],
)
def test_the_server_ends_with_its_process_however_that_ends(ending: str) -> None:
    process = start_script(
        f"env = gem.make(ID); env.reset(); say(server_pid()); sys.stdin.readline(); {ending}"
    )
    pid = int(read_line(process))
    assert not is_gone(pid)
    process.communicate("end\n", timeout=WATCHDOG_SECONDS)
    wait_until(lambda: is_gone(pid), "the server has ended")


def test_the_server_ends_with_its_process_while_a_forked_child_lives_on() -> None:
    process = start_script(
        """
gem.make(ID).reset()
child = os.fork()
if child == 0:
    os.close(1); os.close(2); time.sleep(600)
say(server_pid(), child)
time.sleep(600)
"""
    )
    server, child = map(int, read_line(process).split())
    try:
        process.kill()
        wait_until(lambda: is_gone(server), "the server has ended")
        assert not is_gone(child)
    finally:
        os.kill(child, signal.SIGKILL)
        process.communicate()


def test_a_stopped_server_does_not_outlive_a_killed_process_and_others_are_left_alone() -> None:
    """Started from a thread that has ended long before."""
    process = start_script(
        """
starter = threading.Thread(target=lambda: gem.make(ID).reset())
starter.start(); starter.join()
gem.make(ID).reset()
say(server_pid())
sys.stdin.readline()
"""
    )
    bystander = start_script("gem.make(ID).reset(); say(server_pid()); sys.stdin.readline()")
    server, other = int(read_line(process)), int(read_line(bystander))
    os.kill(server, signal.SIGSTOP)
    process.kill()
    process.communicate()
    wait_until(lambda: is_gone(server), "the stopped server was killed")
    assert not is_gone(other)
    bystander.communicate("\n")
    wait_until(lambda: is_gone(other), "the other server has ended")


def test_nothing_that_kept_a_server_outlives_it() -> None:
    server, keeper = run_lines(
        """
gem.make(ID).reset()
say(server_pid())
from pathlib import Path
children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
(keeper,) = set(map(int, children)) - {server_pid()}
say(keeper)
"""
    )
    assert is_gone(int(server))
    assert is_gone(int(keeper))


def test_a_normal_end_waits_for_the_server_and_leaves_no_empty_log() -> None:
    pid, log = run_lines("gem.make(ID).reset(); say(server_pid()); say(client().log)")
    assert is_gone(int(pid))
    assert not Path(log).exists()


def test_a_process_ends_while_a_thread_is_in_the_middle_of_a_call() -> None:
    lines = run_lines(
        """
env = gem.make(ID); env.reset()
def play():
    while True: env.step("x"); env.reset()
for _ in range(4): threading.Thread(target=play, daemon=True).start()
for _ in range(50): gem.make(ID).reset()
say("done")
"""
    )
    assert lines == ["done"]


def test_calls_in_exit_handlers_are_answered_or_refused_never_left_hanging() -> None:
    lines = run_lines(
        """
import atexit
def late():
    try: env.step("x")
    except ServerLostError as error: say("refused")
    env.close()
atexit.register(late)
env = gem.make(ID); env.reset()
atexit.register(lambda: say(type(env.step("x")).__name__))
"""
    )
    assert lines == ["tuple", "refused"]


def test_the_server_leaves_standard_input_and_output_alone() -> None:
    lines = run_lines(
        "gem.make(ID).reset(); say(sys.stdin.readline().strip())", stdin="for the trainer\n"
    )
    assert lines == ["for the trainer"]


def test_the_server_is_not_in_the_process_group_that_ctrl_c_reaches() -> None:
    lines = run_lines("gem.make(ID); say(os.getpgid(server_pid()) != os.getpgid(0))")
    assert lines == ["True"]


def test_a_forked_child_has_a_server_of_its_own_and_the_parents_goes_on() -> None:
    lines = run_lines(
        """
env = gem.make(ID); env.reset(seed=1); env.step("\\\\boxed{3}")
child = os.fork()
if child == 0:
    try: env.step("x")
    except UnknownHandleError as error: say("refused", "forked child" in str(error))
    env.close()
    own = gem.make(ID); own.reset(seed=1); own.step("\\\\boxed{3}")
    say("child", own.turn_count)
    del env
    sys.exit(0)
_, status = os.waitpid(child, 0)
env.step("\\\\boxed{4}")
say("parent", status, env.turn_count)
"""
    )
    assert lines == ["refused True", "child 1", "parent 0 2"]


def test_a_child_that_only_ends_leaves_the_parents_server_running() -> None:
    lines = run_lines(
        """
env = gem.make(ID); env.reset(seed=1)
for ending in (lambda: os._exit(0), lambda: sys.exit(0)):
    child = os.fork()
    if child == 0: ending()
    os.waitpid(child, 0)
say(env.step("x")[1])
"""
    )
    assert lines == ["-0.1"]


def test_multiprocessing_by_fork_works_after_environments_exist() -> None:
    lines = run_lines(
        """
import multiprocessing
def play(seed):
    env = gem.make(ID); env.reset(seed=seed); return env.game_number
vector = gem.make_vec([ID] * 4); vector.reset(seed=0)
with multiprocessing.get_context("fork").Pool(2) as pool:
    numbers = pool.map(play, range(4))
say(numbers == [env.game_number for env in vector.envs])
"""
    )
    assert lines == ["True"]


def test_a_fork_during_calls_of_other_threads_leaves_no_lock_behind() -> None:
    lines = run_lines(
        """
stop = False
gem.make(ID)
def churn():
    while not stop: env = gem.make(ID); env.reset()
threads = [threading.Thread(target=churn) for _ in range(3)]
for thread in threads: thread.start()
status = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        gem.make(ID).reset(); os._exit(0)
    status.append(os.waitpid(child, 0)[1])
stop = True
for thread in threads: thread.join()
say(status)
"""
    )
    assert lines == ["[0, 0, 0]"]


def test_a_pickled_environment_goes_on_in_another_process() -> None:
    lines = run_lines(
        """
import pickle, subprocess
env = gem.make(ID); env.reset(seed=1); env.step("\\\\boxed{3}")
script = (
    "import pickle, sys; env = pickle.load(sys.stdin.buffer); env.turn_count = 4;"
    "env.step('x'); print(env.turn_count, env.previous_guesses)"
)
command = [sys.executable, "-c", script]
result = subprocess.run(command, input=pickle.dumps(env), capture_output=True)
say(result.stdout.decode().strip())
"""
    )
    assert lines == ["5 {3}"]


def test_ctrl_c_interrupts_a_waiting_call_and_the_environment_goes_on() -> None:
    lines = run_lines(
        """
env = gem.make(ID); env.reset(seed=1); other = gem.make(ID); other.reset()
freeze(server_pid())
when_waiting(1, os.kill, os.getpid(), signal.SIGINT)
try: env.step("\\\\boxed{3}")
except KeyboardInterrupt: say("interrupted")
os.kill(server_pid(), signal.SIGCONT)
env.step("\\\\boxed{4}")
say(env.turn_count in (1, 2), other.step("x")[1])
"""
    )
    assert lines == ["interrupted", "True -0.1"]


def test_ctrl_c_inside_a_python_environment_ends_the_call() -> None:
    lines = run_lines(
        """
from sample_envs import CountingEnv
from gem.vector.sync_vector_env import SyncVectorEnv
class Interrupted(CountingEnv):
    def step(self, action):
        if action == "stop": raise KeyboardInterrupt
        return super().step(action)
vector = SyncVectorEnv(["x"] * 2, [Interrupted, lambda: gem.make(ID)]); vector.reset()
try: vector.step(["stop", "x"])
except KeyboardInterrupt: say("interrupted")
say(vector.step(["a", "x"])[0][0])
"""
    )
    assert lines == ["interrupted", "saw a"]


def test_a_call_that_waits_when_the_server_is_killed_fails_and_the_next_make_starts_another() -> (
    None
):
    lines = run_lines(
        """
env = gem.make(ID); env.reset(); vector = gem.make_vec([ID] * 4); vector.reset(); pid = server_pid()
freeze(pid)
when_waiting(1, os.kill, pid, signal.SIGKILL)
try: env.step("x")
except ServerLostError as error:
    say(isinstance(error, ConnectionError), "has ended" in str(error), ".log" in str(error))
for call in (env.reset, lambda: vector.step(["x"] * 4), lambda: env.turn_count):
    try: call()
    except ServerLostError as error: say("lost")
env.close(); vector.close()
fresh = gem.make(ID); fresh.reset()
say(fresh.step("x")[1], server_pid() != pid)
""",
        GEM_RECOVER="0",
    )
    assert lines == ["True True True", "lost", "lost", "lost", "-0.1 True"]


def test_many_threads_that_wait_when_the_server_is_killed_all_fail() -> None:
    lines = run_lines(
        """
from concurrent.futures import ThreadPoolExecutor
envs = [gem.make(ID) for _ in range(8)]
for env in envs: env.reset()
pid = server_pid()
freeze(pid)
def play(env):
    try: env.step("x")
    except ServerLostError: return "lost"
with ThreadPoolExecutor(8) as pool:
    results = [pool.submit(play, env) for env in envs]
    when_waiting(8, os.kill, pid, signal.SIGKILL)
    say([result.result() for result in results] == ["lost"] * 8)
""",
        GEM_RECOVER="0",
    )
    assert lines == ["True"]
