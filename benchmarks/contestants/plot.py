"""A plot with logarithmic axes as SVG: figures that differ by orders of magnitude side by side."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 44, 52
COLOURS = ("#b91c1c", "#1d4ed8", "#15803d", "#7e22ce", "#b45309", "#0f766e", "#475569", "#be185d")

Point = tuple[float, float]


def log_plot(lines: Mapping[str, Sequence[Point]], x_label: str, y_label: str, title: str) -> str:
    """Draws each line's points, both axes logarithmic.

    Args:
        lines: name → (x, y) pairs, all positive.
        x_label: what the horizontal axis says.
        y_label: what the vertical axis says.
        title: what stands above.

    Returns:
        An SVG document.
    """
    xs = sorted({x for points in lines.values() for x, _ in points})
    ys = [y for points in lines.values() for _, y in points]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    spread = math.log(xs[-1] / xs[0]) or 1.0

    def at(x: float, y: float) -> Point:
        across = math.log(x / xs[0]) / spread
        up = (math.log10(y) - low) / (high - low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (
            HEIGHT - TOP - BOTTOM
        )

    parts = [_text(LEFT, 20, title, size=11)]
    for x in xs:
        left, _ = at(x, 10**low)
        parts.append(_line(left, TOP, left, HEIGHT - BOTTOM))
        parts.append(_text(left, HEIGHT - BOTTOM + 18, f"{x:,.0f}", anchor="middle"))
    for power in range(low, high + 1):
        _, top = at(xs[0], 10**power)
        parts.append(_line(LEFT, top, WIDTH - RIGHT, top))
        parts.append(_text(LEFT - 8, top + 4, f"{10**power:,}", anchor="end"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_label, anchor="middle"))
    parts.append(_text(LEFT, TOP - 10, y_label))
    ordered = sorted(lines.items(), key=lambda line: -line[1][-1][1])
    for rank, (name, points) in enumerate(ordered):
        colour = COLOURS[rank % len(COLOURS)]
        places = " ".join("{:.1f},{:.1f}".format(*at(x, y)) for x, y in sorted(points))
        parts.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts.append(_text(WIDTH - RIGHT + 12, TOP + 12 + 20 * rank, name, colour=colour))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif">\n<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        f"{body}\n</svg>\n"
    )


def _text(
    x: float, y: float, text: str, anchor: str = "start", colour: str = "#374151", size: int = 12
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{colour}">{html.escape(text)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e5e7eb"/>'
