"""Servers that Ray places on its nodes and starts again where they die."""

from __future__ import annotations

import ipaddress
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gem._bridge.errors import InvalidArgumentError, ServerStartError, UnavailableError
from gem._bridge.process import find_entry, find_node
from gem._bridge.registry import enter
from gem.launch.folder import Servers, new_folder
from gem.launch.local_servers import check_count
from gem.launch.serve_process import ServeProcess

if TYPE_CHECKING:
    from types import ModuleType

LOOK_SECONDS = 0.5
"""How often the thread that follows a server looks whether it is to end."""

AGAIN_SECONDS = 0.2
STOP_SECONDS = 3.0
"""How long servers may take to end by themselves."""

_CLIENT = "trainer"
_SERVER_FILES = ("server.key", "allowed")


def ray(
    num_workers: int = 1,
    *,
    threads: int | None = None,
    num_cpus: float = 1,
    resources: Mapping[str, float] | None = None,
    address: str | None = None,
    runtime_env: Mapping[str, Any] | None = None,
    timeout: float = 120.0,
) -> RayServers:
    """Has Ray start servers on its nodes, spread over as many as there are, and uses them.

        with gem.launch.ray(num_workers=8, num_cpus=4, threads=4):
            vec = gem.make_vec(...)

    Ray places the servers and starts one again that dies; environments go on as after any loss. No
    step passes through Ray. Nodes need this package, and Node. Where nodes have addresses that
    others can reach, connections are encrypted with keys made for this launch.

    Args:
        num_workers: how many servers.
        threads: worker threads of each; None: as many as `num_cpus`.
        num_cpus: CPUs that Ray sets aside for each.
        resources: further resources of Ray's that each needs.
        address: the cluster's, where this process has not joined one yet; None: as `ray.init` finds
            it.
        runtime_env: Ray's runtime environment of the servers.
        timeout: seconds until all must be there.

    Returns:
        The servers, to be closed or used in a `with` statement.

    Raises:
        UnavailableError: when Ray is not installed.
        InvalidArgumentError: for numbers that are too small.
        ServerStartError: when not all come up in time; it says why.
    """
    check_count("num_workers", num_workers)
    if threads is not None:
        check_count("threads", threads)
    if not num_cpus > 0:
        raise InvalidArgumentError(f"num_cpus must be above 0, got {num_cpus!r}.")
    library = _library()
    has_joined = not library.is_initialized()
    if has_joined:
        library.init(address=address, log_to_driver=False)
    folder = new_folder()
    keys = _make_keys(folder) if _needs_keys(library) else {}
    variables = {"GEM_CURVE": str(folder / "keys" / f"{_CLIENT}.key")} if keys else {}
    bundle = {"CPU": num_cpus, **(resources or {})}
    launch = _Launch(library, folder, has_joined=has_joined)
    try:
        launch.reserve([bundle] * num_workers, timeout)
        options = {
            "max_restarts": -1,
            "max_concurrency": 4,
            "num_cpus": num_cpus,
            "resources": dict(resources or {}),
            **({} if runtime_env is None else {"runtime_env": dict(runtime_env)}),
        }
        count = threads or max(1, int(num_cpus))
        launch.start(num_workers, options, count, keys)
        launch.wait(num_workers, timeout)
        return RayServers(folder, launch, variables)
    except BaseException:
        launch.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise


class RayServers(Servers):
    """Servers that Ray runs."""

    def __init__(self, folder: Path, launch: _Launch, variables: Mapping[str, str]) -> None:
        """Uses them from now on."""
        super().__init__(folder, launch.close, variables)
        self.actors: list[Any] = launch.actors
        """Their actors, as Ray's handles."""


