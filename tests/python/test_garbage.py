"""Garbage collection: what nobody uses any more is released at the server and here."""

from __future__ import annotations

from support import run_lines


def test_dropped_environments_and_objects_are_released() -> None:
    lines = run_lines(
        """
import gc, weakref
from sample_envs import ChatTokenizer, CountingEnv
from gem.wrappers.wrapper_factory import get_wrapper_fns
from gem.vector.sync_vector_env import SyncVectorEnv
tokenizer, python_env = ChatTokenizer(), CountingEnv()
watched = [weakref.ref(tokenizer), weakref.ref(python_env)]
(wrap,) = get_wrapper_fns("concat_chat", tokenizer)
vector = SyncVectorEnv(["x"] * 2, [lambda: python_env, lambda: wrap(gem.make(ID))])
vector.reset()
worker = vector.envs[1]._gem.worker
numbers = [vector.envs[1]._gem.handle.number, vector._gem_members.blocks[0].handle.number]
del vector, tokenizer, python_env, wrap
gc.collect()
say([reference() for reference in watched])
worker.call("list", [])
calls = ("step", [numbers[0], 0, "x"]), ("vector_step", [numbers[1], ["x"], None])
for method, params in calls:
    try: worker.call(method, params)
    except UnknownHandleError: say("released")
"""
    )
    assert lines == ["[None, None]", "released", "released"]
