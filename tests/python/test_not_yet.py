"""Names whose feature is not part of this version: importable, subclassed, never used."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

import gem
from gem._bridge.not_yet import NOT_YET, NotYet
from gem.errors import NotYetError
from support import own_modules


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
    for module_name in own_modules():
        if module_name.startswith("gem._bridge"):
            continue
        for name, value in vars(importlib.import_module(module_name)).items():
            is_class = inspect.isclass(value) and issubclass(value, NotYet)
            is_function = inspect.isfunction(value) and "not part of" in (value.__doc__ or "")
            if (is_class or is_function) and value.__module__ == module_name:
                found.add(f"{module_name}:{name}")
    assert found == {key for key in NOT_YET}


def test_the_environments_and_wrappers_among_them_are_such() -> None:
    assert issubclass(_named("gem.envs.math_env:MathEnv"), gem.Env)
    assert issubclass(
        _named("gem.envs.math_visual_env:MathVisualEnv"),
        _named("gem.envs.math_env:MathEnv"),
    )
