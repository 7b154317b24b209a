"""`para-bench compare`: verdicts from records alone, on heads of one folder or on the same heads in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import Positional

from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    import pandas as pd

    from para_bench.report.fairness.differences import Differences

HEAD, OTHERS = "para", ("global_token",)
"""Of one folder, where none are named."""


@dataclass(frozen=True)
class Compare:
    """Compare heads of one results folder, or of two, by a paired test on the same scenes.

    The test of one training is exact McNemar over the shared scenes. With several trainings, suite version 2 has the t test of the
    two-way model (trainings x scenes) and an exact test over scenes, both; version 1 has McNemar and paired t tests over trainings and
    over scenes. Holm's correction is over all rows.

    It refuses with exit code 1 where episodes are missing, or where the fairness records differ in more than what is compared, and names
    that. Two folders are paired by split, condition, scene and training seed.

    One folder, heads against each other: para-bench compare runs/novel_view --head para --others global_token diffusion

    The same on several splits, one family of rows: para-bench compare runs --split id new_environment

    Two folders, each head against itself: para-bench compare after/novel_view before/novel_view

    Two backbones: para-bench compare runs/dinov2 runs/lite0 --head para --between backbone

    Your one training against the first of three: para-bench compare runs results/v1/lite0_multiview --head para --split id --seeds 0
    """

    results: Positional[tuple[Path, ...]]
    """A folder with records of one or more splits; or two folders with the same splits."""
    head: str | None = None
    """The head that the verdicts are about, para if not given; with two folders: every head that both hold, if not given."""
    others: tuple[str, ...] = ()
    """Heads to compare it with, global_token if not given; with two folders: further heads to compare with themselves."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    seeds: tuple[int, ...] = ()
    """Which training seeds; all that are found if not given, and two folders must hold the same."""
    between: tuple[str, ...] = ()
    """What else is compared and so may differ, by its column in fairness.csv: backbone, steps, demonstrations_hash, ...;
    or replan_steps."""
    force: bool = False
    """Print the verdicts in spite of other differences, with a red line that names them."""

    def __call__(self) -> None:
        if len(self.results) not in (1, 2):
            raise ParaBenchError(
                f"{len(self.results)} results folders; allowed: 1 (heads against each other) or 2 (the same heads in both)"
            )

        from rich.console import Console

        from para_bench.commands.parts.remarks import remarks
        from para_bench.report.fairness.differences import REPLAN
        from para_bench.report.fairness.facts import FACTS, SAME
        from para_bench.report.tables import comparisons

        allowed = [name for name, fact in FACTS.items() if fact.role == SAME or name == "learning_rate"] + [REPLAN]
        for name in self.between:
            if name not in allowed:
                raise ParaBenchError(f"--between {name!r}; allowed: {', '.join(allowed)}")
        table, found, seen = self._heads() if len(self.results) == 1 else self._folders()
        if found.unfair and not self.force:
            raise ParaBenchError(
                f"more differs than what is compared: {'; '.join(found.unfair)}; allowed: the same for both, --between NAME for what is "
                "compared, or --force"
            )
        console = Console(soft_wrap=True)
        console.print(comparisons.to_console(table, seen))
        console.print(remarks(found), end="")

    def _heads(self) -> tuple[pd.DataFrame, Differences, tuple[str, ...]]:
        """Heads of one folder against each other, one family of rows; and which backbones have seen the simulator."""
        from para_bench.commands.parts.remarks import between_heads
        from para_bench.commands.parts.results import results
        from para_bench.report.tables import comparisons

        head, others = self.head or HEAD, self.others or OTHERS
        (folder,) = self.results
        found = [result.of_seeds(self.seeds) for result in results([folder], self.split, (head, *others))]
        rows = []
        for result in found:
            named = {"split": result.split} if len(found) > 1 else {}
            rows += [named | row for row in comparisons.rows_of_heads(result.records, head, others, result.expected)]
        rosters = [result.roster for result in found]
        differing = between_heads(rosters, head, others, found[0].facts, self.between)
        return comparisons.judged(rows), differing, tuple(name for result in found for name in result.description.seen_renderer)

    def _folders(self) -> tuple[pd.DataFrame, Differences, tuple[str, ...]]:
        """The same heads in two folders."""
        from para_bench.commands.parts.fairness import known_facts
        from para_bench.commands.parts.results import results
        from para_bench.report.fairness.differences import Differences, differences, merged, pairs
        from para_bench.report.tables.folders import Folder, folder_table, match, shared_heads

        named = zip(names(self.results), self.results, strict=True)
        first, second = (Folder(name, results([path], self.split)) for name, path in named)
        heads = [head for head in (self.head, *self.others) if head] or shared_heads(first, second)
        matches = match(first, second, heads, self.seeds)
        known, other_known = (known_facts([path]) for path in self.results)
        met = {head: [pair for one, other in matches for pair in pairs(one, head, other, head, known, other_known)] for head in heads}
        found = merged({f"{head} in {first.name} against {second.name}": differences(met[head], True, self.between) for head in heads})
        left = [head for head in dict.fromkeys((*first.learned(), *second.learned())) if head not in heads]
        if left and not (self.head or self.others):
            found = Differences(found.unfair, (*found.noted, f"not in both folders and left out: {', '.join(left)}"))
        return folder_table(first, second, matches), found, ()


def names(paths: Sequence[Path]) -> list[str]:
    """The shortest ends of two paths that tell them apart."""
    parts = [path.parts for path in paths]
    for length in range(1, max(map(len, parts)) + 1):
        ends = [str(Path(*own[-length:])) for own in parts]
        if len(set(ends)) == len(ends):
            return ends
    raise ParaBenchError(f"{paths[0]} is compared with itself; allowed: two folders")
