"""What the tests of lost servers play, as a part of a script."""

PLAY = """
import copy, hashlib
from gem.wrappers.wrapper_factory import WRAPPER_FACTORY
IDS = ["game:GuessTheNumber-v0-hard", "game:Sokoban-v0-easy", "game:Game2048-v0-easy",
       "game:Wordle-v0-easy"]
WORDS = ["up", "left", "3", "crane", "50", "down"]
def actions(turn, count): return [f"\\\\boxed{{{WORDS[(turn + i) % 6]}}}" for i in range(count)]
def kill(): os.kill(server_pid(), signal.SIGKILL)
def plain(step): return [part if isinstance(part, list) else part.tolist() for part in step]
def play(kills=(), how=kill, ids=IDS, size=64, turns=40, mode="SameStep", wrapper="concat"):
    vec = gem.make_vec([ids[i % len(ids)] for i in range(size)], seed=5, autoreset_mode=mode,
                       wrappers=[WRAPPER_FACTORY[wrapper]])
    if "before the first reset" in kills: how()
    seen = hashlib.sha256(repr(vec.reset()).encode())
    for turn in range(turns):
        if turn in kills: how()
        seen.update(repr(plain(vec.step(actions(turn, size)))).encode())
    return seen.hexdigest()
"""
"""`play(kills)`: a vector, `how()` called at those turns; gives a hash of all that was seen."""
