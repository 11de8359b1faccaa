"""Checking that an environment keeps the contract that trainers rely on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gem.core import Env


@dataclass(frozen=True)
class CheckResult:
    """What one check came to.

    `outcome` is "passed", "failed" or "skipped"; `detail` says what was seen, what was expected
    and what came, or why it could not be looked at.
    """

    name: str
    outcome: str
    detail: str


@dataclass(frozen=True)
class CheckReport:
    """What all checks of an environment came to; printed, it is a table."""

    id: str
    checks: tuple[CheckResult, ...]
    table: str

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not self.failures

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.outcome == "failed")

    def raise_for_failures(self) -> None:
        """Does nothing when no check failed.

        Raises:
            AssertionError: with the table, when one did.
        """
        if not self.ok:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        """Gives the table."""
        return self.table


def check_env(
    env: str | Env | Callable[..., Env],
    *,
    options: Mapping[str, Any] | None = None,
    seeds: int | Sequence[int] | None = None,
    steps: int | None = None,
    actions: Sequence[str] | None = None,
    deadline_seconds: float = 60.0,
) -> CheckReport:
    """Checks an environment: types, determinism, independence of neighbours, copies, strange input.

    Environments are made for it; one that is passed is copied and not touched otherwise. What a
    failing environment raises is in the report.

    Args:
        env: a registered id, an environment, or what makes one (a class, a function).
        options: what an id, a class or a function is given.
        seeds: how many seeds are played (default 3: 1, 2, 3), or which.
        steps: actions of a trajectory (default 25).
        actions: replies to play in turn; default: the environment's random actions, with malformed
            ones in between.
        deadline_seconds: the time that each check has. A Python environment that does not come
            back by then leaves its thread behind.

    Raises:
        UnknownEnvError: when no environment has the id.
        InvalidOptionError, InvalidArgumentError: when an argument cannot be used.
    """
    from gem._bridge.checking import Checked, check

    given = {"seeds": seeds, "steps": steps, "actions": actions}
    settings = {name: value for name, value in given.items() if value is not None}
    return check(Checked(env, dict(options or {}), deadline_seconds), settings)
