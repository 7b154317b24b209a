"""The small heat map of the first page: every shift of every split by every head, each beside its control."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from para_bench.records.factors import Factor
from para_bench.report.layout import natural
from para_bench.report.levels import shifted
from para_bench.report.roster import ConditionKey
from para_bench.report.site.cells import RateCell, cell, control_beside
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.plots import factors
from para_bench.report.site.wording import CONTROL_WORDS, of_condition, of_levels

LOWEST = "lowest of"
"""In the name of a row: one of several levels, that at which the first head succeeds least."""


@dataclass(frozen=True)
class HeatRow:
    """One shift, or a split that has none."""

    results: SplitEpisodes
    levels: tuple[ConditionKey, ...]
    """One condition, or levels of a factor that are pooled."""
    name: str
    cells: dict[str, RateCell]
    """Rates by head; heads that were not run in this split are left out."""
    controls: dict[str, RateCell]
    """Rates of the same heads on the control of this split, in all of its scenes."""
    beside: dict[str, RateCell]
    """Those in the scenes of this row alone, with which its rates may be compared; none in the control's own row."""

    @property
    def is_control(self) -> bool:
        return self.levels == (self.results.expected.description.control,)


def heat_rows(splits: Iterable[SplitEpisodes]) -> list[HeatRow]:
    """Rows in the order of splits: the shifts of each, or its control where it has no shift."""
    rows: list[HeatRow] = []
    for results in splits:
        control = (results.expected.description.control,)
        controls = {head: cell(results, head, control) for head in results.heads if control[0] in results.conditions}
        for levels, name in shown_levels(results):
            cells = {head: cell(results, head, levels) for head in results.heads}
            shared = {head: control_beside(results, head, levels) for head in controls if levels != control}
            rows.append(HeatRow(results, levels, name, cells, controls, {head: found for head, found in shared.items() if found}))
    return rows


def shown_levels(results: SplitEpisodes) -> list[tuple[tuple[ConditionKey, ...], str]]:
    """What a row of the first page shows of each factor, with its name.

    Levels that may be pooled and share or divide the scenes are one row. Of another curve the level is shown at which the first head
    succeeds least, so that a shift to one side does not hide the other. Of other factors every level is shown.
    """
    description, found = results.expected.description, []
    for name, levels in factors(results.conditions).items():
        if levels == [description.control]:
            continue
        about = description.factor(name)
        pool, shifts = shifted(levels), _shifts(about, levels)
        scenes = [results.expected.indices(level) for level in pool]
        alike = len(set(scenes)) == 1 or len(set().union(*scenes)) == sum(map(len, scenes))  # else scenes weigh differently
        if about.pooled and alike:
            found.append((pool, of_levels(description, pool)))
        elif about.kind == "curve":
            lowest, known = _lowest(results, shifts)
            found.append(((lowest,), of_condition(description, lowest) + (f" ({LOWEST} {known})" if known > 1 else "")))
        else:
            found += [((level,), of_condition(description, level)) for level in sorted(shifts, key=lambda level: natural(level[1]))]
    return found or [((description.control,), CONTROL_WORDS)]


def _shifts(about: Factor, levels: Sequence[ConditionKey]) -> Sequence[ConditionKey]:
    """Levels without a dose of 0; where levels are no doses of one thing, "0" is one of them.

    The hardest comes first of a curve, before anything is known of outcomes: the largest, or the fewest demonstrations.
    """
    if about.kind != "curve":
        return shifted(levels) if about.pooled else levels
    return sorted(shifted(levels), key=lambda level: natural(level[1]), reverse=not about.logarithmic)


def _lowest(results: SplitEpisodes, levels: Sequence[ConditionKey]) -> tuple[ConditionKey, int]:
    """The level at which the first head succeeds least, and how many have a rate; the first of equal ones, and where none has a rate."""
    rates = {level: found.value for level in levels if (found := cell(results, results.heads[0], (level,)).rate)}
    return (min(rates, key=rates.__getitem__) if rates else levels[0]), len(rates)


class Worst(NamedTuple):
    """The single level under which a head succeeds least."""

    split: str
    name: str
    """The level in words."""
    rate: RateCell
    control: RateCell | None
    """The same head on the control of this split, in the scenes of that level."""
    of: int
    """Levels with a rate, of all shifts of all splits."""


def worst(splits: Iterable[SplitEpisodes], head: str) -> Worst | None:
    """Over every level of every shift, the cells of a map pooled; None where the head was run under none, or episodes are missing."""
    met = []
    for results in splits:
        description = results.expected.description
        for name, levels in factors(results.conditions).items() if head in results.heads else ():
            about = description.factor(name)
            shifts = _shifts(about, levels)
            for members in [tuple(shifts)] if about.kind == "map" else [(level,) for level in shifts]:
                found = cell(results, head, members)
                if found.rate and members != (description.control,):
                    met.append((found.rate.value, results, members, found))
    if not met:
        return None
    _, results, members, found = min(met, key=lambda entry: entry[0])
    description = results.expected.description
    control = control_beside(results, head, members)
    return Worst(results.name, of_levels(description, members), found, control, len(met))
