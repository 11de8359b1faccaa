"""TextArena's games in their host's Python, without a server."""

from __future__ import annotations

import itertools
import json
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from library_process import LibraryError, LibraryProcess, interpreter

# Words in NLTK's form: enough of each length for all games but ladders.
WORDS = [
    *(f"{a}{b}at" for a, b in itertools.product(string.ascii_lowercase, "aeiou")),
    *(f"{a}{b}ing" for a, b in itertools.product("bcdfg", "aeiou")),
    *(f"{a}{b}nging" for a, b in itertools.product("bcdfg", "aeiou")),
]
TAGGER = "averaged_perceptron_tagger_eng"
# Boards of these take up to a minute to make.
SLOW = {"Sokoban-v0-medium"}
# Their files can be read by Python 3.12 and later.
NEW = {"Checkers", "Chess", "IteratedStagHunt", "ReverseTicTacToe", "UltimateTexasHoldem"}
GARBAGE = ["", "[", "]]", "[[[", f"[{10**21}]", "[-1 -1]", "[²]", "\x00", "[1/0]", "[%]"]


@pytest.fixture(scope="module")
def nltk_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nltk")
    words = folder / "corpora" / "words"
    words.mkdir(parents=True)
    for name in ("en", "en-basic"):
        (words / name).write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    tagger = folder / "taggers" / TAGGER
    tagger.mkdir(parents=True)
    parts = {"weights": {}, "tagdict": dict.fromkeys(WORDS, "NN"), "classes": ["NN"]}
    for name, content in parts.items():
        (tagger / f"{TAGGER}.{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def library(nltk_data: Path) -> Iterator[LibraryProcess]:
    with LibraryProcess("textarena", NLTK_DATA=str(nltk_data)) as process:
        yield process


@pytest.fixture(scope="module")
def catalogue(library: LibraryProcess) -> Any:
    return library.run("catalogue")


@pytest.fixture(scope="module")
def playable(catalogue: Any) -> list[str]:
    left_out = {"WordLadder"} | (set() if has_new_python() else NEW)
    return [
        env_id
        for env_id, game in catalogue["ids"].items()
        if env_id not in SLOW and game not in left_out
    ]


def has_new_python() -> bool:
    code = "import sys; sys.exit(sys.version_info < (3, 12))"
    return subprocess.run([interpreter("textarena"), "-c", code], check=False).returncode == 0


def test_there_are_one_and_two_player_games(catalogue: Any) -> None:
    players = [game["players"] for game in catalogue["games"].values()]
    assert players.count(1) == 27
    assert players.count(2) == 38
    assert catalogue["games"]["GuessTheNumber"]["options"] == [
        "min_number",
        "max_number",
        "max_turns",
    ]


def test_the_same_seed_is_the_same_episode_beside_a_neighbour(
    library: LibraryProcess, playable: list[str]
) -> None:
    neighbour = library.make("Blackjack-v0", seed=9)
    neighbour.reset(4)
    different = []
    for env_id in playable:
        alone = library.make(env_id, seed=1).episode(7)
        actions = [step[0] for step in alone[1:]]
        beside = library.make(env_id, seed=2)
        beside.reset(1)
        shown = [beside.reset(7)]
        for action in actions:
            neighbour.step("[hit]")
            shown.append([action, *beside.step(action)])
        if shown != alone:
            different.append(env_id)
    assert different == []


def test_without_a_seed_the_objects_stream_says_what_comes(library: LibraryProcess) -> None:
    first, second = (library.make("Mastermind-v0", seed=5) for _ in range(2))
    for _ in range(3):
        first.reset()
        second.reset()
        actions = ["[1 2 3 4]", "[3 4 5 6]", "[6 5 2 1]"]
        assert [first.step(a) for a in actions] == [second.step(a) for a in actions]


def test_garbage_never_raises_and_loses_after_two_invalid_moves(
    library: LibraryProcess, playable: list[str]
) -> None:
    for env_id in playable:
        env = library.make(env_id)
        env.reset(3)
        for garbage in [*GARBAGE, None]:
            observation, reward, terminated, truncated, info = env.step(garbage)
            assert isinstance(observation, str)
            assert isinstance(reward, float)
            assert {type(terminated), type(truncated)} == {bool}
            assert isinstance(info["invalid_move"], bool)


def test_random_players_make_no_invalid_moves_against_random_opponents(
    library: LibraryProcess, catalogue: Any, playable: list[str]
) -> None:
    games = catalogue["games"]
    # The others have positions without a move that TextArena takes.
    duels = [i for i in playable if games[catalogue["ids"][i]]["players"] == 2]
    refused = [
        env_id
        for env_id in duels
        if any(step[5]["invalid_move"] for step in library.make(env_id).episode(11, limit=6)[1:])
    ]
    assert refused == []


def test_every_seat_can_be_played(library: LibraryProcess) -> None:
    first = library.make("TicTacToe-v0", player_id=0, opponent=["[0]", "[1]", "[2]"])
    observation, info = first.reset(1)
    assert "You are Player 0" in observation
    assert info == {"player_id": 0, "turn": 0, "invalid_move": False}
    second = library.make("TicTacToe-v0", player_id=1, opponent=["[0]", "[1]", "[2]"])
    observation, info = second.reset(1)
    assert "You are Player 1" in observation
    assert "[Player 0] [0]" in observation
    assert info["turn"] == 1
    assert second.step("[4]")[1:3] == [0.0, False]
    assert second.step("[5]")[1:4] == [-1.0, True, False]


def test_a_win_earns_1(library: LibraryProcess) -> None:
    env = library.make("TicTacToe-v0", opponent=["[0]", "[1]", "[7]"])
    env.reset(1)
    assert [env.step(move)[1:4] for move in ("[4]", "[5]", "[3]")] == [
        [0.0, False, False],
        [0.0, False, False],
        [1.0, True, False],
    ]


def test_an_opponent_that_breaks_the_rules_loses(library: LibraryProcess) -> None:
    env = library.make("TicTacToe-v0", opponent=["nonsense"])
    env.reset(1)
    _, reward, terminated, truncated, info = env.step("[4]")
    assert [reward, terminated, truncated, info["invalid_move"]] == [1.0, True, False, False]


def test_the_first_invalid_move_is_told_and_the_second_ends_the_game(
    library: LibraryProcess,
) -> None:
    env = library.make("GuessTheNumber-v0")
    env.reset(2)
    observation, *rest, info = env.step("what?")
    assert "invalid move" in observation
    assert [*rest, info["invalid_move"]] == [0.0, False, False, True]
    _, _, terminated, truncated, info = env.step("again?")
    assert [terminated, truncated, info["invalid_move"]] == [True, False, True]
    assert "Invalid Move" in info["reason"]


def test_the_turn_limit_truncates(library: LibraryProcess) -> None:
    env = library.make("GuessTheNumber-v0", game={"max_number": 1000, "max_turns": 2})
    env.reset(2)
    steps = [env.step(f"[{guess}]") for guess in (1, 1000, 2)]
    assert [step[2:4] for step in steps] == [[False, False], [False, False], [True, True]]
    assert 0.0 < steps[-1][1] < 1.0


def test_after_the_end_nothing_changes(library: LibraryProcess) -> None:
    env = library.make("ThreeCardMonte-v0")
    env.reset(2)
    ended = env.step("[0]")
    assert ended[2]
    again = env.step("[1]")
    assert again[:4] == ["", 0.0, True, False]
    assert again[4]["reason"] == ended[4]["reason"]


def test_towers_are_solved_for_1(library: LibraryProcess) -> None:
    moves = ["[A C]", "[A B]", "[C B]", "[A C]", "[B A]", "[B C]", "[A C]"]
    last = library.make("TowerOfHanoi-v0").episode(1, moves)[-1]
    assert last[2:5] == [1.0, True, False]


def test_missing_words_are_a_fault_that_says_how_to_provide_them(tmp_path: Path) -> None:
    environment = {"NLTK_DATA": str(tmp_path), "HOME": str(tmp_path)}
    with LibraryProcess("textarena", **environment) as library:
        for env_id, missing in (
            ("Hangman-v0", "words"),
            ("WordLadder-v0", "words"),
            ("Wordle-v0", TAGGER),
        ):
            with pytest.raises(LibraryError) as raised:
                library.make(env_id)
            assert raised.value.code == "GEM_UNAVAILABLE"
            assert f'"{missing}" is missing' in raised.value.message
            assert "NLTK_DATA" in raised.value.message


def test_games_for_a_newer_python_say_so(library: LibraryProcess, catalogue: Any) -> None:
    ids = [env_id for env_id, game in catalogue["ids"].items() if game in NEW]
    assert len(ids) == 9
    for env_id in ids:
        if has_new_python():
            library.make(env_id)
            continue
        with pytest.raises(LibraryError, match=r"needs Python 3\.12") as raised:
            library.make(env_id)
        assert raised.value.code == "GEM_UNAVAILABLE"


@pytest.mark.parametrize(
    ("env_id", "options", "code"),
    [
        ("Nothing-v0", {}, "GEM_UNKNOWN_ENV"),
        ("TicTacToe-v0", {"opponent": "clever"}, "GEM_INVALID_OPTION"),
        ("TicTacToe-v0", {"opponent": [1]}, "GEM_INVALID_OPTION"),
        ("GuessTheNumber-v0", {"game": {"levels": 3}}, "GEM_INVALID_OPTION"),
        ("Othello-v0", {"game": {"board_size": 7}}, "GEM_INVALID_OPTION"),
    ],
)
def test_what_does_not_fit_is_refused(
    library: LibraryProcess, env_id: str, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(LibraryError) as raised:
        library.make(env_id, **options)
    assert raised.value.code == code
