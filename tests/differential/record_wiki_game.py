"""Records games of upstream's WikiGame into `tests/fixtures/wiki-game.json`.

`wiki-game.test.ts` replays them here. The released gem-llm has no WikiGame, so this needs a
checkout of upstream, and a Python with gem-llm's requirements, pywikiapi, bs4 and requests:

    GEM_SRC=path/to/upstream python tests/differential/record_wiki_game.py

Nothing asks the network: pages come from a graph. What is recorded are titles, numbers, flags and
actions.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, os.environ["GEM_SRC"])

with contextlib.redirect_stdout(io.StringIO()):
    from gem.envs.game_env.wikigame.backend import BaseWikiTrawler
    from gem.envs.game_env.wikigame.wikipage import WikipediaPage

    from gem.envs.game_env.wikigame import WikiGameEnv

OUT = Path(__file__).parent.parent / "fixtures" / "wiki-game.json"
VARIANTS = ("noregrets", "oneback", "freenav", "eidetic")
SEEDS = 36
STEPS = 14
SIZE = 24
BACK = "\\boxed{<PREV_PAGE>}"


def links_of(k: int) -> list[str]:
    """Links of page k; every seventh page has none, and none leads to a page that is not there."""
    if k % 7 == 6:
        return []
    return [f"P{(k * m + m) % SIZE}" for m in (1, 2, 3, 5)]


GRAPH = {f"P{k}": list(dict.fromkeys(links_of(k))) for k in range(SIZE)}


class Graph(BaseWikiTrawler):
    """Pages of the graph; random ones have links."""

    def __init__(self, **_: Any) -> None:
        """Starts at a seed that the recorder sets."""
        super().__init__(url="graph:")
        self.draws = random.Random(0)

    def _direct_query(self, page_name: str) -> Any:
        raise NotImplementedError

    _search_query = _direct_query

    def get_page(self, page_name: str) -> WikipediaPage:
        """The page with a title."""
        return WikipediaPage(page_name, page_name, f"Page {page_name}.", list(GRAPH[page_name]))

    def random(self) -> WikipediaPage:
        """A page with links."""
        return self.get_page(self.draws.choice([title for title in GRAPH if GRAPH[title]]))


WikiGameEnv.VALID_BACKENDS["graph"] = Graph

MALFORMED = (
    "",
    "no box",
    "\\boxed{}",
    "\\boxed {P1}",
    "\\boxed{P1} \\boxed{P2",
    "\\boxed{P1} \\boxed",
    "\\fbox{P1}",
    "\\boxed}{P1}",
    "\\boxed{{P1}",
)


def action(env: Any, draws: random.Random) -> str:
    """A reply: mostly a link, sometimes back, wrong, nested, malformed, or the target."""
    kind = draws.randrange(20)
    links = env.current_page.links
    seen = sorted({link for page in env.page_history for link in page.links})
    if kind < 3:
        return BACK
    if kind in (3, 18, 19):
        return draws.choice(MALFORMED)
    if kind == 4:
        return "\\boxed{" + draws.choice(("Nowhere", "p1", " P1", "P{1}", "{P1}", "P1 ")) + "}"
    if kind == 5:
        return "\\boxed{" + draws.choice(list(GRAPH)) + "}"
    if kind < 8 and seen:
        return "\\boxed{" + draws.choice(seen) + "}"
    if env.target_page.title in links and kind < 17:
        return "\\fbox{x} \\boxed{X} so \\boxed{" + env.target_page.title + "} end"
    return "\\boxed{" + draws.choice(links) + "}" if links else BACK


def run(variant: str, seed: int) -> dict[str, Any]:
    """One game, played on after its end as well."""
    turns = (4, 7, 10)[seed % 3]
    env = WikiGameEnv(backend="graph", variant=variant, max_turns=turns)
    env.trawler.draws.seed(1000 * VARIANTS.index(variant) + seed)
    if variant == "eidetic":
        # What the constructor's own episode has left there is a defect that is not reproduced.
        env.dynamics.perfect_memory.clear()
    env.reset(seed)
    if variant == "eidetic":
        env.dynamics.perfect_memory.intersection_update(env.current_page.links)
    draws = random.Random(seed)
    steps = []
    for _ in range(STEPS):
        reply = action(env, draws)
        _, reward, terminated, truncated, info = env.step(reply)
        assert list(info) == ["suffix"]
        history = " ".join(page.title for page in env.page_history)
        flags = f"{int(terminated)}{int(truncated)}{int(env.backtracked)}"
        steps.append([reply, reward, flags, env.turn_count, env.current_page.title, history])
    pages = [env.start_page.title, env.target_page.title]
    return {"variant": variant, "turns": turns, "pages": pages, "steps": steps}


def main() -> None:
    """Records all variants."""
    with contextlib.redirect_stdout(io.StringIO()):
        runs = [run(variant, seed) for variant in VARIANTS for seed in range(SEEDS)]
    graph = json.dumps(GRAPH)
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in runs)
    OUT.write_text(f'{{"graph":{graph},\n"runs":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
