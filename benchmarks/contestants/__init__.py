"""Contestants of the benchmarks: child processes that time one thing when asked."""
