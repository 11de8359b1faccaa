"""What becomes of an environment's faults, and how long its calls may run."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from gem._bridge.errors import InvalidArgumentError, UnsupportedError

POLICIES = ("raise", "retry", "mask")
MOST_SECONDS = 2_000_000


class FaultPolicy(NamedTuple):
    """A policy, checked; `deadline` is in seconds, None for the default."""

    on_fault: str = "raise"
    deadline: float | None = None

    def to_wire(self) -> dict[str, Any] | None:
        """The policy as the server takes it; None where it says nothing."""
        if self == RAISE:
            return None
        return {"on_fault": self.on_fault, "deadline": self.deadline}


RAISE = FaultPolicy()
"""The policy where nobody asks for another."""


def fault_policy(on_fault: object, deadline: object) -> FaultPolicy:
    """Checks a policy.

    Raises:
        InvalidArgumentError: when it is none.
    """
    if not isinstance(on_fault, str) or on_fault not in POLICIES:
        message = f"on_fault must be 'raise', 'retry' or 'mask', got {on_fault!r}."
        raise InvalidArgumentError(message)
    if deadline is None:
        return FaultPolicy(on_fault)
    if (
        isinstance(deadline, bool)
        or not isinstance(deadline, (int, float))
        or math.isnan(deadline)
        or not 0 < deadline <= MOST_SECONDS
    ):
        message = (
            f"deadline must be a number of seconds above 0 and at most {MOST_SECONDS}, "
            f"or None for the default, got {deadline!r}."
        )
        raise InvalidArgumentError(message)
    return FaultPolicy(on_fault, float(deadline))


def refuse_alone(env_id: str, policy: FaultPolicy) -> None:
    """Refuses a policy for an environment that its caller holds itself, with no server in between.

    Raises:
        UnsupportedError: when there is one.
    """
    if policy == RAISE:
        return
    name = "deadline" if policy.on_fault == "raise" else f"on_fault={policy.on_fault!r}"
    message = (
        f"{env_id!r} is a Python object of this process, so its calls do not pass the server and "
        f"cannot be guarded with {name}. Put it into a vector (gem.make_vec), or register it with "
        "host=True."
    )
    raise UnsupportedError(message)
