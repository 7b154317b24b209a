"""`para-bench check`: records against a baseline; with --update, a baseline from records."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import OmitArgPrefixes

from para_bench.options import SHARE, MachineOptions, Range, refuse_idle
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.report.gate.baselines import WatchedCell


MACHINE = MachineOptions(out=Path("runs/check"))


@dataclass(frozen=True)
class Check:
    """Regression gate for CI: did success rates fall below a baseline?

    Exit code 0 is HELD, 1 REGRESSED, 2 CANNOT TELL, 3 an error (docs/GATE.md).

    Without --results, the baseline's suite is trained and tested into --out first, which takes minutes (docs/GATE.md).

    Example: para-bench check --results runs/ci --junit gate.xml --summary gate.md
    """

    baseline: Path = Path("results/baselines/ci.json")
    """The file to compare with; only --update writes it."""
    results: Path | None = None
    """A folder with the records of the suite, in place of a run."""
    machine: OmitArgPrefixes[MachineOptions] = field(default_factory=lambda: MACHINE)
    layer: tuple[Literal["fixed", "retrained"], ...] = ()
    """What to check or update. fixed: the kept checkpoints, quick. retrained: heads trained anew, longer. If not given, all that the
    baseline has."""
    junit: Path | None = None
    """Write JUnit XML."""
    summary: Path | None = None
    """Write the table as Markdown."""
    update: bool = False
    """Set the baseline to the results, or make one."""
    reason: str = ""
    """Why it is updated; kept in its history."""
    suite: str | None = None
    """With --update: the suite that makes the records."""
    margin: Annotated[float | None, SHARE] = None
    """With --update: the largest loss of a rate that is tolerated, in [0, 1]."""
    cell: tuple[str, ...] = ()
    """With --update: what is watched, as HEAD/SPLIT/CONDITION/LEVEL, level `all` pools; every cell that can regress if not given."""
    new_seeds: Annotated[int | None, Range(1, 1000)] = None
    """With --update: how many training seeds a check trains anew."""

    def check(self) -> None:
        """Raises ParaBenchError for options that nothing would read."""
        if self.update:
            refuse_idle(self, ("junit", "summary"), "with --update, which gives no verdict")
        else:
            names = ("reason", "suite", "margin", "cell", "new_seeds")
            refuse_idle(self, names, "without --update", "only with it, a check never moves a baseline")
        if self.results is not None:
            refuse_idle(self.machine, ("workers", "out", "device"), "with --results, with which nothing is run", usual=MACHINE)

    def __call__(self) -> None:
        """Print, write and exit with the verdict's code."""
        (self._move if self.update else self._compare)()

    def _compare(self) -> None:
        from rich.console import Console

        from para_bench import records
        from para_bench.commands.parts.kept_checkpoints import refuse_other_checkpoints
        from para_bench.commands.parts.places import check_place
        from para_bench.commands.plans.baseline_run import refuse_other_versions, run_baseline_suite
        from para_bench.files import write_text
        from para_bench.report.gate import baseline_file, findings, regression
        from para_bench.report.gate.baselines import FIXED
        from para_bench.report.gate.junit import to_junit
        from para_bench.report.gate.verdict import EXIT_CODES, overall

        baseline = baseline_file.read(self.baseline)
        refuse_other_versions(baseline)
        layers = self.layer or baseline.layers
        if FIXED in layers:
            refuse_other_checkpoints(self.baseline, baseline)
        for path in filter(None, (self.junit, self.summary)):
            check_place(path)
        results = self.results or run_baseline_suite(baseline, self.baseline, self.machine, layers)
        found = regression.check(baseline, records.read(results, only_current=True), layers)
        Console(soft_wrap=True, highlight=False).print(findings.to_console(found, baseline))
        for path, text in (
            (self.junit, to_junit(found, findings.sentence, findings.flipped)),
            (self.summary, findings.to_markdown(found, baseline)),
        ):
            if path is not None:
                write_text(path, text)
        sys.exit(EXIT_CODES[overall(finding.verdict for finding in found)])

    def _move(self) -> None:
        """Move the baseline and keep its checkpoints beside it."""
        if not self.reason.strip():
            raise ParaBenchError('--update without --reason; allowed: --reason "..." with the words for the history')
        if self.results is None:
            raise ParaBenchError("--update without --results; allowed: --results with the folder of the records to move to")

        from para_bench import records
        from para_bench.benchmarks.suites import find_suite
        from para_bench.commands.parts.kept_checkpoints import keep_checkpoints
        from para_bench.commands.parts.results import described
        from para_bench.report.gate import baseline_file
        from para_bench.report.gate.baselines import LAYERS
        from para_bench.report.gate.updates import Wishes, moved

        if self.suite is not None:
            find_suite(self.suite)  # refuses a name that no check could run
        old = baseline_file.read(self.baseline) if self.baseline.exists() else None
        if old is None and self.suite is None:
            raise ParaBenchError(f"no baseline at {self.baseline} to update; allowed: --suite with the name of its suite makes one")
        done = records.read(self.results, only_current=True)
        facts = {name: said for name, version in {r.split: r.suite_version for r in done}.items() if (said := described(name, version))}
        cells = tuple(_cell(text) for text in self.cell)
        wishes = Wishes(self.suite, self.margin, cells or None, self.new_seeds, self.layer or LAYERS)
        new = moved(old, done, facts, wishes, self.reason)
        keep_checkpoints(self.baseline, new, self.results)
        baseline_file.write(self.baseline, new)
        print(f"{self.baseline}: {new.history[-1].reason}", *new.history[-1].moved, sep="\n  ")


def _cell(text: str) -> WatchedCell:
    """From "para/novel_view/view_angle/all"."""
    from para_bench.report.gate.baselines import WatchedCell

    parts = text.split("/")
    if len(parts) != 4 or not all(parts):
        raise ParaBenchError(f"--cell is {text!r}; allowed: HEAD/SPLIT/CONDITION/LEVEL, as para/novel_view/view_angle/all")
    head, split, condition, level = parts
    return WatchedCell(head, split, condition, level)
