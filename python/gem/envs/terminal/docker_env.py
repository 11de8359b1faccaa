"""Tasks in a terminal inside a container; see `src/envs/terminal/`."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from gem._bridge.remote_env import RemoteEnv


@dataclasses.dataclass
class TaskConfig:
    """A task: a folder in Terminal-Bench's form, and how it is judged."""

    task_name: str
    task_path: str | os.PathLike[str]
    """The folder with `task.yaml`, a Dockerfile or a compose file, `tests` and `run-tests.sh`."""
    test_weights: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """What each test counts; without weights all count alike."""
    max_test_timeout_sec: float = 300
    """Seconds that the tests may run; beyond it they earn nothing."""
    max_retry: int = 5
    """Failed commands that end the task."""


@dataclasses.dataclass
class ContainerConfig:
    """How containers are made."""

    no_rebuild: bool = False
    """Whether an image that was built before is used as it is."""
    timeout: float = 600
    """Accepted as upstream's; nothing depends on it there either."""


class DockerEnv(RemoteEnv):
    """Solve a task by shell commands in a container of its own.

    The engine is Docker or Podman on the server's machine (`GEM_CONTAINER_CLI` names another).
    The container is removed at the next `reset`, by `close`, and when the server ends in any way.
    """

    _gem_class: ClassVar[str] = "DockerEnv"

    def __init__(
        self,
        task_configs: Sequence[TaskConfig | Mapping[str, Any]],
        container_config: ContainerConfig | Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Makes an environment; nothing is started before the first reset.

        Args:
            task_configs: the tasks; each reset draws one.
            container_config: how containers are made.
            **options: `seed`, `prompts`.
        """
        super().__init__(
            task_configs=[_plain(config) for config in task_configs],
            container_config=None if container_config is None else _plain(container_config),
            **options,
        )


def _plain(config: Any) -> dict[str, Any]:
    """The fields of a configuration as a map; a path is made absolute here, where it is known."""
    is_class = dataclasses.is_dataclass(config)
    fields = dataclasses.asdict(config) if is_class else dict(config)
    path = fields.get("task_path")
    if isinstance(path, (str, os.PathLike)):
        fields["task_path"] = str(Path(path).absolute())
    return fields
