"""GEM: environments for language agents, served by Node.

Importing this package starts nothing; the first environment does.
"""

from __future__ import annotations

from gem._bridge.lazy import submodules
from gem.checking import CheckReport, check_env
from gem.core import Env
from gem.envs.registration import make, make_vec, print_envs, register

__all__ = ["CheckReport", "Env", "check_env", "make", "make_vec", "print_envs", "register"]

__getattr__ = submodules(__name__, "errors", "launch", "multiagent", "tools", "vector", "wrappers")
