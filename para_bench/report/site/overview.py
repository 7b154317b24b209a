"""The small heat map of the first page: every shift of every split by every head, each beside its control."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from para_bench.report.layout import natural
from para_bench.report.pooling import shifted
from para_bench.report.roster import ConditionKey
from para_bench.report.site.cells import RateCell, cell
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.plots import factors
from para_bench.report.site.wording import CONTROL_WORDS, of_levels


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
    """Rates of the same heads on the control of this split."""

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
            rows.append(HeatRow(results, levels, name, cells, controls))
    return rows


def shown_levels(results: SplitEpisodes) -> list[tuple[tuple[ConditionKey, ...], str]]:
    """One entry a factor: its levels pooled where they share or divide the scenes, else the hardest level."""
    description, found = results.expected.description, []
    for name, levels in factors(results.conditions).items():
        about = description.factor(name)
        if levels == [description.control]:
            continue
        pool = shifted(levels)
        scenes = [results.expected.indices(level) for level in pool]
        alike = len(set(scenes)) == 1 or len(set().union(*scenes)) == sum(map(len, scenes))  # else scenes weigh differently
        if about.pooled and alike:
            found.append((pool, of_levels(description, pool)))
            continue
        ranked = sorted(pool, key=lambda level: natural(level[1]))
        chosen = (ranked[0] if about.logarithmic else ranked[-1],)  # fewest demonstrations, or the largest shift
        every = [chosen] if about.kind == "curve" else [(level,) for level in ranked]
        found += [(levels, of_levels(description, levels)) for levels in every]
    return found or [((description.control,), CONTROL_WORDS)]


def worst(rows: Sequence[HeatRow], head: str) -> HeatRow | None:
    """The shift under which a head succeeds least; None where it was run under none, or episodes are missing."""
    met = [(row.cells[head].rate, row) for row in rows if not row.is_control and head in row.cells and row.cells[head].rate is not None]
    return min(met, key=lambda pair: pair[0].value)[1] if met else None  # type: ignore[union-attr]
