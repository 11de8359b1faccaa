"""Names whose feature is not part of this version: importable, subclassed, never used."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from typing import Any

import pytest

import gem
from gem._bridge.not_yet import NOT_YET, NotYet, NotYetObject
from gem.errors import NotYetError
from support import script_environment


def _named(key: str) -> Any:
    module, name = key.split(":")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("key", NOT_YET)
def test_using_a_name_raises_a_sentence_that_names_it(key: str) -> None:
    with pytest.raises(NotYetError) as caught:
        _named(key)("anything", option=1)
    assert key.replace(":", ".") in str(caught.value)
    assert str(caught.value).endswith(".")
    assert isinstance(caught.value, NotImplementedError)


@pytest.mark.parametrize("key", [key for key in NOT_YET if key.split(":")[1][0].isupper()])
def test_a_class_can_be_subclassed_but_not_instantiated(key: str) -> None:
    class Own(_named(key)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()

    with pytest.raises(NotYetError, match=key.split(":")[1]):
        Own()


def test_the_table_lists_every_such_class_and_nothing_else() -> None:
    found = set()
    for module in pkgutil.walk_packages(gem.__path__, "gem."):
        if module.name.startswith("gem._bridge"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            is_class = inspect.isclass(value) and issubclass(value, NotYet)
            is_function = inspect.isfunction(value) and "not part of" in (value.__doc__ or "")
            if ((is_class or is_function) and value.__module__ == module.name) or isinstance(
                value, NotYetObject
            ):
                found.add(f"{module.name}:{name}")
    assert found == {key for key in NOT_YET}


def test_the_environments_and_wrappers_among_them_are_such() -> None:
    assert issubclass(_named("gem.envs.math_env:MathEnv"), gem.Env)
    assert issubclass(
        _named("gem.envs.math_visual_env:MathVisualEnv"),
        _named("gem.envs.math_env:MathEnv"),
    )
    assert issubclass(_named("gem.tools.mcp_tool:MCPTool"), gem.tools.base_tool.BaseTool)


@pytest.mark.parametrize(
    "module",
    [
        "gem.tools.mcp_server.time_mcp",
    ],
)
def test_a_module_says_so_in_one_sentence_when_it_is_run(module: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", module],
        env=script_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "is not part of this version" in result.stderr
    assert "Traceback" not in result.stderr
