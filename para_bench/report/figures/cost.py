"""Success against what training cost: operations where they were counted, seconds, parameters."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from para_bench.report.checkpoints import Cost
from para_bench.report.figures.source import Absent, Source, bars, estimate, words
from para_bench.report.figures.style import HALF_WIDTH_IN, legend_above, percent_axis
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import single


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure: success in distribution of split `id`, or else of the first split whose checkpoints are all there."""
    if not source.costs:
        raise Absent("needs the checkpoints of the records (folder `checkpoints` beside the splits); records hold no training cost")
    for result in sorted(source.results, key=lambda result: result.split != "id"):
        found = {head: _costs(source, result, head) for head in result.learned}
        if found and all(found.values()):
            yield "cost", _draw(source, result, found)
            return
    raise Absent("the checkpoints at hand are not those of the records")


def _draw(source: Source, result: SplitResults, found: dict[str, list[Cost]]) -> Figure:
    axes_of_cost = {
        "training operations [FLOP]": {head: [cost.training_flops for cost in costs] for head, costs in found.items()},
        f"training time [s] on {', '.join(sorted({c.device for costs in found.values() for c in costs}))}": {
            head: [cost.training_seconds for cost in costs] for head, costs in found.items()
        },
        "parameters of the head": {head: [cost.parameters for cost in costs] for head, costs in found.items()},
    }
    shown = {name: values for name, values in axes_of_cost.items() if all(v for own in values.values() for v in own)}
    if not shown:
        raise Absent("needs costs above zero")
    wide = source.columns == 2
    size = (min(source.width_in, HALF_WIDTH_IN * len(shown)), 2.4) if wide else (source.width_in, 0.5 + 1.9 * len(shown))
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(1 if wide else len(shown), len(shown) if wide else 1, squeeze=False, sharey=True).ravel()
    for axes, (name, values) in zip(panels, shown.items(), strict=True):
        for head, own in values.items():
            rate, look = estimate(result, head, single(CONTROL))[0], source.looks[head]
            x = sum(value for value in own if value is not None) / len(own)
            axes.errorbar(
                x, rate.value, bars([rate]), color=look.colour, marker=look.marker, markersize=5, linestyle="", capsize=2, label=head
            )
        _log_axis(axes, [value for own in values.values() for value in own if value is not None])
        axes.set_xlabel(name)
        percent_axis(axes)
    for axes in panels[: 1 if wide else None]:
        axes.set_ylabel(f"success in distribution %\n({words(result.split)})")
    handles, labels = panels[0].get_legend_handles_labels()
    legend_above(figure, handles, labels, source.width_in)
    return figure


def _costs(source: Source, result: SplitResults, head: str) -> list[Cost]:
    """Costs of each training seed's control checkpoint; none where one is missing."""
    hashes = [scenes[0].checkpoint_hash for scenes in result.roster.episodes[head, CONTROL]]
    return [source.costs[digest] for digest in hashes] if all(digest in source.costs for digest in hashes) else []


def _log_axis(axes: Axes, values: list[float]) -> None:
    """Ticks at 1 and 3 times powers of ten, from the one below all values to the one above, so that there are always two."""
    ticks = [float(f"{digit}e{power}") for power in range(-3, 22) for digit in (1, 3)]
    low, high = max(t for t in ticks if t < 0.95 * min(values)), min(t for t in ticks if t > 1.05 * max(values))
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_xticks([t for t in ticks if low <= t <= high])
    axes.xaxis.set_major_formatter(EngFormatter())
    axes.minorticks_off()
