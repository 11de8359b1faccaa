"""Grading short answers by their words, as `src/grading/qa/exact-match.ts` does."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(s: str) -> str:
    """Gives an answer in small letters, without ASCII punctuation and articles, single-spaced."""
    bare = s.lower().translate(_WITHOUT_PUNCTUATION)
    return " ".join(_ARTICLE.sub(" ", bare).split())


def em_check(prediction: str, golden_answers: str | Iterable[str]) -> bool:
    """Says whether a prediction equals a gold, or one of several, after both are normalised."""
    golds = [golden_answers] if isinstance(golden_answers, str) else golden_answers
    normalized = normalize_answer(prediction)
    return any(normalize_answer(gold) == normalized for gold in golds)
