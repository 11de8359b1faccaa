"""Every environment variable of the package, read when it is needed."""

from __future__ import annotations

import os

from gem._bridge.errors import InvalidArgumentError, NotYetError

TRANSPORTS = ("auto", "shm", "unix", "ipc", "tcp")
SCHEMES = ("unix://", "ipc://", "tcp://")


def node() -> str | None:
    """`GEM_NODE`: the Node executable; None: the `node` on PATH."""
    return os.environ.get("GEM_NODE") or None


def server_js() -> str | None:
    """`GEM_SERVER_JS`: the server's entry file; None: the one that belongs to this package."""
    return os.environ.get("GEM_SERVER_JS") or None


def server_endpoints() -> list[str] | None:
    """`GEM_SERVER`: addresses of running workers; None: this process starts its own server.

    Raises:
        NotYetError: for `GEM_SERVER=host`.
        InvalidArgumentError: for anything that is no address of these schemes.
    """
    text = os.environ.get("GEM_SERVER", "").strip()
    if text == "":
        return None
    if text == "host":
        message = (
            "GEM_SERVER=host (one server per user and host) is not part of this version. Unset it "
            "for a private server, or let it list the addresses of one started by `gem serve`."
        )
        raise NotYetError(message)
    endpoints = [part.strip() for part in text.split(",") if part.strip() != ""]
    wrong = [part for part in endpoints if not part.startswith(SCHEMES)]
    if wrong or not endpoints:
        schemes = ", ".join(SCHEMES)
        message = f"GEM_SERVER must list {schemes} addresses, separated by commas, got {text!r}."
        raise InvalidArgumentError(message)
    return endpoints


def transport() -> str:
    """`GEM_TRANSPORT`: how to reach a server.

    `auto` (default) and `shm` connect over a socket and go on through shared memory: `auto` where
    that is possible, `shm` or not at all. `unix`, `ipc` and `tcp` name the socket of a private
    server and stay with it; one that `GEM_SERVER` names keeps its address.

    Raises:
        InvalidArgumentError: for anything else.
    """
    value = os.environ.get("GEM_TRANSPORT", "") or "auto"
    if value not in TRANSPORTS:
        message = f"GEM_TRANSPORT must be one of {', '.join(TRANSPORTS)}, got {value!r}."
        raise InvalidArgumentError(message)
    return value


def workers() -> int | None:
    """`GEM_WORKERS`: threads of a private server, at least 1; None: the server decides."""
    return (
        None if not os.environ.get("GEM_WORKERS") else int(_number("GEM_WORKERS", 1.0, whole=True))
    )


def deadline_seconds() -> float:
    """`GEM_DEADLINE`: how long a call may stay without a sign of life, in seconds (default 600)."""
    return _number("GEM_DEADLINE", 600.0)


def start_timeout_seconds() -> float:
    """`GEM_START_TIMEOUT`: how long a server may take to come up, in seconds (default 30)."""
    return _number("GEM_START_TIMEOUT", 30.0)


def reconnect_seconds() -> float:
    """`GEM_RECONNECT`: how long a remote server may stay unreachable, in seconds (default 20)."""
    return _number("GEM_RECONNECT", 20.0)


def min_block() -> int:
    """`GEM_MIN_BLOCK`: the fewest environments worth a worker of their own (default 64)."""
    return int(_number("GEM_MIN_BLOCK", 64.0, whole=True))


def _number(name: str, default: float, *, whole: bool = False) -> float:
    text = os.environ.get(name, "").strip()
    if text == "":
        return default
    try:
        value = float(int(text)) if whole else float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        kind = "a positive integer" if whole else "a positive number of seconds"
        message = f"{name} must be {kind}, got {text!r}."
        raise InvalidArgumentError(message)
    return value
