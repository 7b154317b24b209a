"""The findings of a gate for the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from para_bench.report.gate.baselines import FIXED, RETRAINED, Baseline
from para_bench.report.gate.regression import Finding
from para_bench.report.gate.verdict import overall
from para_bench.report.statistics.rates import bracket, percent
from para_bench.report.tables import render
from para_bench.text import printable

HEADER = ("cell", "baseline", "now", "points [90 %]", "margin", "verdict")
TITLES = {FIXED: "kept checkpoint", RETRAINED: "retrained heads"}


def to_console(findings: Sequence[Finding], baseline: Baseline) -> Text:
    """For `rich.print`; the last line is the verdict."""
    text = render.console(HEADER, _blocks(findings), caption(baseline), left=(0, 5))
    for finding in findings:
        if finding.flips:
            text.append("\n\n" + printable(f"flipped in {finding.cell.name}, {TITLES[finding.layer]}: {flipped(finding, 20)}"))
    return text.append(f"\n\n{overall(f.verdict for f in findings)}", style="bold")


def to_markdown(findings: Sequence[Finding], baseline: Baseline) -> str:
    """For the summary page of a CI job."""
    table = render.markdown(HEADER, _blocks(findings), caption(baseline), "layer")
    lines = [f"# Regression gate: {overall(f.verdict for f in findings)}", "", table]
    named = [
        render.cell(f"- {finding.cell.name}, {TITLES[finding.layer]}: {flipped(finding, 100)}") for finding in findings if finding.flips
    ]
    if named:
        lines += ["## Scenes that flipped", "", *named, ""]
    last = baseline.history[-1]
    return "\n".join([*lines, render.cell(f"Baseline of {last.date}: {last.reason}"), ""])


def caption(baseline: Baseline) -> str:
    """The line under the table: what the intervals are."""
    bound = percent(1 - baseline.alpha)
    return (
        f"Suite {baseline.suite or '(unnamed)'}, version {baseline.suite_version}. Each bound of an interval holds with {bound} %. "
        "HELD: a loss is below the margin. REGRESSED: it is above, and above 0 by Bonferroni over all rows. "
        "Scenes in which a kept checkpoint ended otherwise are named whatever the verdict."
    )


def sentence(finding: Finding) -> str:
    """One line on one cell."""
    old, new = (f"{percent(k / n)} % of {n}" for k, n, _ in (finding.reference, finding.found))
    change = bracket(finding.change.value, finding.change.low, finding.change.high, sign=True)
    flips = f", {len(finding.flips)} scenes flipped" if finding.flips else ""
    return f"{finding.verdict}: {old} -> {new}, change {change} points, margin {percent(finding.cell.margin)}{flips}"


def flipped(finding: Finding, most: int | None = None) -> str:
    """ "view_angle 25 scene 3 lost, id 0 scene 7 won, and 5 more"."""
    several = finding.found[2] > 1
    names = [
        f"{condition} {level} scene {index}{f' of training seed {seed}' if several else ''} {'won' if flip.found else 'lost'}"
        for flip in finding.flips[:most]
        for seed, condition, level, index in [flip.key]
    ]
    more = len(finding.flips) - len(names)
    return ", ".join(names) + (f", and {more} more" if more else "")


def _blocks(findings: Sequence[Finding]) -> list[render.Block]:
    return render.blocks([(TITLES[finding.layer], _row(finding)) for finding in findings])


def _row(finding: Finding) -> tuple[str, ...]:
    change, margin = finding.change, percent(finding.cell.margin)
    points = bracket(change.value, change.low, change.high, sign=True) if any(change[:3]) else "0, outcomes equal"
    return finding.cell.name, _rate(finding.reference), _rate(finding.found), points, margin, finding.verdict


def _rate(tally: tuple[int, int, int]) -> str:
    """ "95.0 of 3 x 200": percent, training seeds and episodes of each."""
    k, n, seeds = tally
    return f"{percent(k / n)} of " + (f"{seeds} x {n // seeds}" if seeds > 1 else f"{n}")
