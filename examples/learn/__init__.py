"""A tiny language model that learns a game from its rewards; `python -m examples.learn`."""
