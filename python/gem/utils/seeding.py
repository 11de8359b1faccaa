"""Seeding of generators outside the environments."""

from __future__ import annotations

import operator
import random
from typing import TYPE_CHECKING

from gem._bridge.errors import InvalidSeedError

if TYPE_CHECKING:
    import numpy as np


def set_seed(seed: int | None = None) -> None:
    """Seeds Python's and NumPy's global generators.

    Python's takes a seed of any size, NumPy's the seed modulo 2**32. None seeds both from the
    operating system.

    Raises:
        InvalidSeedError: when it is no non-negative integer; then neither generator is touched.
    """
    import numpy as np

    number = None if seed is None else check_seed(seed)
    random.seed(number)
    np.random.seed(None if number is None else number % 2**32)


def np_random(seed: int | None = None) -> tuple[np.random.Generator, int]:
    """Makes a NumPy generator of one's own and gives it with the entropy it started from.

    Raises:
        InvalidSeedError: when the seed is no non-negative integer.
    """
    import numpy as np

    sequence = np.random.SeedSequence(None if seed is None else check_seed(seed))
    entropy = sequence.entropy
    if not isinstance(entropy, int):
        message = "NumPy gave no integer entropy."
        raise TypeError(message)
    return np.random.Generator(np.random.PCG64(sequence)), entropy


def check_seed(seed: object) -> int:
    """Gives a seed as a plain integer; NumPy's integers are fine, floats and booleans are not.

    Raises:
        InvalidSeedError: when it is no non-negative integer.
    """
    kind = type(seed).__name__
    try:
        # NumPy's booleans are `bool_` before 2.0; there they still pass for an index.
        number = -1 if kind in ("bool", "bool_") else operator.index(seed)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number >= 0:
        return number
    message = f"A seed must be a non-negative integer or None, got {seed!r} ({kind})."
    raise InvalidSeedError(message)
