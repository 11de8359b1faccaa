"""Running commands inside the container of a task."""

from __future__ import annotations

from gem.envs.terminal.docker_env import DockerEnv


class DockerExecutor:
    """Runs commands in the container of a `DockerEnv`'s episode, beside those of the agent."""

    def __init__(self, env: DockerEnv) -> None:
        """Keeps the environment; each command goes to the container that it has then."""
        self.env = env

    def execute(self, command: str, timeout: float = 30) -> tuple[str, int]:
        """Runs a command; it counts as no turn and no failure of the agent.

        Args:
            command: for the container's shell.
            timeout: seconds that it may run; beyond it its exit code is 124.

        Returns:
            What it wrote to both streams, and its exit code.

        Raises:
            ResetNeededError: there is no container yet.
            EnvFaultError: the container runs no more.
        """
        output, exit_code = self.env._gem.call("call", "execute", [command, float(timeout)])
        return output, int(exit_code)
