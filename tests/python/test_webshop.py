"""The web shop through the bridge, with a shop that the command makes."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path

import pytest

import gem
from gem.envs.webshop_env import WebshopEnv
from gem.errors import InvalidOptionError, UnavailableError
from support import ENTRY

PRODUCTS = [
    {
        "asin": f"B{number}",
        "Title": f"Acme {thing} {number}",
        "Description": "",
        "BulletPoints": ["easy to clean"],
        "Price": f"${number + 5}.00",
        "options": {"Color": ["Red", "Blue"]},
        "Attributes": ["easy to clean"],
        "query": thing,
    }
    for number, thing in enumerate(["lamp", "shoes", "kettle"] * 4)
]
GOALS = [
    {
        "asin": "B0",
        "instruction_text": "i want a lamp that is easy to clean, in red",
        "attributes": ["easy to clean"],
        "goal_options": ["red"],
        "price_upper": 20.0,
    }
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a shop."""
    folder = tmp_path_factory.mktemp("shop")
    for name, rows in (("products", PRODUCTS), ("goals", GOALS)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    goals = str(folder / "goals.jsonl")
    command = ["node", ENTRY, "webshop", "build", "--products", str(folder / "products.jsonl")]
    places = ["--train", goals, "--test", goals, "--folder", str(folder)]
    told = subprocess.run([*command, *places], capture_output=True, text=True, check=True)
    assert "12 products, 1 goals to train with" in told.stderr
    return folder


def test_a_purchase_that_fits_earns_one(shop: Path) -> None:
    env = gem.make("webshop:train-text_rich", data_folder=str(shop), seed=3)
    assert isinstance(env, WebshopEnv)
    observation, info = env.reset()
    assert observation == "WebShop\n[button] Search [button_]"
    assert "in red" in info["prefix"]
    assert "search[<your query>]" in info["suffix"]
    for action in ("search[acme lamp]", "click[b0]", "click[red]"):
        _, reward, terminated, truncated, info = env.step(f"\\boxed{{{action}}}")
        assert (reward, terminated, truncated) == (0.0, False, False)
        assert info["parsed_action"] == action
    fork = copy.deepcopy(env)
    assert env.step("\\boxed{click[buy now]}")[1:4] == (1.0, True, False)
    fork.step("\\boxed{click[blue]}")
    assert fork.step("\\boxed{click[buy now]}")[1] == pytest.approx(2 / 3)


def test_all_ids_are_there_in_upstreams_order() -> None:
    from gem._bridge.server import client

    listed = [entry[0] for entry in client().place(0).call("list", [])]
    assert [name for name in listed if name.startswith("webshop:")] == [
        f"webshop:{split}-{mode}"
        for mode in ("html", "text", "text_rich")
        for split in ("train", "test")
    ]


def test_vectors_of_shops_step_together(shop: Path) -> None:
    vec = gem.make_vec(["webshop:test-text"] * 4, data_folder=str(shop), wrappers=[])
    vec.reset(seed=1)
    observations, rewards, *_ = vec.step(["\\boxed{search[shoes]}"] * 3 + ["nothing"])
    assert all("Total results: 4" in text for text in observations[:3])
    assert rewards.tolist() == [0.0, 0.0, 0.0, -0.1]


def test_the_class_takes_upstreams_options(shop: Path) -> None:
    env = WebshopEnv("url", "test", 5, session="me", session_prefix="x", data_folder=shop)
    assert env.reset()[0] == "http://127.0.0.1:3000/xme"
    assert env.reset(session=0)[0].endswith("x0")
    with pytest.raises(InvalidOptionError, match="observation_mode"):
        WebshopEnv("sound")


def test_without_a_shop_the_error_names_the_command(tmp_path: Path) -> None:
    env = gem.make("webshop:train-text", data_folder=str(tmp_path))
    with pytest.raises(UnavailableError, match="gem webshop build"):
        env.reset()
