"""`para-bench site`: result folders as pages that open from disk."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from para_bench.benchmarks import SPLITS
from para_bench.commands.fairness import known_facts, policies_of
from para_bench.commands.results import results
from para_bench.heads import HEADS
from para_bench.report import records
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.episodes import split_episodes

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Site

SEES = {"oracle": "the simulator", "noop": "nothing", "random": "nothing"}
"""What references see; heads tell themselves."""


def site(args: Site) -> None:
    about = {name: split.about for name, split in SPLITS.items()}
    found = results(args.results)
    splits = [split_episodes(r.split, about.get(r.split, ""), r.expected, r.records) for r in found]
    source = Source(
        splits,
        folders={split.name: _folders(args.results, split.name) for split in splits},
        policies=policies_of(found, known_facts(args.results)),
        sees={**{name: getattr(head, "sees", "") for name, head in HEADS.items()}, **SEES},
        results=str(args.results[0]) if len(args.results) == 1 and not args.results[0].is_absolute() else "RESULTS",
        footer=f"Made by para-bench {version('para-bench')} from episode records.",
    )
    built = build_site(source, args.out)
    print(f"{built.episodes} episodes, {built.videos} videos: open {built.index}")


def _folders(results: Sequence[Path], split: str) -> list[Path]:
    """Folders of one split, which hold its videos."""
    files = [file for path in results for file in (sorted(path.rglob(records.FILE_NAME)) if path.is_dir() else [path])]
    return [file.parent for file in files if file.parent.name == split or len(files) == 1]
