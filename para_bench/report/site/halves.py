"""The dose at which half of a head's control success is lost, for the pages."""

from __future__ import annotations

from collections.abc import Collection

from para_bench.report.rollcall import call
from para_bench.report.roster import Roster
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.statistics.floors import gap_is_printed
from para_bench.report.tables.half_doses import HalfDose, half_doses
from para_bench.types import ParaBenchError


def halves(results: SplitEpisodes, learned: Collection[str]) -> list[HalfDose]:
    """Half-doses of each learned head and each factor that grows from the control; heads whose control is too low are left out."""
    if not any(results.expected.description.factor(factor).kind == "curve" for factor, _ in results.conditions):
        return []
    roster = _roster(results, learned)
    return [half for half in half_doses(roster) if gap_is_printed(half.curve.rates[0].value)] if roster else []


def _roster(results: SplitEpisodes, learned: Collection[str]) -> Roster | None:
    """None where episodes are missing."""
    try:
        expected = results.expected
        own = {head: seeds for head, seeds in expected.seeds.items() if head in learned}
        every = [record for condition in results.conditions for record in results.all(condition) if record.head in own]
        return call(every, type(expected)(own, expected.scenes, expected.description)) if own else None
    except ParaBenchError:
        return None
