"""Running code that is not trusted."""

from __future__ import annotations

from gem._bridge.not_yet import not_yet_function

_MODULE = "gem.utils.sandbox"

run_python = not_yet_function(_MODULE, "run_python")
