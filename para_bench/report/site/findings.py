"""The main results in a few sentences, for the top of the first page, with their numbers and the page that has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from para_bench.report.site.cells import RateCell
from para_bench.report.site.halves import halves
from para_bench.report.site.overview import HeatRow, worst
from para_bench.report.site.verdicts import BETTER, NOT_RESOLVED, WORSE, Verdicts
from para_bench.report.site.wording import plain
from para_bench.report.statistics.floors import FLOOR


class Finding(NamedTuple):
    """A sentence, and the split on whose page its numbers stand."""

    text: str
    split: str


def findings(rows: Sequence[HeatRow], learned: Sequence[str], judged: Mapping[str, Verdicts | None]) -> list[Finding]:
    """About the first learned head, in the order in which a reader would ask; those whose episodes are missing are left out.

    Args:
        rows: Rows of the heat map.
        learned: Heads in order.
        judged: The declared tests, by split.
    """
    found = [_control(rows, learned), _worst(rows, learned), *_halves(rows, learned), *_verdicts(judged, learned), _floor(rows, learned)]
    return [finding for finding in found if finding]


def _control(rows: Sequence[HeatRow], learned: Sequence[str]) -> Finding | None:
    """Before any shift, in the split in which most heads were run."""
    row = max(rows, key=lambda row: sum(head in row.controls for head in learned), default=None)
    if row is None or not learned:
        return None
    known = {head: found for head in learned if (found := row.controls.get(head)) and found.rate}
    if learned[0] not in known:
        return None
    text = f"Without a shift, {learned[0]} succeeds in {_rate(known[learned[0]])}"
    others = {head: found for head, found in known.items() if head != learned[0]}
    if others:
        best = max(others, key=lambda head: others[head].rate.value)  # type: ignore[union-attr]
        text += f"; the best of {len(others)} other head{'s' * (len(others) > 1)} is {best}, {_rate(others[best])}"
    return Finding(f"{text}.", row.results.name)


def _worst(rows: Sequence[HeatRow], learned: Sequence[str]) -> Finding | None:
    row = worst(rows, learned[0]) if learned else None
    if row is None:
        return None
    control = row.controls.get(learned[0])
    beside = f"; its control there: {_rate(control)}" if control and control.rate else ""
    name = f"{row.name} of split {plain(row.results.name)}"
    return Finding(f"{learned[0]} does worst under {name}: {_rate(row.cells[learned[0]])}{beside}.", row.results.name)


def _halves(rows: Sequence[HeatRow], learned: Sequence[str]) -> list[Finding]:
    """Where half of the control's success is lost; heads whose control is too low are left out."""
    found = []
    for results in {row.results.name: row.results for row in rows}.values():
        by_factor: dict[str, list[str]] = {}
        for half in halves(results, learned):
            by_factor.setdefault(half.factor, []).append(f"{half.head} {half.text}")
        for factor, texts in by_factor.items():
            listed = ", ".join(texts)
            found.append(Finding(f"Half of the success is lost at a {plain(factor)} of: {listed} (95 % intervals).", results.name))
    return found[:2]


def _verdicts(judged: Mapping[str, Verdicts | None], learned: Sequence[str]) -> list[Finding]:
    """How often the declared tests resolved a difference between the first head and each other one."""
    counts: dict[str, dict[str, int]] = {}
    for verdicts in judged.values():
        for row in verdicts.rows if verdicts and verdicts.head == learned[0] else ():
            own = counts.setdefault(row.other, dict.fromkeys((BETTER, WORSE, NOT_RESOLVED), 0))
            own[row.kind] += 1
    if not counts:
        return []
    families = sum(verdicts is not None for verdicts in judged.values())
    listed = "; ".join(
        f"{other} {own[BETTER]} better, {own[WORSE]} worse, {own[NOT_RESOLVED]} not resolved" for other, own in counts.items()
    )
    first = next(split for split, verdicts in judged.items() if verdicts)
    many = f"{families} families of tests, one a split" if families > 1 else "one family of tests"
    return [Finding(f"Verdicts on {learned[0]} by condition ({many}, each with Holm's correction), against {listed}.", first)]


def _floor(rows: Sequence[HeatRow], learned: Sequence[str]) -> Finding | None:
    """Heads on which no shift can be measured."""
    low = [
        head
        for head in learned
        if (known := [row.controls[head].rate for row in rows if head in row.controls and row.controls[head].rate])
        and all(rate.value < FLOOR for rate in known if rate)
    ]
    if not low:
        return None
    return Finding(
        f"At the floor, below {100 * FLOOR:g} % before any shift, so that no shift can be measured on them: {', '.join(low)}.",
        rows[0].results.name,
    )


def _rate(found: RateCell) -> str:
    return f"{found.count.replace('/', ' of ')} ({found.rate_text} %)"
