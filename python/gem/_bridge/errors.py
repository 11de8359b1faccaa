"""The error model: one class per code, the same codes as `src/errors.ts`.

Where upstream raised a builtin exception, the class derives from that one too, so that whoever
caught it still does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class GemError(Exception):
    """Any error of this package; `code` says what happened and `details` where."""

    code: str = "GEM_INTERNAL"

    partial: Any = None
    """What the other environments of a vector did: the result of the call, where those that failed
    have no observation, no reward, and an info with `gem`."""

    outcomes: Sequence[Any] | None = None
    """What each of several calls gave that were made at once: a value or an error."""

    def __init__(
        self, message: str, details: Mapping[str, Any] | None = None, code: str | None = None
    ) -> None:
        """Keeps the message and the details; `code` replaces the class's own."""
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = dict(details or {})
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        """Gives the message as it is (`KeyError` would quote it)."""
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles by class, message, details and code."""
        return (type(self), (self.message, self.details, self.code))


class UnknownEnvError(GemError, ValueError):
    """No environment is registered under the id."""

    code = "GEM_UNKNOWN_ENV"


class DuplicateEnvError(GemError, ValueError):
    """The id is registered already."""

    code = "GEM_DUPLICATE_ENV"


class UnknownOptionError(GemError, TypeError):
    """An environment, wrapper or method does not take the keyword argument."""

    code = "GEM_UNKNOWN_OPTION"


class InvalidOptionError(GemError, TypeError, ValueError):
    """An option's value has the wrong type or is out of range."""

    code = "GEM_INVALID_OPTION"


class InvalidPromptError(GemError, ValueError):
    """A replacement text has an unknown name or an unknown field."""

    code = "GEM_INVALID_PROMPT"


class InvalidSeedError(GemError, TypeError, ValueError):
    """A seed is no non-negative integer."""

    code = "GEM_INVALID_SEED"


class InvalidActionError(GemError, TypeError, ValueError):
    """An action is no string."""

    code = "GEM_INVALID_ACTION"


class ActionCountError(GemError, ValueError, AssertionError):
    """A vector step got more or fewer actions than environments."""

    code = "GEM_ACTION_COUNT"


class UnknownWrapperError(GemError, KeyError):
    """No wrapper has the name."""

    code = "GEM_UNKNOWN_WRAPPER"


class UnknownAttributeError(GemError, AttributeError):
    """The environment has no such attribute."""

    code = "GEM_UNKNOWN_ATTRIBUTE"


class InvalidAttributeError(GemError, TypeError, ValueError):
    """An attribute cannot take the value."""

    code = "GEM_INVALID_ATTRIBUTE"


class InvalidStateError(GemError, ValueError):
    """A state does not belong to an environment of this kind."""

    code = "GEM_INVALID_STATE"


class ResetNeededError(GemError, RuntimeError):
    """`step` came before the first `reset`."""

    code = "GEM_RESET_NEEDED"


class ClosedError(GemError, RuntimeError):
    """The environment is closed."""

    code = "GEM_CLOSED"


class InFlightError(GemError, RuntimeError):
    """Environments of a vector were sent and not received; `details["members"]` lists them."""

    code = "GEM_IN_FLIGHT"


class UnsupportedError(GemError, NotImplementedError):
    """The environment cannot do this."""

    code = "GEM_UNSUPPORTED"


class UnknownMethodError(GemError, AttributeError):
    """The environment has no such method."""

    code = "GEM_UNKNOWN_METHOD"


class UnknownHandleError(GemError, RuntimeError):
    """The server does not know the environment, or it belongs to another process."""

    code = "GEM_UNKNOWN_HANDLE"


class InvalidArgumentError(GemError, TypeError, ValueError):
    """A function got an argument that it cannot take."""

    code = "GEM_INVALID_ARGUMENT"


class BadFrameError(GemError, RuntimeError):
    """Client and server did not understand each other."""

    code = "GEM_BAD_FRAME"


class LimitError(GemError, ValueError):
    """A value is too large or nested too deeply to cross to the server."""

    code = "GEM_LIMIT"


