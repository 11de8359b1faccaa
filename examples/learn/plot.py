"""The figure: returns of all seeds with a confidence band, the control, reference levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

T_95 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365}
"""Student's t for a two-sided 95 % interval, by the number of runs."""

Floats = NDArray[np.float64]


def smooth(values: Sequence[float], width: int) -> Floats:
    """Means over the last `width` values."""
    sums = np.cumsum([0.0, *values])
    ends = np.arange(1, len(sums))
    starts = np.maximum(0, ends - width)
    result: Floats = (sums[ends] - sums[starts]) / (ends - starts)
    return result


def band(curves: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean over runs [runs, points], and the bounds of the mean's 95 % confidence interval."""
    runs = len(curves)
    mean = curves.mean(axis=0)
    if runs < 2:
        return mean, mean, mean
    half = T_95.get(runs, 1.96) * curves.std(axis=0, ddof=1) / math.sqrt(runs)
    return mean, mean - half, mean + half


def draw(results: dict[str, Any], path: Path) -> None:
    """Draws what `results.json` holds."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    trained = [smooth(run["returns"], 5) for run in results["runs"]]
    mean, low, high = band(np.array(trained))
    updates = np.arange(1, len(mean) + 1)
    figure, axes = pyplot.subplots(figsize=(8, 5), constrained_layout=True)
    axes.fill_between(updates, low, high, color="tab:blue", alpha=0.2, label="95 % interval")
    for curve in trained:
        axes.plot(updates, curve, color="tab:blue", linewidth=0.7, alpha=0.6)
    axes.plot(updates, mean, color="tab:blue", label=f"mean of {len(trained)} seeds")
    control = smooth(results["control"]["returns"], 5)
    axes.plot(
        np.arange(1, len(control) + 1), control, color="tab:red", label="learning rate 0 (control)"
    )
    colors = ("black", "tab:gray", "tab:olive", "tab:green")
    for (name, level), color in zip(results["references"].items(), colors, strict=True):
        value = level["mean_return"]
        axes.axhline(value, linestyle="--", linewidth=1, color=color, label=f"{name}: {value:.2f}")
    axes.set(
        xlabel=f"policy update (about {results['turns_per_update']:.0f} turns each)",
        ylabel="mean return of an episode",
        title=f"{results['env_id']}: a language model of {results['parameters']:,} parameters",
        ylim=(-0.2, 1.05),
    )
    axes.legend(loc="center right", bbox_to_anchor=(0.99, 0.44), fontsize="small")
    figure.savefig(path, dpi=130, metadata={"Software": None})
    pyplot.close(figure)
