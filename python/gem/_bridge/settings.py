"""Every environment variable of the package, read when it is needed."""

from __future__ import annotations

import os
from pathlib import Path

from gem._bridge import registry
from gem._bridge.errors import InvalidArgumentError

TRANSPORTS = ("auto", "shm", "unix", "ipc", "tcp")
SCHEMES = ("unix://", "ipc://", "tcp://")
HOST = "host"
KEY_QUERY = "?key="
KEY_CHARACTERS = 40


def node() -> str | None:
    """`GEM_NODE`: the Node executable; None: the `node` on PATH."""
    return os.environ.get("GEM_NODE") or None


def server_js() -> str | None:
    """`GEM_SERVER_JS`: the server's entry file; None: the one that belongs to this package."""
    return os.environ.get("GEM_SERVER_JS") or None


def server_endpoints() -> list[str] | None:
    """`GEM_SERVER`: addresses of running workers; None: this process finds or starts a server.

    Raises:
        InvalidArgumentError: for anything that is no address of these schemes.
    """
    text = _server()
    if text in ("", HOST):
        return None
    endpoints = [part.split(KEY_QUERY)[0] for part in _parts(text)]
    wrong = [part for part in endpoints if not part.startswith(SCHEMES)]
    if wrong or not endpoints:
        schemes = ", ".join(SCHEMES)
        message = (
            f"GEM_SERVER must list {schemes} addresses, separated by commas, or be {HOST!r} "
            "(one server for this user on this machine) or file:///folder (the servers listed "
            f"there), got {text!r}."
        )
        raise InvalidArgumentError(message)
    return endpoints


def server_registry() -> Path | None:
    """`GEM_SERVER=file:///folder`: the folder that lists the servers; None: it says otherwise.

    Raises:
        InvalidArgumentError: for a path that is not absolute.
    """
    text = _server()
    if not text.startswith(registry.SCHEME) or "," in text:
        return None
    return registry.folder_of(text)


def uses_host_server() -> bool:
    """`GEM_SERVER=host`: whether the processes of this user share a server on this machine."""
    return _server() == HOST


def server_key(endpoint: str) -> str | None:
    """The public key that `GEM_SERVER` says of an address (`tcp://host:port?key=…`).

    Raises:
        InvalidArgumentError: for anything that is no key.
    """
    for part in _parts(_server()):
        address, query, key = part.partition(KEY_QUERY)
        if address != endpoint or query == "":
            continue
        if len(key) != KEY_CHARACTERS:
            message = (
                f"The key of {address} in GEM_SERVER must have {KEY_CHARACTERS} characters "
                f"(the line 'public' of the server's file), got {key!r}."
            )
            raise InvalidArgumentError(message)
        return key
    return registry.key_of(endpoint)


def host_idle_seconds() -> float:
    """`GEM_HOST_IDLE`: seconds that the server of `GEM_SERVER=host` outlives its last client."""
    return _number("GEM_HOST_IDLE", 10.0)


def curve() -> str | None:
    """`GEM_CURVE`: the file (or folder) with this client's keys; None: there are none."""
    return os.environ.get("GEM_CURVE") or None


def _server() -> str:
    return os.environ.get("GEM_SERVER", "").strip()


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip() != ""]


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


def recovers() -> bool:
    """`GEM_RECOVER`: whether environments of a lost server are made again (default 1), or not (0).

    Raises:
        InvalidArgumentError: for anything else.
    """
    value = os.environ.get("GEM_RECOVER", "") or "1"
    if value not in ("0", "1"):
        message = f"GEM_RECOVER must be 1 (on, the default) or 0 (off), got {value!r}."
        raise InvalidArgumentError(message)
    return value == "1"


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
