"""Keys of connections to servers on other machines (CURVE), and what it means to be refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import zmq

from gem._bridge import settings
from gem._bridge.errors import InvalidArgumentError, ServerRefusedError

CLIENT_FILE = "client.key"
"""The file that stands for a folder of keys."""

FAILURES = (
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
)
"""The events of a socket's monitor that say so."""

_KEY = re.compile(r"[0-9A-Za-z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}")
_CURVE_ERRORS = range(0x10000000, 0x12000000)


@dataclass(frozen=True)
class Keys:
    """A client's key pair, and the public key of its server where its file says it."""

    public: str
    secret: str
    server: str | None


def read_keys(path: str) -> Keys:
    """Reads a client's file, which `gem keys` made; a folder stands for its `client.key`.

    Raises:
        InvalidArgumentError: when it cannot be read or holds no keys.
    """
    file = Path(path).expanduser()
    if file.is_dir():
        file = file / CLIENT_FILE
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"GEM_CURVE names {path!r}, which cannot be read: {error}"
        raise InvalidArgumentError(message) from error
    words = [line.split() for line in text.splitlines()]
    named = {line[0]: line[1] for line in words if len(line) > 1 and line[0] != "#"}
    public, secret, server = (named.get(name) for name in ("public", "secret", "server"))
    if not is_key(public) or not is_key(secret) or not (server is None or is_key(server)):
        message = (
            f"{file} must have the lines 'public <key>', 'secret <key>' and 'server <key>' of a "
            "client; 'gem keys new <folder>' makes such files."
        )
        raise InvalidArgumentError(message)
    return Keys(str(public), str(secret), server)


def is_key(text: str | None) -> bool:
    """Whether this is a key."""
    return text is not None and _KEY.fullmatch(text) is not None


def secure(socket: zmq.Socket[bytes], endpoint: str) -> bool:
    """Gives a socket the keys for a server, where `GEM_CURVE` or its address names some.

    Args:
        socket: one that is not connected yet.
        endpoint: the server's address.

    Returns:
        Whether it has keys now.

    Raises:
        InvalidArgumentError: when there are some, but not all that are needed.
    """
    if not endpoint.startswith("tcp://"):
        return False
    path, server = settings.curve(), settings.server_key(endpoint)
    if path is None and server is None:
        return False
    if path is None:
        message = (
            f"The address {endpoint} has a key, but GEM_CURVE names no file with the keys of this "
            "client. 'gem keys new' makes such files where the server is."
        )
        raise InvalidArgumentError(message)
    keys = read_keys(path)
    server = server or keys.server
    if server is None:
        message = (
            f"No public key of the server at {endpoint} is known: {path} has no line "
            "'server <key>', and GEM_SERVER does not say it (tcp://host:port?key=<key>)."
        )
        raise InvalidArgumentError(message)
    socket.setsockopt_string(zmq.CURVE_SERVERKEY, server)
    socket.setsockopt_string(zmq.CURVE_PUBLICKEY, keys.public)
    socket.setsockopt_string(zmq.CURVE_SECRETKEY, keys.secret)
    return True


def secure_or_close(socket: zmq.Socket[bytes], endpoint: str) -> bool:
    """The same; the socket is closed when it raises."""
    try:
        return secure(socket, endpoint)
    except BaseException:
        socket.close(0)
        raise


class Handshakes:
    """What a socket's monitor has said about handshakes that failed."""

    PATIENCE_SECONDS = 2.0
    """How long a server may hang up in the middle of them before that counts as a refusal: one
    that starts or ends at that moment does it, too."""

    def __init__(self, endpoint: str, has_keys: bool) -> None:
        """Begins with a connection that is not made yet."""
        self._endpoint = endpoint
        self._has_keys = has_keys
        self._since: float | None = None
        self._has_succeeded = False

    def succeed(self) -> None:
        """Notes that one went well."""
        self._has_succeeded = True
        self._since = None

    def fail(self, event: int, value: int, now: float) -> None:
        """Notes that one did not.

        Args:
            event: which of `FAILURES`.
            value: what libzmq says about it.
            now: seconds of a clock.

        Raises:
            ServerRefusedError: when the next ones will not, either.
        """
        if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            raise self._refused(
                "does not let this client in: its public key is not on the server's list. Add it "
                "there (the file `allowed` in the server's folder of keys), or let GEM_CURVE name "
                "the file of another client"
            )
        if (
            event == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
            and value == zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
        ):
            raise self._refused(self._mismatch())
        if event == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL and value in _CURVE_ERRORS:
            raise self._refused(
                f"does not speak the protocol of this client (libzmq says {value:#x}); is it a GEM "
                "server?"
            )
        if self._has_succeeded or not self._has_keys:
            return
        self._since = now if self._since is None else self._since
        if now - self._since >= self.PATIENCE_SECONDS:
            raise self._refused(self._hint())

    @property
    def hint(self) -> str:
        """What to check when nobody answers; empty when handshakes are not the reason."""
        return "" if self._has_succeeded else f" If it {self._mismatch()}."

    def _mismatch(self) -> str:
        if self._has_keys:
            return (
                "has no keys, unset GEM_CURVE for it, or start it with `gem serve --curve <folder>`"
            )
        return (
            "lets in only clients with keys (`gem serve --curve`), let GEM_CURVE name this "
            "client's file"
        )

    def _hint(self) -> str:
        return (
            "hangs up on this client. Its public key is probably another one than the line "
            "'server' of the file that GEM_CURVE names (or than `?key=` of GEM_SERVER); copy the "
            "file again from the server's folder of keys. A server without keys, or something "
            "that is no GEM server, hangs up in the same way"
        )

    def _refused(self, what: str) -> ServerRefusedError:
        message = f"The server at {self._endpoint} {what}."
        return ServerRefusedError(message, {"endpoint": self._endpoint})
