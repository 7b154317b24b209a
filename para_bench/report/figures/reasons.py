"""Why episodes fail: the reasons as a share of all episodes, a bar a head and condition."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from para_bench.report.figures.source import Absent, Source, factors, numbered, pages, words
from para_bench.report.figures.style import FONT_PT, keep_within, legend_above, wrapped
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import levels, pooled, single
from para_bench.report.looks import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, VERMILLION, YELLOW
from para_bench.report.roster import Group

SUCCESS = "success"
_SUCCESS = (PALE, "")
_PALETTE = (
    *((VERMILLION, ""), (VERMILLION, "////"), (ORANGE, ""), (ORANGE, "////"), (YELLOW, ""), (YELLOW, "////")),
    *((GREEN, ""), (SKY, ""), (SKY, "////"), (GREEN, "////"), (BLUE, "")),
)
"""Colour and hatch of the task's reasons in their order; others (a crash, an action that is no number) are drawn in the colours below."""
_OTHERS = ((PURPLE, ""), (GREY, ""), (PURPLE, "////"), (GREY, "////"))
Fills = dict[str, tuple[str, str]]
_HEADS = {1: 3, 2: 6}
"""Heads that fit side by side, by the columns of the page."""
_PAGE = 42
"""Rows that fit a page; where levels drawn one by one would be more, factors are pooled."""
_LETTERS = {1: 18, 2: 30}
"""Letters in a line of a row's name."""
_MAP = 8
"""A factor of more levels is a map, and is always pooled."""


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """A block of rows a split: the control, then the levels of each factor.

    Splits that were run with the same heads share a figure, so that no panel stays empty; heads that do not fit side by side have further
    figures.
    """
    results = [result for result in source.results if result.learned]
    if not results:
        raise Absent("needs records of a trained head")
    heads = list(source.looks)
    found = {record.reason for result in results for record in result.records if record.head in heads}
    look = fills(found, list(dict.fromkeys(reason for result in results for reason in result.description.reasons)))
    by_heads: dict[tuple[str, ...], list[SplitResults]] = {}
    for result in results:
        by_heads.setdefault(tuple(head for head in heads if head in result.learned), []).append(result)
    number = 0
    for own, shared in by_heads.items():
        for some in pages(own, _HEADS[source.columns]):
            yield numbered("reasons", number), _page(source, shared, some, look)
            number += 1


def _page(source: Source, results: list[SplitResults], heads: Sequence[str], look: Fills) -> Figure:
    rows = [(result, group) for result in results for group in _groups(result, _MAP)]
    if len(rows) > _PAGE:
        rows = [(result, group) for result in results for group in _groups(result, 1)]
    names = ["\n".join(textwrap.wrap(_name(result, group), _LETTERS[source.columns])) for result, group in rows]
    places, at, before = [], 0.0, ""
    for (result, _), name in zip(rows, names, strict=True):
        lines = 1 + 0.8 * name.count("\n")
        at += lines / 2 + (0.4 if result.split != before else 0)  # a gap before each split
        places.append(at)
        at, before = at + lines / 2, result.split
    titles = [wrapped(head, 13 if source.columns == 2 else 10) for head in heads]
    above = 0.13 * max(title.count("\n") for title in titles)
    legend = 0.17 * -(-len(look) // (5 if source.columns == 2 else 2))
    figure = Figure(figsize=(source.width_in, 0.75 + 0.145 * at + above + legend), layout="constrained")
    panels = figure.subplots(1, len(heads), squeeze=False, sharey=True)[0]
    for axes, head, title in zip(panels, heads, titles, strict=True):
        for (result, group), y in zip(rows, places, strict=True):
            _stack(axes, y, Counter(r.reason for r in result.roster.records(head, group)), look)
        axes.set_title(title, loc="left", fontsize=FONT_PT)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "50", "100"])
        keep_within(axes)
        axes.set_yticks(places, names)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(at + 0.1, 0.3)
    figure.supxlabel("% of episodes", fontsize=7.5)
    handles = [Patch(facecolor=colour, hatch=hatch, edgecolor="white") for colour, hatch in look.values()]
    legend_above(figure, handles, [words(reason) for reason in look], source.width_in)
    return figure


def _stack(axes: Axes, y: float, counts: Counter[str], look: Fills) -> None:
    left, total = 0.0, sum(counts.values())
    for reason, (colour, hatch) in look.items():
        if counts[reason]:
            share = counts[reason] / total
            axes.barh(y, share, 0.8, left, color=colour, hatch=hatch, edgecolor="white", linewidth=0.3)
            left += share


def fills(found: Collection[str], reasons: Sequence[str]) -> Fills:
    """Colour and hatch of each reason found: success, the task's `reasons` in their order, others by name."""
    known = {SUCCESS: _SUCCESS} | {r: _PALETTE[i % len(_PALETTE)] for i, r in enumerate(r for r in reasons if r != SUCCESS)}
    others = sorted(set(found) - known.keys())
    return {r: fill for r, fill in known.items() if r in found} | {r: _OTHERS[i % len(_OTHERS)] for i, r in enumerate(others)}


def _groups(result: SplitResults, most: int) -> list[Group]:
    """The control, then factors: level by level where they have at most `most`, else pooled."""
    found = [single(CONTROL)]
    for factor in factors(result):
        here, about = levels(result.expected, factor), result.description.factor(factor)
        pools = len(here) > most and (about.pooled or about.kind == "curve")
        found += [pooled(result.expected, factor)] if pools else [single(level) for level in here]
    return found


def _name(result: SplitResults, group: Group) -> str:
    if group.condition == CONTROL[0]:
        return f"{words(result.split)}: control" if factors(result) else words(result.split)
    if len(group.members) > 1:
        return f"{words(group.condition)} all {len(group.members)}"
    return result.description.factor(group.condition).words(group.level)
