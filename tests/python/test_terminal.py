"""Tasks in a terminal through the bridge; the engine's command line is a stand-in."""

from __future__ import annotations

from pathlib import Path

from support import REPOSITORY, is_gone, run_lines, start_script, wait_until

FAKE = str(REPOSITORY / "tests" / "fixtures" / "fake-docker.sh")
SCRIPT = """
from gem.envs.terminal.docker_env import ContainerConfig, DockerEnv, TaskConfig
from gem.envs.terminal.executor import DockerExecutor
config = TaskConfig("one", os.environ["TASK"], test_weights={"test_answer": 1.0}, max_retry=3)
env = DockerEnv([config], ContainerConfig(no_rebuild=True))
observation, info = env.reset()
"""


def _task(folder: Path) -> dict[str, str]:
    task = folder / "task"
    (task / "tests").mkdir(parents=True)
    (task / "task.yaml").write_text("instruction: Make an answer.\n")
    (task / "docker-compose.yaml").write_text("services:\n  client:\n    image: plain\n")
    (task / "tests" / "check.sh").write_text(
        "echo '== short test summary info =='\n"
        "if [ -e /tmp/answer ]; then echo 'PASSED t.py::test_answer'; "
        "else echo 'FAILED t.py::test_answer - none'; fi\n"
    )
    (task / "run-tests.sh").write_text("sh /tests/check.sh\n")
    store = str(folder / "store")
    return {"TASK": str(task), "FAKE_DOCKER": store, "GEM_CONTAINER_CLI": FAKE}


def test_a_task_is_played_and_judged(tmp_path: Path) -> None:
    lines = run_lines(
        SCRIPT
        + """
say(observation, info)
say(*env.step("<bash>\\ncmd: echo hello; touch /tmp/answer\\n</bash>"))
say(DockerExecutor(env).execute("ls /tmp"))
print(env.step("<finish></finish>")[1:4])
name = env.container_name
env.close()
say(os.path.exists(f"{os.environ['FAKE_DOCKER']}/containers/{name}"))
""",
        **_task(tmp_path),
    )
    assert lines[0] == "Make an answer. {}"
    assert lines[1:4] == [
        "<bash_output>",
        "hello",
        "</bash_output> 0.0 False False " + lines[3][31:],
    ]
    assert "terminal-bash" in "".join(lines)
    assert "('answer', 0)" in lines
    assert "(1.0, True, True)" in lines
    assert lines[-1] == "False"


def test_a_lost_container_is_a_fault_and_no_reward(tmp_path: Path) -> None:
    lines = run_lines(
        SCRIPT
        + """
path = f"{os.environ['FAKE_DOCKER']}/containers/{env.container_name}/running"
with open(path, "w") as running:
    running.write("false")
try:
    env.step("<finish></finish>")
except EnvFaultError as error:
    say("fault", error.code)
env.reset()
say(env.step("<finish></finish>")[1])
env.close()
""",
        **_task(tmp_path),
    )
    assert lines == ["fault GEM_ENV_FAULT", "0.0"]


def test_the_container_goes_when_the_trainer_is_killed(tmp_path: Path) -> None:
    variables = _task(tmp_path)
    process = start_script(SCRIPT + "say(env.container_name)\ntime.sleep(600)\n", **variables)
    assert process.stdout is not None
    name = process.stdout.readline().strip()
    container = Path(variables["FAKE_DOCKER"]) / "containers" / name
    assert container.is_dir()
    process.kill()
    process.communicate()
    wait_until(lambda: not container.exists(), "the container is gone")
    assert is_gone(process.pid)
