"""Search servers."""
