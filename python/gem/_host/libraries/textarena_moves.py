"""Replies of the right form for each game, for opponents and players that play at random.

They need not all be allowed: whoever plays them tries them on a copy of the game.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable
from typing import Any

from gem._host.libraries.textarena_library import game_name

Starts = list[tuple[int, int]]
Moves = Callable[[Any, random.Random], Iterable[str]]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What is drawn at random where all there are would be too many to try.
_DRAWN = 64


def candidates(env_id: str, env: Any, dice: random.Random) -> list[str]:
    """At least one reply for the player whose turn it is, in no particular order."""
    name = game_name(env_id)
    moves = ONE_PLAYER.get(name) or TWO_PLAYERS[name]
    return list(moves(env, dice)) or ["[]"]


def _fixed(*moves: str) -> Moves:
    return lambda _env, _dice: [f"[{move}]" for move in moves]


def _numbers(first: int, last: int, form: str = "[{}]") -> Moves:
    return lambda _env, _dice: [form.format(number) for number in range(first, last + 1)]


def _cells(rows: int, columns: int, form: str = "[{} {}]") -> list[str]:
    return [form.format(*cell) for cell in itertools.product(range(rows), range(columns))]


def _square(column: int, row: int) -> str:
    return f"{_LETTERS[column].lower()}{row + 1}"


def _paths(size: int, steps: Iterable[tuple[int, int]], starts: Starts, form: str) -> list[str]:
    """Every step from some squares that stays on a board."""
    return [
        form.format(_square(x, y), _square(x + dx, y + dy))
        for x, y in starts
        for dx, dy in steps
        if 0 <= x + dx < size and 0 <= y + dy < size
    ]


def _ring(*distances: int) -> list[tuple[int, int]]:
    """Straight and diagonal steps of some distances."""
    directions = [step for step in itertools.product((-1, 0, 1), repeat=2) if step != (0, 0)]
    return [(x * far, y * far) for x, y in directions for far in distances]


def _own(env: Any, pieces: tuple[str, str]) -> Starts:
    """Column and row of each square with a piece of the player whose turn it is."""
    mine = pieces[env.state.current_player_id]
    board = env.state.game_state["board"]
    squares = itertools.product(range(len(board)), repeat=2)
    return [(column, row) for row, column in squares if (board[row][column] or " ") in mine]


def _alquerque(env: Any, _dice: random.Random) -> list[str]:
    # Row 0 is at the top, where the highest number is.
    starts = [(column, 4 - row) for column, row in _own(env, ("R", "B"))]
    return _paths(5, _ring(1, 2), starts, "[{} {}]")


def _breakthrough(env: Any, _dice: random.Random) -> list[str]:
    steps = [(x, y) for x in (-1, 0, 1) for y in (-1, 1)]
    return _paths(env.board_size, steps, _own(env, ("W", "B")), "[{}{}]")


def _lines_of_action(env: Any, _dice: random.Random) -> list[str]:
    starts = [(column, 7 - row) for column, row in _own(env, ("O", "X"))]
    return _paths(8, _ring(*range(1, 8)), starts, "[{}{}]")


def _checkers(env: Any, _dice: random.Random) -> list[str]:
    steps = [(x * far, y * far) for x in (-1, 1) for y in (-1, 1) for far in (1, 2)]
    starts = _own(env, ("rR", "bB"))
    return [f"[{row} {c} {row + y} {c + x}]" for c, row in starts for x, y in steps]


def _blotto(env: Any, dice: random.Random) -> list[str]:
    fields = [field["name"] for field in env.state.game_state["fields"]]
    soldiers = env.num_total_units
    found = []
    for _ in range(_DRAWN):
        cuts = sorted(dice.randint(0, soldiers) for _ in fields[1:])
        shares = [b - a for a, b in itertools.pairwise([0, *cuts, soldiers])]
        found.append("[" + ", ".join(map("{}:{}".format, fields, shares)) + "]")
    return found


def _golf(env: Any, _dice: random.Random) -> list[str]:
    places = itertools.product(range(1, env.num_rows + 1), range(1, env.num_columns + 1))
    swaps = [f"[swap {row} {column}]" for row, column in places]
    return ["[draw]", "[take]", "[discard]", "[knock]", *swaps]


def _betting(*amounts: int) -> Moves:
    raises = [f"{word} {amount}" for word in ("bet", "raise") for amount in amounts]
    return _fixed("check", "call", "fold", *raises)


def _liars_dice(env: Any, dice: random.Random) -> list[str]:
    bid, most = env.state.game_state["current_bid"], 2 * env.num_dice
    quantity = int(bid.get("quantity", 0))
    more = [
        f"[Bid: {n}, {face}]" for n in range(max(quantity, 1), most + 1) for face in range(1, 7)
    ]
    return ["[Call]"] if quantity and dice.random() < quantity / most else more or ["[Call]"]


def _nim(env: Any, _dice: random.Random) -> list[str]:
    piles = env.state.game_state["piles"]
    return [f"[{pile} {n}]" for pile, left in enumerate(piles) for n in range(1, left + 1)]


def _memory(env: Any, _dice: random.Random) -> list[str]:
    size = env.grid_size
    cells = list(itertools.product(range(size), repeat=2))
    return [f"[{a} {b} {c} {d}]" for (a, b), (c, d) in itertools.combinations(cells, 2)]


def _ultimatum(env: Any, _dice: random.Random) -> list[str]:
    return ["[Accept]", "[Reject]", *(f"[Offer: ${n}]" for n in range(env.pool + 1))]


def _chess(env: Any, _dice: random.Random) -> list[str]:
    return [f"[{move.uci()}]" for move in env.state.game_state["board"].legal_moves]


TWO_PLAYERS: dict[str, Moves] = {
    "Alquerque": _alquerque,
    "Battleship": lambda env, _dice: [
        f"[{_LETTERS[row]}{column}]"
        for row, column in itertools.product(range(env.grid_size), repeat=2)
    ],
    "Breakthrough": _breakthrough,
    "Briscola": _numbers(1, 3, "[play {}]"),
    "Checkers": _checkers,
    "Chess": _chess,
    "Chopsticks": _fixed(
        *(f"attack {a} {b}" for a in (0, 1) for b in (0, 1)),
        *(f"split {a} {b}" for a in range(5) for b in range(5)),
    ),
    "ColonelBlotto": _blotto,
    "ConnectFour": lambda env, _dice: [f"[{column}]" for column in range(env.num_cols)],
    "Crusade": lambda env, _dice: env._legal_moves_for_player(env.state.current_player_id),
    "GameOfPureStrategy": _fixed("A", *map(str, range(2, 11)), "J", "Q", "K"),
    "GermanWhist": _numbers(1, 13, "[play {}]"),
    "Golf": _golf,
    "HighSociety": _numbers(1, 11),
    "IndianPoker": _betting(1, 2, 5, 10),
    "IteratedMatchingPennies": _fixed("heads", "tails"),
    "IteratedPrisonersDilemma": _fixed("Cooperate", "Defect"),
    "IteratedRockPaperScissors": _fixed("rock", "paper", "scissors"),
    "IteratedStagHunt": _fixed("Stag", "Hare"),
    "IteratedTwoThirdsAverage": _numbers(0, 100),
    "IteratedUltimatumGame": _ultimatum,
    "KuhnPoker": _fixed("check", "bet", "call", "fold"),
    "LiarsDice": _liars_dice,
    "LinesOfAction": _lines_of_action,
    "MemoryGame": _memory,
    "Nim": _nim,
    "Othello": lambda env, _dice: _cells(env.N, env.N, "[{}, {}]"),
    "PigDice": _fixed("roll", "hold"),
    "Poker": _betting(20, 40, 80),
    "QuantumTicTacToe": lambda _env, _dice: [
        f"[{a},{b}]" for a, b in itertools.combinations(range(9), 2)
    ],
    "ReverseTicTacToe": _numbers(0, 8),
    "Santorini": lambda env, _dice: env._get_valid_moves(env.state.current_player_id).split(", "),
    "SimpleTak": lambda env, _dice: [f"[{cell}]" for cell in range(env.board_size**2)],
    "Snake": _fixed("up", "down", "left", "right"),
    "Surround": _fixed("up", "down", "left", "right"),
    "TicTacToe": _numbers(0, 8),
    "UltimateTicTacToe": lambda _env, _dice: _cells(9, 9),
    "WildTicTacToe": _fixed(*(f"{mark} {cell}" for mark in "XO" for cell in range(9))),
}


def _countdown(env: Any, _dice: random.Random) -> list[str]:
    pairs = itertools.permutations(range(len(env.numbers)), 2)
    return [f"[{a} {b} {sign}]" for a, b in pairs for sign in "+-*/"]


def _drawn(draw: Callable[[Any, random.Random], str]) -> Moves:
    return lambda env, dice: [draw(env, dice) for _ in range(_DRAWN)]


def _crosswords(env: Any, dice: random.Random) -> str:
    board = env.state.game_state["board"]
    row = dice.randrange(len(board))
    return f"[{row} {dice.randrange(len(board[row]))} {dice.choice(_LETTERS)}]"


def _logic_puzzle(env: Any, _dice: random.Random) -> list[str]:
    return [
        f"[{row} {column} {mark}]"
        for grid in env.state.game_state["board"].values()
        for row, cells in grid.items()
        for column in cells
        for mark in "XO"
    ]


def _mastermind(env: Any, dice: random.Random) -> str:
    numbers = range(1, env.num_numbers + 1)
    draw = dice.choices(numbers, k=env.code_length)
    if not env.duplicate_numbers:
        draw = dice.sample(numbers, env.code_length)
    return "[" + " ".join(map(str, draw)) + "]"


def _word_ladder(env: Any, _dice: random.Random) -> list[str]:
    word = env.current_word
    return [
        f"[{word[:i]}{letter}{word[i + 1 :]}]"
        for i in range(len(word))
        for letter in _LETTERS.lower()
        if letter != word[i]
    ]


def _word_search(env: Any, dice: random.Random) -> str:
    board = env.state.game_state["board"]
    row, column = dice.randrange(len(board)), dice.randrange(len(board[0]))
    length = dice.randint(2, 7)
    end = (row + length, column) if dice.random() < 0.5 else (row, column + length)
    return f"[{row} {column} {end[0]} {end[1]}]"


_DIRECTIONS = _fixed("up", "down", "left", "right")

ONE_PLAYER: dict[str, Moves] = {
    "Bandit": lambda env, _dice: [f"[{button}]" for button in env.buttons],
    "Blackjack": _fixed("hit", "stand"),
    "Countdown": _countdown,
    "Crosswords": _drawn(_crosswords),
    "Cryptarithm": lambda env, _dice: [f"[{a} {n}]" for a in env.letters for n in range(10)],
    "FifteenPuzzle": _DIRECTIONS,
    "FrozenLake": _DIRECTIONS,
    "Game2048": _DIRECTIONS,
    "GuessTheNumber": lambda env, _dice: [
        f"[{number}]" for number in range(env.min_number, env.max_number + 1)
    ],
    "Hangman": _fixed(*_LETTERS),
    "LightsOut": lambda env, _dice: _cells(env.size, env.size),
    "LogicPuzzle": _logic_puzzle,
    "Mastermind": _drawn(_mastermind),
    "Minesweeper": lambda env, _dice: _cells(env.rows, env.cols),
    "PegJump": lambda _env, _dice: [
        f"[{a} {b}]" for a, b in itertools.permutations(range(1, 16), 2)
    ],
    "RushHour": lambda env, _dice: [
        f"[{car}{sign}]" for car in env.state.game_state["vehicles"] for sign in "+-"
    ],
    "Secretary": _fixed("accept", "continue"),
    "Set": lambda env, _dice: [
        f"[{a}, {b}, {c}]"
        for a, b, c in itertools.combinations(range(1, len(env.state.game_state["board"]) + 1), 3)
    ],
    "Slitherlink": lambda env, _dice: [
        *_cells(env.R + 1, env.C, "[h {} {}]"),
        *_cells(env.R, env.C + 1, "[v {} {}]"),
    ],
    "Sokoban": _DIRECTIONS,
    "Sudoku": lambda _env, _dice: [
        f"[{row} {column} {number}]"
        for row, column, number in itertools.product(range(1, 10), repeat=3)
    ],
    "ThreeCardMonte": lambda env, _dice: [f"[{cup}]" for cup in range(env.num_cups)],
    "TowerOfHanoi": _fixed(*(f"{a} {b}" for a, b in itertools.permutations("ABC", 2))),
    "UltimateTexasHoldem": lambda env, _dice: [
        f"[{action}]" for action in env.state.game_state["legal_actions"]
    ],
    "WordLadder": _word_ladder,
    "WordSearch": _drawn(_word_search),
    "Wordle": lambda env, _dice: [f"[{word}]" for word in env.word_list],
}
