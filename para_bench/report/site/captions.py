"""The caption of rates on the pages, by the statistics of the suite version."""

from __future__ import annotations

from para_bench.report.statistics.floors import GAP_CONTROL
from para_bench.report.statistics.methods import Methods

_FIRST = (
    "95 % intervals. One training seed (checkpoint): Wilson over episodes. Several (method): the hull of t intervals over seed means and "
    "over scene means and of the pooled episodes' own. Pooled levels that share scenes: likewise over scene means. Gap: control minus "
    "condition in points, on the same scenes. Where episodes are missing, no rate is given."
)
_LATER = (
    "95 % intervals. One training (checkpoint): Wilson over episodes; with pooled levels that share scenes, the hull of that and the t "
    "interval over scene means. Several trainings (method): a two-way model of trainings and scenes, with demonstration sets for trainings "
    "where there are several sets. It is never narrower than Wilson over all episodes. Gap: control minus condition in points, in the "
    f"scenes of the condition, which may be some of the control's; none where the control is below {100 * GAP_CONTROL:g} %. "
    "Where episodes are missing, no rate is given."
)


def caption(methods: Methods) -> str:
    """How intervals and gaps were made."""
    return _LATER if methods.nests else _FIRST
