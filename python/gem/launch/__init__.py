"""Starting several servers for this process: on this machine, or by Ray on the nodes it has.

Launchers start servers and say where they are; the trainer talks to the servers directly.
"""

from __future__ import annotations

from gem.launch.folder import Servers
from gem.launch.local_servers import local
from gem.launch.ray_servers import ray

__all__ = ["Servers", "local", "ray"]
