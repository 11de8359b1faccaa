"""Threads for Python objects of one vector, started when several of them are needed at once."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, ThreadPoolExecutor

MAX_THREADS = 32


class LazyThreads:
    """A thread pool from its first use on; each vector has its own: nested ones cannot starve."""

    def __init__(self, count: int) -> None:
        """Allows for `count` threads, at most `MAX_THREADS`."""
        self._count = min(count, MAX_THREADS)
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def get(self) -> Executor:
        """The pool."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._count, thread_name_prefix="gem-vector")
            return self._pool

    def shut_down(self) -> None:
        """Lets the threads end; a later use starts new ones."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False)
                self._pool = None
