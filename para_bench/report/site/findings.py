"""The main results in a few sentences, for the top of the first page, with their numbers and the page that has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.site.cells import RateCell
from para_bench.report.site.declared import BETTER, WORSE, Declared
from para_bench.report.site.halves import halves
from para_bench.report.site.overview import HeatRow, worst
from para_bench.report.site.searched import beside
from para_bench.report.site.verdicts import Verdicts
from para_bench.report.site.wording import plain
from para_bench.report.statistics.family_count import UNDECLARED
from para_bench.report.statistics.floors import FLOOR
from para_bench.report.statistics.rates import METHOD
from para_bench.report.tables.contrasts import NOT_RUN
from para_bench.report.tables.half_doses import HalfDose

OF_EACH = "; each training is measured against its own control, so an interval may be narrow where that of the control is wide"


class Finding(NamedTuple):
    """A sentence, and the split on whose page its numbers stand."""

    text: str
    split: str


def findings(
    rows: Sequence[HeatRow],
    learned: Sequence[str],
    judged: Mapping[str, Verdicts | None],
    tested: Sequence[Declared] = (),
    given: Sequence[PolicyFacts] = (),
) -> list[Finding]:
    """About the first learned head, in the order in which a reader would ask; those whose episodes are missing are left out.

    Args:
        rows: Rows of the heat map.
        learned: Heads in order.
        judged: The exploratory tests, by split.
        tested: What suites declared, with its verdicts.
        given: The fairness record.
    """
    said = [finding for one in tested for finding in _declared(one, given)] or [_explored(judged, learned)]
    found = [_control(rows, learned), *said, _worst(rows, learned), *_halves(rows, learned), _floor(rows, learned)]
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


def _declared(found: Declared, given: Sequence[PolicyFacts]) -> list[Finding]:
    """What was declared and how much of it was tested, then each resolved contrast."""
    many, resolved = len(found.rows), found.resolved
    verb = "is" if len(resolved) == 1 else "are"
    text = (
        f"Declared before the first episode (suite {found.suite}): one family of {many} comparisons, with Holm's correction. "
        f"{found.tested} of {many} were tested, and {len(resolved) or 'none'} of these {verb} resolved."
    )
    if found.floored:
        where = f"{found.floored} comparison{'s' * (found.floored > 1)}"
        text += f" In {where} both heads are at the floor, below {100 * found.floor:g} % before any shift."
    if found.not_run:
        text += f" Not run, with episodes missing, or trained unlike: {found.not_run}."
    if found.alone:
        text += " One training a head: verdicts are about these checkpoints and not the methods."
    return [
        Finding(text, next(row.split for row in found.rows if row.words != NOT_RUN)),
        *(
            Finding(
                f"{row.head} is {row.words} than {row.other} in {plain(row.split)} ({row.condition}): "
                f"{row.points} points, p {'= ' * row.p[0].isdigit()}{row.p} after Holm's correction, "
                f"{row.counts.replace(' : ', ' against ')} episodes. The question: {row.asks}. "
                f"{beside(given, row.head, row.other)}".rstrip(),
                row.split,
            )
            for row in resolved
        ),
    ]


def _explored(judged: Mapping[str, Verdicts | None], learned: Sequence[str]) -> Finding | None:
    """Where nothing was declared: how often a difference between the first head and another was resolved."""
    splits = {split: verdicts for split, verdicts in judged.items() if verdicts and verdicts.head == learned[0]}
    if not splits:
        return None
    rows = [row for verdicts in splits.values() for row in verdicts.rows]
    better, worse = (sum(row.kind == kind for row in rows) for kind in (BETTER, WORSE))
    text = f"{learned[0]} is better than another head in {better} of {len(rows)} comparisons{f' and worse in {worse}' if worse else ''}"
    return Finding(f"Exploratory, in families {UNDECLARED}: {text}.", next(iter(splits)))


def _worst(rows: Sequence[HeatRow], learned: Sequence[str]) -> Finding | None:
    found = worst({row.results.name: row.results for row in rows}.values(), learned[0]) if learned else None
    if found is None:
        return None
    control = f"; its control in the same scenes: {_rate(found.control)}" if found.control and found.control.rate else ""
    least = f", the lowest of {found.of} rates under a shift" if found.of > 1 else ""
    text = f"{learned[0]} does worst under {found.name} of split {plain(found.split)}: {_rate(found.rate)}{least}{control}."
    return Finding(text, found.split)


def _halves(rows: Sequence[HeatRow], learned: Sequence[str]) -> list[Finding]:
    """Where half of the control's success is lost; heads whose control is too low are left out."""
    found = []
    for results in {row.results.name: row.results for row in rows}.values():
        by_factor: dict[str, list[HalfDose]] = {}
        for half in halves(results, learned):
            by_factor.setdefault(half.factor, []).append(half)
        for factor, own in by_factor.items():
            listed = ", ".join(f"{half.head} {half.text}" for half in own)
            several = any(half.curve.rates[0].kind == METHOD for half in own)
            text = f"Half of the control's success is lost at a {plain(factor)} of: {listed} (95 % intervals{OF_EACH if several else ''})."
            found.append(Finding(text, results.name))
    return found[:2]


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