class ServerActor:
    """A server as one of Ray's actors; it starts again with the actor, and without it."""

    def __init__(self, threads: int, keys: Mapping[str, str]) -> None:
        """Starts nothing: what goes wrong then is to be told by `announce`.

        Args:
            threads: the server's worker threads.
            keys: its files of keys by name; empty: it needs none.
        """
        self._threads = threads
        self._keys = keys
        self._process: ServeProcess | None = None
        self._folder: Path | None = None

    def announce(self) -> tuple[int, list[str], str | None]:
        """Starts the server; gives its process, its addresses and its public key.

        Raises:
            ServerStartError: when it does not come up.
        """
        options = ["--tcp", f"{_bracketed(_library().util.get_node_ip_address())}:0"]
        key = None
        if self._keys:
            self._remove_keys()
            folder = self._folder = Path(tempfile.mkdtemp(prefix="gem-keys-"))
            for name, text in self._keys.items():
                (folder / name).touch(mode=0o600)
                (folder / name).write_text(text, encoding="utf-8")
            options += ["--curve", str(folder)]
            lines = self._keys["server.key"].splitlines()
            key = next(line.split()[1] for line in lines if line.startswith("public "))
        self._process = ServeProcess(options, self._threads)
        return self._process.pid, self._process.endpoints, key

    def wait(self) -> int:
        """Waits until the server has ended; gives its exit code."""
        return 0 if self._process is None else self._process.wait()

    def stop(self) -> None:
        """Ends the server, and removes its keys."""
        if self._process is not None:
            self._process.stop()
        self._remove_keys()

    def _remove_keys(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


class _Launch:
    """The actors of one launch, and the threads that write down where their servers are."""

    def __init__(self, library: ModuleType, folder: Path, *, has_joined: bool) -> None:
        self._ray: Any = library
        self._folder = folder
        self._has_joined = has_joined
        self._group: Any = None
        self.actors: list[Any] = []
        self._threads: list[threading.Thread] = []
        self._is_ending = threading.Event()
        self._news = threading.Condition()
        self._entries: set[Path] = set()
        self._trouble: Exception | None = None

    def reserve(self, bundles: list[dict[str, float]], timeout: float) -> None:
        """Reserves room for the servers, on different nodes as far as there are.

        Raises:
            ServerStartError: when the cluster has not enough.
        """
        util = self._ray.util
        self._group = util.placement_group(bundles, strategy="SPREAD")
        if not self._group.wait(timeout):
            message = (
                f"Ray found no room for {len(bundles)} servers with {bundles[0]} each within "
                f"{timeout:g} s; available are {self._ray.available_resources()}. Ask for less, or "
                "add nodes."
            )
            raise ServerStartError(message)

    def start(
        self, count: int, options: dict[str, Any], threads: int, keys: Mapping[str, str]
    ) -> None:
        """Starts the actors."""
        strategies = self._ray.util.scheduling_strategies
        actor_class = self._ray.remote(ServerActor)
        for index in range(count):
            where = strategies.PlacementGroupSchedulingStrategy(
                placement_group=self._group, placement_group_bundle_index=index
            )
            actor = actor_class.options(**options, scheduling_strategy=where).remote(threads, keys)
            self.actors.append(actor)
            name = f"gem-launch-{index}"
            thread = threading.Thread(target=self._follow, args=[actor], name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def wait(self, count: int, timeout: float) -> None:
        """Waits until all servers are there.

        Raises:
            ServerStartError: when they are not in time.
        """
        with self._news:
            if self._news.wait_for(lambda: len(self._entries) == count, timeout):
                return
            why = "" if self._trouble is None else f" The last trouble was: {self._trouble}"
            message = (
                f"{len(self._entries)} of {count} servers came up within {timeout:g} s on Ray's "
                f"nodes.{why}"
            )
            raise ServerStartError(message) from self._trouble

    def close(self) -> None:
        """Ends the servers, and gives back what was reserved."""
        self._is_ending.set()
        stops = [actor.stop.remote() for actor in self.actors]
        if stops:
            self._ray.wait(stops, num_returns=len(stops), timeout=STOP_SECONDS)
        for actor in self.actors:
            self._ray.kill(actor, no_restart=True)
        for thread in self._threads:
            thread.join()
        if self._group is not None:
            self._ray.util.remove_placement_group(self._group)
        if self._has_joined:
            self._ray.shutdown()

    def _follow(self, actor: Any) -> None:
        """Keeps the folder up to date with one server, through all its restarts."""
        while not self._is_ending.is_set():
            try:
                _, endpoints, key = self._get(actor.announce.remote())
            except self._ray.exceptions.RayError as error:
                self._trouble = error
                self._is_ending.wait(AGAIN_SECONDS)
                continue
            except InterruptedError:
                return
            entry = enter(self._folder, endpoints, key)
            self._note(self._entries | {entry})
            try:
                self._get(actor.wait.remote())
            except self._ray.exceptions.RayError as error:
                self._trouble = error
            except InterruptedError:
                return
            finally:
                entry.unlink(missing_ok=True)
                self._note(self._entries - {entry})

    def _note(self, entries: set[Path]) -> None:
        with self._news:
            self._entries = entries
            self._news.notify_all()

    def _get(self, reference: Any) -> Any:
        while not self._is_ending.is_set():
            ready, _ = self._ray.wait([reference], timeout=LOOK_SECONDS)
            if ready:
                return self._ray.get(reference)
        raise InterruptedError


def _library() -> Any:
    """Ray.

    Raises:
        UnavailableError: when it is not installed.
    """
    try:
        import ray as library
        import ray.util.scheduling_strategies
    except ImportError as error:
        message = "gem.launch.ray needs Ray: pip install 'gem-llm-node[ray]'."
        raise UnavailableError(message) from error
    return library


def _needs_keys(library: Any) -> bool:
    """Whether any node has an address that other machines can reach."""
    addresses = [node["NodeManagerAddress"] for node in library.nodes() if node["Alive"]]
    return not all(_is_loopback(address) for address in addresses)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _make_keys(folder: Path) -> dict[str, str]:
    """Makes keys for servers and this process; gives the servers' files."""
    keys = folder / "keys"
    command = [find_node(), str(find_entry()), "keys", "new", str(keys), "--client", _CLIENT]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise ServerStartError(f"No keys could be made: {made.stderr.strip()}")
    return {name: (keys / name).read_text(encoding="utf-8") for name in _SERVER_FILES}
