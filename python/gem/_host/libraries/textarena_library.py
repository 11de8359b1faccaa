"""TextArena itself: imported when first needed, and without a network."""

from __future__ import annotations

import copy
import functools
import importlib
import json
from typing import Any

from gem._host.libraries.textarena_faults import (
    GameError,
    UnavailableError,
    forbid_downloads,
    missing_data,
)
from gem._host.libraries.textarena_streams import kept_streams, seed_streams

# Larger containers are word lists and the like, which games only read: copies share them.
_SHARED_SIZE = 256


@functools.cache
def textarena() -> Any:
    """The library, whose games ask NLTK to fetch data as they are imported."""
    forbid_downloads()
    library = importlib.import_module("textarena")
    words: Any = importlib.import_module("textarena.envs.utils.word_lists")
    # Reading the dictionaries takes a second, and every game with words wants them.
    words.EnglishDictionary = functools.cache(words.EnglishDictionary)
    return library


def specs() -> dict[str, Any]:
    """TextArena's registrations by id."""
    textarena()
    registry: dict[str, Any] = importlib.import_module("textarena.envs.registration").ENV_REGISTRY
    return registry


def game_name(env_id: str) -> str:
    """The folder of TextArena that a game's rules are in.

    Raises:
        GameError: when TextArena registers no such id.
    """
    spec = specs().get(env_id)
    if spec is None:
        message = f'TextArena has no environment "{env_id}".'
        raise GameError("GEM_UNKNOWN_ENV", message)
    return str(spec.entry_point).split(".")[2]


def new_game(env_id: str, options: dict[str, Any]) -> Any:
    """A game as its constructor leaves it.

    Raises:
        GameError: when data or a newer Python is missing, or an option does not fit.
    """
    template = _template(env_id, json.dumps(options, sort_keys=True))
    return copy.deepcopy(template, shared_parts(template))


@functools.lru_cache(maxsize=512)
def _template(env_id: str, options_text: str) -> Any:
    options = json.loads(options_text)
    game_name(env_id)
    with kept_streams():
        # What a constructor draws is the same for everybody; what matters is drawn at reset.
        seed_streams(0)
        try:
            return textarena().make(env_id, **options)
        except GameError:
            raise
        except SyntaxError as error:
            message = (
                f"TextArena's {env_id} needs Python 3.12; GEM_HOST_PYTHON_TEXTARENA can name one."
            )
            raise UnavailableError(message) from error
        except LookupError as error:
            raise missing_data(str(getattr(error, "resource", "words"))) from error
        except (ImportError, FileNotFoundError) as error:
            message = f"TextArena's {env_id} cannot be made: {error}"
            raise UnavailableError(message) from error
        except (TypeError, ValueError, AssertionError) as error:
            message = f"TextArena's {env_id} refuses {options}: {error}"
            raise GameError("GEM_INVALID_OPTION", message) from error


def bare(env: Any) -> Any:
    """A game without TextArena's wrappers."""
    while hasattr(env, "env"):
        env = env.env
    return env


def shared_parts(env: Any) -> dict[int, Any]:
    """A memo for `deepcopy` that keeps what games only read: dictionaries and large collections."""
    return {id(part): part for part in vars(bare(env)).values() if _is_shared(part)}


def copy_for_trial(env: Any) -> Any:
    """A copy of a game to try a move on: without wrappers, and without what was said before."""
    game = bare(env)
    state = game.state
    memo = shared_parts(game)
    memo[id(state.logs)] = []
    memo[id(state.observations)] = {player: [] for player in state.observations}
    return copy.deepcopy(game, memo)


def _is_shared(part: object) -> bool:
    if type(part).__name__ == "EnglishDictionary":
        return True
    return isinstance(part, list | tuple | set | frozenset) and len(part) > _SHARED_SIZE
