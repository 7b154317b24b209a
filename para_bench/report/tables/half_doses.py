"""The size of a shift at which half of a head's success is lost, for every factor that grows from the control."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from para_bench.report.levels import levels, single
from para_bench.report.roster import Roster
from para_bench.report.statistics.dose import DoseCurve, check_zero_dose, dose_curve, format_half
from para_bench.report.statistics.dose_sets import dose_curve_over_sets
from para_bench.report.statistics.floors import gap_is_printed, no_gap
from para_bench.types import ParaBenchError


class HalfDose(NamedTuple):
    head: str
    factor: str
    curve: DoseCurve
    unit: str

    @property
    def text(self) -> str:
        """ "23.5 deg [18.0, > 45]"; or why there is none, where the control is too low."""
        if not gap_is_printed(self.curve.rates[0].value):
            return no_gap()
        return format_half(self.curve).replace(" deg ", f" {self.unit} " if self.unit else " ")


def half_doses(roster: Roster) -> list[HalfDose]:
    """Half-doses of every head and factor whose levels are doses on the scenes of the control, in the order of rows."""
    factors = dict.fromkeys(condition for condition, _ in roster.expected.scenes)
    about = [roster.expected.description.factor(name) for name in factors]
    doses = [factor for factor in about if factor.kind == "curve" and factor.pooled and _grows(roster, factor.name)]
    return [
        HalfDose(head, factor.name, curve(roster, head, factor.name), factor.unit) for head in roster.expected.seeds for factor in doses
    ]


def curve(roster: Roster, head: str, factor: str) -> DoseCurve:
    """The control at 0, then every level, over the scenes that all of them have.

    Raises:
        ParaBenchError: levels were tested on different scenes, or a dose of 0 is not the control.
    """
    members, control = levels(roster.expected, factor), roster.expected.description.control
    zero = [member for member in members if float(member[1]) == 0]
    conditions = [control, *(member for member in members if float(member[1]) > 0)]
    if not _on_the_control(roster, factor):
        raise ParaBenchError(f"split {roster.split}: the levels of {factor} were tested on different scenes; allowed: the control's")
    outcomes = [roster.outcomes(head, single(condition))[:, 0] for condition in conditions]
    for same in zero:
        for seed, row in enumerate(roster.outcomes(head, single(same))[:, 0]):
            check_zero_dose(dict(enumerate(row.tolist())), dict(enumerate(outcomes[0][seed].tolist())))
    doses, stacked = [0.0, *(float(level) for _, level in conditions[1:])], np.stack(outcomes, axis=1)
    if not roster.methods.nests:
        return dose_curve(doses, stacked)
    nested = roster.nested(head, stacked)
    return dose_curve_over_sets(doses, nested if nested.ndim == 4 else nested[None])


def columns(found: HalfDose | None) -> dict[str, float]:
    """Columns for the rows of its factor; nan where there is none, or where the control is too low for one."""
    if found is None or not gap_is_printed(found.curve.rates[0].value):
        return dict.fromkeys(("half", "half_low", "half_high"), math.nan)
    return {"half": found.curve.half_deg, "half_low": found.curve.half_interval.low, "half_high": found.curve.half_interval.high}


def _grows(roster: Roster, factor: str) -> bool:
    """Whether its levels grow from the control, in the scenes of the control; those to two sides of it have no one half."""
    return _on_the_control(roster, factor) and all(float(level) >= 0 for _, level in levels(roster.expected, factor))


def _on_the_control(roster: Roster, factor: str) -> bool:
    scenes = roster.expected.indices(roster.expected.description.control)
    return all(roster.expected.indices(condition) == scenes for condition in levels(roster.expected, factor))
