"""Records what thefuzz 0.19.0 (without python-Levenshtein) makes of pairs of texts.

Writes JSON `[[a, b, token_set_ratio], …]` to standard output, for `webshop-ratios.json`.
"""

import json
import random
import sys

from thefuzz import fuzz  # type: ignore[import-not-found]

TEXT = """
    easy to clean non slip water resistant red dark blue grey leather cotton 100% machine wash
    size 8.5 wide x-large women's men's usb-c 4k hdmi gluten-free café naïve 16oz pack of 2 long
    sleeve slim fit rubber sole high heel
"""
PAIRS = 600


def main() -> None:
    """Draws pairs of texts that are more or less alike."""
    draw = random.Random(7)
    words = TEXT.split()
    rows = []
    for _ in range(PAIRS):
        first = [draw.choice(words) for _ in range(draw.randint(1, 5))]
        second = [draw.choice(words) if draw.random() < 0.3 else word for word in first]
        draw.shuffle(second)
        a = " ".join(first)
        b = " ".join(second[: draw.randint(1, 5)])
        if draw.random() < 0.3:
            cut = draw.randrange(len(b))
            b = b[:cut] + draw.choice("aeioüs -") + b[cut + 1 :]
        rows.append([a, b, fuzz.token_set_ratio(a, b)])
    json.dump(rows, sys.stdout, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
