"""Calling the tools of MCP servers; see `src/tools/mcp/`."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from gem._bridge import server
from gem._bridge.errors import (
    GemDeadlineError,
    GemError,
    InvalidOptionError,
    UnavailableError,
    UnsupportedError,
)
from gem._bridge.remote_tool import RemoteTool

Config: TypeAlias = "str | Mapping[str, Any]"
"""A URL, one server's map, or `{"mcpServers": {name: map}}`."""

_DEFAULT = "default"


class NoToolsError(UnavailableError, ValueError):
    """No MCP server can be reached, or none offers a tool."""


class MCPTool(RemoteTool):
    """Lets an agent call the tools of MCP servers.

    The server of this package keeps a session with each of them, from the first use on. An MCP
    server that is down is an error in the observation, as upstream tells it; in a wrapper
    `info["gem"]` has the fault as well.
    """

    tool_type: ClassVar[str] = "mcp"
    _gem_is_built_in: ClassVar[bool] = True
    _gem_faults_are_text: ClassVar[bool] = True

    def __init__(
        self,
        config: Config,
        auth: Any = None,
        headers: Mapping[str, str] | None = None,
        log_handler: Callable[..., Any] | None = None,
        progress_handler: Callable[..., Any] | None = None,
        sampling_handler: Callable[..., Any] | None = None,
        max_retries: int = 3,
        delay_between_retries: float = 1.0,
        execution_timeout: float = 30.0,
        validate_on_init: bool = True,
        num_workers: int = 1,
    ) -> None:
        """Makes a tool, and looks whether there are tools.

        Args:
            config: a URL, a server's map (`{"command": ..., "args": [...]}` for a program,
                `{"url": ...}` for an address), or `{"mcpServers": {name: map}}`.
            auth: a bearer token for a URL, as text or as an object with an attribute `token`.
            headers: HTTP headers for a URL.
            log_handler: must be None.
            progress_handler: must be None.
            sampling_handler: must be None.
            max_retries: attempts to reach a server; a call that may have reached it is not made
                again.
            delay_between_retries: seconds between them.
            execution_timeout: how long a call may take, in seconds.
            validate_on_init: whether to look now; False: making the tool starts nothing.
            num_workers: kept as an attribute; changes nothing here.

        Raises:
            InvalidOptionError: when something is no configuration.
            NoToolsError: when there are no tools.
            UnsupportedError: when there is a handler.
        """
        super().__init__(num_workers)
        # Differs from upstream D86: the sessions are the server's, which calls nothing back.
        if any(
            handler is not None for handler in (log_handler, progress_handler, sampling_handler)
        ):
            message = (
                "MCPTool takes no log_handler, progress_handler or sampling_handler: its sessions "
                "belong to the server. Leave them out."
            )
            raise UnsupportedError(message)
        self.max_retries = max_retries
        self.delay_between_retries = delay_between_retries
        self.execution_timeout = execution_timeout
        self._session = uuid.uuid4().hex
        self.raw_config: Any
        self.normalized_config: dict[str, Any]
        self._auth: str | None
        self._headers: dict[str, str] | None
        vars(self).update(_servers(config, auth, headers))
        if validate_on_init:
            self._validate()

    @classmethod
    def from_url(
        cls, url: str, auth: Any = None, headers: Mapping[str, str] | None = None, **kwargs: Any
    ) -> MCPTool:
        """A tool for one server with an address."""
        return cls(url, auth=auth, headers=headers, **kwargs)

    @classmethod
    def from_config_file(cls, config_path: str | Path, **kwargs: Any) -> MCPTool:
        """A tool for the servers of a JSON file."""
        return cls(json.loads(Path(config_path).read_text(encoding="utf-8")), **kwargs)

    @classmethod
    def from_local_command(
        cls, server_params: Mapping[str, Any], name: str = _DEFAULT, **kwargs: Any
    ) -> MCPTool:
        """A tool for a program: `{"command": ..., "args": [...], "env": {...}, "cwd": ...}`."""
        return cls({"mcpServers": {name: dict(server_params)}}, **kwargs)

    @classmethod
    def from_multi_server(cls, servers: Mapping[str, str], **kwargs: Any) -> MCPTool:
        """A tool for servers with addresses, by name; tools are called `{server}_{tool}`."""
        entries = {name: {"transport": "http", "url": url} for name, url in servers.items()}
        return cls({"mcpServers": entries}, **kwargs)

    def get_available_tools(self) -> list[dict[str, Any]]:
        """The tools that agents can call.

        Raises:
            UnavailableError: when no server can be reached.
        """
        return [self._record(tool) for tool in self._gem_call("get_available_tools")]

    def reconfigure(
        self, new_config: Config, auth: Any = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Goes on with other servers; wrappers that have been made keep theirs.

        Raises:
            InvalidOptionError: when that is no configuration; the one before stays.
        """
        servers = _servers(new_config, auth, headers)
        self.close()
        vars(self).update(servers)

    def close(self) -> None:
        """Ends the sessions; a later use begins new ones."""
        client = server.running_client()
        if client is None or not client.is_usable():
            return
        options = self._gem_options()
        # Each worker that environments were made at has sessions of its own.
        for worker in [worker for worker in client.workers if worker.live]:
            with contextlib.suppress(GemError):
                handle = self._gem_make(client, worker, options)
                worker.call("call_tool", [handle.number, "disconnect", []])

    def _validate(self) -> None:
        try:
            self._gem_call("validate")
        except (UnavailableError, GemDeadlineError) as error:
            raise NoToolsError(error.message, error.details, error.code) from error

    def _gem_options(self) -> dict[str, Any]:
        is_url = isinstance(self.raw_config, str)
        return {
            "config": self.raw_config if is_url else self.normalized_config,
            "auth": self._auth,
            "headers": self._headers,
            "max_retries": self.max_retries,
            "delay_between_retries": self.delay_between_retries,
            "execution_timeout": self.execution_timeout,
            "session": self._session,
        }

    def __repr__(self) -> str:
        """Shows which servers it is for, and no credentials."""
        return f"{type(self).__name__}({self._get_server_description()})"

    def _record(self, tool: Mapping[str, Any]) -> dict[str, Any]:
        info = {
            "is_multi_server": self._is_multi_server(),
            "servers": self._get_server_names(),
            "detected_server": tool["server"],
        }
        record = {name: tool[name] for name in ("name", "description", "parameters")}
        return {**record, "server_info": info}

    def _get_server_names(self) -> list[str]:
        return list(self.normalized_config["mcpServers"])

    def _is_multi_server(self) -> bool:
        return len(self.normalized_config["mcpServers"]) > 1

    def _get_server_description(self) -> str:
        servers = self.normalized_config["mcpServers"]
        if len(servers) > 1:
            return f"{len(servers)} MCP servers: {', '.join(servers)}"
        ((name, entry),) = servers.items()
        if entry["transport"] == "stdio":
            return f"local stdio server {name!r}: {entry.get('command')}"
        return f"HTTP server at {entry.get('url')}"


def _servers(config: Any, auth: Any, headers: Mapping[str, str] | None) -> dict[str, Any]:
    """The attributes that say which servers a tool is for.

    Raises:
        InvalidOptionError: when that is no configuration.
    """
    normalized = _normalize(config)
    if not isinstance(config, str) and (auth is not None or headers is not None):
        message = (
            "auth and headers belong to a server that is given by its URL; write them into the map "
            "of the server that they are for."
        )
        raise InvalidOptionError(message)
    return {
        "raw_config": config,
        "normalized_config": normalized,
        "_auth": _token(auth),
        "_headers": None if headers is None else dict(headers),
    }


def _normalize(config: Any) -> dict[str, Any]:
    """Puts any configuration into the form with `mcpServers`; changes nothing of what it is given.

    Raises:
        InvalidOptionError: when it is none.
    """
    if isinstance(config, str):
        return {"mcpServers": {_DEFAULT: {"transport": "http", "url": config}}}
    if not isinstance(config, Mapping):
        message = (
            'config must be a URL, a server\'s map, or {"mcpServers": {name: map}}, '
            f"got {config!r}."
        )
        raise InvalidOptionError(message)
    servers = config.get("mcpServers", {_DEFAULT: config})
    if not isinstance(servers, Mapping) or not servers:
        message = f"mcpServers must be a map with at least one server, got {servers!r}."
        raise InvalidOptionError(message)
    return {"mcpServers": {str(name): _server(name, entry) for name, entry in servers.items()}}


def _server(name: object, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        message = f"The server {name!r} must be a map, got {entry!r}."
        raise InvalidOptionError(message)
    is_program = "command" in entry or "args" in entry
    plain = {"transport": "stdio" if is_program else "http", **entry}
    if plain.get("auth") is not None:
        plain["auth"] = _token(plain["auth"])
    return plain


def _token(auth: Any) -> str | None:
    """The token of `auth`: text, or an object that holds one as FastMCP's `BearerAuth` does.

    Raises:
        InvalidOptionError: when it holds none.
    """
    token = auth if auth is None or isinstance(auth, str) else getattr(auth, "token", None)
    reveal = getattr(token, "get_secret_value", None)
    token = reveal() if callable(reveal) else token
    if (token is not None and not isinstance(token, str)) or (token is None and auth is not None):
        message = (
            f"auth must be a bearer token, or an object with one, got a {type(auth).__name__}."
        )
        raise InvalidOptionError(message)
    return token
