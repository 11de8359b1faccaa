"""What the tests of several servers play, as a part of a script."""

PLAY = """
import hashlib
IDS = ["game:GuessTheNumber-v0-hard", "game:Sokoban-v0-easy", "game:Game2048-v0-easy",
       "game:Wordle-v0-easy"]
WORDS = ["up", "left", "3", "crane", "50", "down"]
def play(disturb=lambda turn: None):
    vec = gem.make_vec([IDS[i % 4] for i in range(64)], seed=5)
    seen = hashlib.sha256(repr(vec.reset()).encode())
    for turn in range(20):
        disturb(turn)
        actions = [f"\\\\boxed{{{WORDS[(turn + i) % 6]}}}" for i in range(64)]
        step = vec.step(actions)
        seen.update(repr([p if isinstance(p, list) else p.tolist() for p in step]).encode())
    return seen.hexdigest()
"""
"""`play(disturb)`: 64 environments, 20 turns; gives a hash of all that was seen."""