class ProtocolVersionError(GemError, RuntimeError):
    """Client and server speak different versions of the protocol."""

    code = "GEM_PROTOCOL_VERSION"


class EnvFaultError(GemError, RuntimeError):
    """An environment failed through no fault of the caller."""

    code = "GEM_ENV_FAULT"


class ObjectFaultError(GemError, RuntimeError):
    """A Python object (an environment, a tokenizer) failed or gave something of another shape."""

    code = "GEM_OBJECT_FAULT"


class GemDeadlineError(GemError, TimeoutError):
    """The server did not answer in time."""

    code = "GEM_DEADLINE"


class UnavailableError(GemError, RuntimeError):
    """Something outside that the environment needs (a web server, a file) does not give it."""

    code = "GEM_UNAVAILABLE"


class ServerLostError(GemError, ConnectionError):
    """The server is gone, and with it its environments."""

    code = "GEM_SERVER_LOST"

    attempt: Any = None
    """The call that was lost with it, for whoever makes it again."""


class DrainingError(GemError, ConnectionError):
    """The server is about to end and makes nothing new; others may."""

    code = "GEM_DRAINING"


class ServerStartError(ServerLostError):
    """No server could be started or reached."""


class ServerRefusedError(ServerStartError):
    """The server does not let this client in, or has no keys where the client has some."""


class InternalError(GemError, RuntimeError):
    """A bug; the server's log has its stack under `details["correlation"]`."""

    code = "GEM_INTERNAL"


class ErrorTable:
    """Code → class, and which codes are not the caller's mistake."""

    classes: ClassVar[dict[str, type[GemError]]] = {
        cls.code: cls
        for cls in (
            UnknownEnvError,
            DuplicateEnvError,
            UnknownOptionError,
            InvalidOptionError,
            InvalidPromptError,
            InvalidSeedError,
            InvalidActionError,
            ActionCountError,
            UnknownWrapperError,
            UnknownAttributeError,
            InvalidAttributeError,
            InvalidStateError,
            ResetNeededError,
            ClosedError,
            InFlightError,
            UnsupportedError,
            UnknownMethodError,
            UnknownHandleError,
            InvalidArgumentError,
            BadFrameError,
            LimitError,
            ProtocolVersionError,
            EnvFaultError,
            ObjectFaultError,
            GemDeadlineError,
            UnavailableError,
            ServerLostError,
            DrainingError,
            InternalError,
        )
    }
    not_the_callers: ClassVar[frozenset[str]] = frozenset(
        {
            "GEM_ENV_FAULT",
            "GEM_OBJECT_FAULT",
            "GEM_DEADLINE",
            "GEM_UNAVAILABLE",
            "GEM_SERVER_LOST",
            "GEM_DRAINING",
            "GEM_INTERNAL",
        }
    )


_MEMBER = re.compile(r"^Environment (\d+) of the vector")


def renumber(error: GemError, members: Sequence[int]) -> None:
    """Names the environments of an error by the positions that the caller knows them by.

    Args:
        error: an error whose `index` and `faulty` count within one worker's part of a vector.
        members: the caller's positions, in the part's order.
    """
    details = error.details
    if isinstance(details.get("index"), int):
        details["index"] = members[details["index"]]
    if isinstance(details.get("faulty"), list):
        details["faulty"] = [members[index] for index in details["faulty"]]
    if isinstance(details.get("members"), list):
        details["members"] = [members[index] for index in details["members"]]
    error.message = _MEMBER.sub(
        lambda match: f"Environment {members[int(match[1])]} of the vector", error.message
    )


def error_from_wire(
    code: str, message: str, details: Mapping[str, Any], log: str | None
) -> GemError:
    """Builds the exception for an error message of the server.

    Args:
        code: one of `src/errors.ts`; an unknown one gives a plain `GemError`.
        message: the server's sentence.
        details: what belongs to it.
        log: path of the server's log; the message names it unless the caller made the mistake.
    """
    if log is not None:
        details = {**details, "log": log}
        if code in ErrorTable.not_the_callers:
            message = f"{message} The server's log: {log}"
    return ErrorTable.classes.get(code, GemError)(message, details, code)
