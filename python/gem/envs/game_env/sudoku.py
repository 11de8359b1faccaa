"""Filling a Sudoku."""

from __future__ import annotations

from gem._bridge.not_yet import NotYetEnv


class SudokuEnv(NotYetEnv):
    """Filling a Sudoku; not part of this version."""
