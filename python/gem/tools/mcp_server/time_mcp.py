"""An MCP server that knows the time; see `src/tools/mcp-time/`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from gem._bridge.errors import GemError, InvalidArgumentError
from gem._bridge.process import find_entry, find_node

TRANSPORTS = ("stdio", "http", "streamable-http", "sse")
_TOKENS = (
    ("h", "%-I"),
    ("YYYY", "%Y"),
    ("YY", "%y"),
    ("HH", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("MM", "%m"),
    ("DD", "%d"),
    ("A", "%p"),
)


class TimeServer:
    """What upstream's module calls `app`: the server, ready to run."""

    name = "mcp-time-server"

    def run(
        self,
        transport: str = "stdio",
        host: str = "127.0.0.1",
        port: int = 8081,
        path: str = "/time-mcp",
    ) -> None:
        """Serves until the server ends; it ends with this process.

        Args:
            transport: "stdio", "http" (or "streamable-http"), or "sse".
            host: the address to listen on.
            port: 0 for any that is free.
            path: where it answers.

        Raises:
            InvalidArgumentError: when there is no such transport.
            ServerStartError: when there is no Node.
        """
        if transport not in TRANSPORTS:
            message = f"transport must be one of {', '.join(TRANSPORTS)}, got {transport!r}."
            raise InvalidArgumentError(message)
        command = _command(transport, host, port, path)
        if transport == "stdio":
            subprocess.run(command, check=False)
            return
        parent = ["--parent-pid", str(os.getpid())]
        with subprocess.Popen([*command, *parent], stdin=subprocess.PIPE) as process:
            process.wait()

    def __repr__(self) -> str:
        """Shows its name."""
        return f"TimeServer({self.name!r})"


app = TimeServer()


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Becomes the server.

    Args:
        argv: the flags; None: those of this process.
    """
    parser = argparse.ArgumentParser(
        prog="gem.tools.mcp_server.time_mcp", description="Serve the time over MCP."
    )
    parser.add_argument("--transport", choices=TRANSPORTS, default="streamable-http")
    parser.add_argument("--host", default="127.0.0.1", help="default: this machine")
    parser.add_argument("--port", type=int, default=8081, help="default 8081; 0 for any")
    parser.add_argument("--path", default="/time-mcp", help="default /time-mcp")
    parser.add_argument(
        "--log-level",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        help="accepted for upstream's sake; changes nothing",
    )
    given = parser.parse_args(argv)
    try:
        command = _command(given.transport, given.host, given.port, given.path)
    except GemError as error:
        sys.exit(str(error))
    sys.stdout.flush()
    os.execv(command[0], command)


def _command(transport: str, host: str, port: int, path: str) -> list[str]:
    flags = ["--transport", transport, "--host", host, "--port", str(port), "--path", path]
    return [find_node(), str(find_entry()), "time-mcp", *flags]


def _parse_dt(time_str: str) -> datetime:
    """Reads `YYYY-MM-DD HH:MM:SS`, with a fraction or without, as a local time."""
    fraction = ".%f" if "." in time_str else ""
    return datetime.strptime(time_str, f"%Y-%m-%d %H:%M:%S{fraction}").astimezone()


def _parse_date(date_str: str) -> datetime:
    """Reads `YYYY-MM-DD` as the beginning of that day here."""
    return datetime.strptime(date_str, "%Y-%m-%d").astimezone()


def _moment_to_strftime(fmt: str) -> str:
    """A format like `YYYY-MM-DD HH:mm:ss` as one of `strftime`; tokens are replaced in turn."""
    for token, directive in _TOKENS:
        fmt = fmt.replace(token, directive)
    return fmt


if __name__ == "__main__":
    main()
