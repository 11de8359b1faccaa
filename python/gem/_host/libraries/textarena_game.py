"""One of TextArena's games, played from one seat."""

from __future__ import annotations

import random
from typing import Any

from gem._host.libraries.textarena_faults import GameError
from gem._host.libraries.textarena_library import bare, copy_for_trial, new_game
from gem._host.libraries.textarena_moves import candidates
from gem._host.libraries.textarena_openings import opened
from gem._host.libraries.textarena_opponent import Opponent, has_opponent
from gem._host.libraries.textarena_streams import kept_streams

# More than any opponent needs until it is the player's turn again.
_MOST_REPLIES = 1000


class TextArenaGame:
    """A game for one player; the other seat, where there is one, is an opponent's.

    An episode depends on its seed and on the replies alone: reset seeds the process's generators,
    from which TextArena draws, and the opponent has a generator of its own.
    """

    def __init__(
        self,
        env_id: str,
        *,
        player_id: int = 0,
        opponent: str | list[str] = "random",
        game: dict[str, Any] | None = None,
    ) -> None:
        """Makes the game.

        Args:
            env_id: TextArena's id.
            player_id: the player's seat, 0 or 1, in a game of two.
            opponent: `random`, or what it replies, in turn and over again.
            game: arguments of TextArena's constructor, over those of the id.
        """
        self._env_id = env_id
        self._options = game or {}
        self._env: Any = None
        self._players = 2 if has_opponent(env_id) else 1
        self._player_id = player_id if self._players == 2 else 0
        self._opponent = Opponent(opponent)
        self._seed = 0
        # What was played in this episode; None stands for a reply that TextArena's code failed at.
        self._moves: list[str | None] = []
        new_game(env_id, self._options)

    def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
        """Starts an episode; without a seed, from one drawn from the process's generator."""
        self._seed = random.getrandbits(64) if seed is None else seed
        self._moves = []
        self._begin()
        self._opponent.begin(self._seed)
        self._let_opponents_move()
        return self._messages(), self._info({})

    def step(self, action: str | None) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Plays a reply, and the opponents' until it is the player's turn again."""
        if self._env is None:
            message = "call reset() before step()"
            raise GameError("GEM_RESET_NEEDED", message)
        if self._state.done:
            return "", 0.0, True, self._is_limited(), self._info({})
        errors = self._state.error_count
        given = self._play(action or "")
        invalid = self._state.error_count > errors or self._lost_by_invalid()
        self._let_opponents_move()
        shown = self._messages()
        info = self._info(given, invalid=invalid)
        if not self._state.done:
            return shown, 0.0, False, False, info
        return shown, self._reward(), True, self._is_limited(), info

    def sample_random_action(self) -> str:
        """A move that the rules allow in a game of two, one of the right form in a game for one.

        It is drawn from the seed and what was played, so that a copy of the game draws the same.
        """
        if self._env is None or self._state.done:
            return "[]"
        return self._random_move(random.Random(f"player {self._seed} {len(self._moves)}"))

    @property
    def _state(self) -> Any:
        return bare(self._env).state

    def _begin(self) -> None:
        self._env = opened(self._env_id, self._options, self._players, self._seed)

    def _play(self, action: str) -> dict[str, Any]:
        """Gives TextArena one player's reply; one that its code fails at is an invalid move."""
        unseen = {player: list(messages) for player, messages in self._state.observations.items()}
        try:
            _, given = self._env.step(action)
        except Exception:
            self._replay()
            self._state.observations = unseen
            given = self._refuse()
            self._moves.append(None)
        else:
            self._moves.append(action)
        return dict(given or {})

    def _refuse(self) -> dict[str, Any]:
        self._state.set_invalid_move(reason="The reply cannot be read.")
        _, given = self._state.step()
        return dict(given or {})

    def _replay(self) -> None:
        """Goes back to before the reply that failed: there is no telling what it changed."""
        self._begin()
        for move in self._moves:
            if move is None:
                self._refuse()
            else:
                self._env.step(move)

    def _let_opponents_move(self) -> None:
        for _ in range(_MOST_REPLIES):
            if self._state.done or self._state.current_player_id == self._player_id:
                return
            self._play(self._opponent.reply(self._random_move))
        message = f"TextArena's {self._env_id} gave no turn in {_MOST_REPLIES} replies."
        raise GameError("GEM_ENV_FAULT", message)

    def _random_move(self, dice: random.Random) -> str:
        moves = candidates(self._env_id, bare(self._env), dice)
        dice.shuffle(moves)
        # Trying moves of a game for one would look behind its cards: it may refuse what is wrong.
        if self._players == 1:
            return moves[0]
        return next((move for move in moves if self._is_legal(move)), moves[0])

    def _is_legal(self, move: str) -> bool:
        """Whether a copy of the game takes the move."""
        mover = self._state.current_player_id
        errors = self._state.error_count
        with kept_streams():
            copied = copy_for_trial(self._env)
            try:
                copied.step(move)
            except Exception:
                return False
        state = copied.state
        return state.error_count <= errors and not state.game_info[mover]["invalid_move"]

    def _messages(self) -> str:
        """What the player has not seen yet; its own replies it knows."""
        state = self._state
        messages = state.observations[self._player_id]
        for player in state.observations:
            state.observations[player] = []
        # Some games put a player's number elsewhere in its message; their own messages are right.
        others = [message for message in messages if isinstance(message[0], int)]
        lines = [_line(state, message) for message in others if message[0] != self._player_id]
        return "\n\n".join(text for line in lines if (text := line.strip("\n")))

    def _lost_by_invalid(self) -> bool:
        return bool(self._state.game_info[self._player_id]["invalid_move"])

    def _reward(self) -> float:
        reward = (self._state.rewards or {}).get(self._player_id, 0.0)
        return 0.0 if isinstance(reward, str) else float(reward)

    def _reason(self) -> str:
        """Why the game is over. Cryptarithm gives the reason in place of the reward at times."""
        reward = (self._state.rewards or {}).get(self._player_id)
        if isinstance(reward, str):
            return reward
        return str(self._state.game_info[self._player_id].get("reason") or "")

    def _is_limited(self) -> bool:
        """Whether its limit of turns ended the game; TextArena says so in words only."""
        # Differs from upstream D62: TextArena itself has one flag, done.
        reason = self._reason().lower()
        return "turn limit" in reason or "move limit" in reason

    def _info(self, given: dict[str, Any], *, invalid: bool = False) -> dict[str, Any]:
        state = self._state
        info = {str(key): value for key, value in given.items() if _is_plain(value)}
        info |= {"player_id": self._player_id, "turn": int(state.turn), "invalid_move": invalid}
        if state.done:
            info["reason"] = self._reason()
        return info


def _line(state: Any, message: tuple[int, str, Any]) -> str:
    sender, text, _ = message
    if sender < 0:
        return str(text)
    name = state.role_mapping.get(sender, f"Player {sender}")
    return f"[{name}] {text}"


def _is_plain(value: object) -> bool:
    return value is None or type(value) in (bool, int, float, str)
