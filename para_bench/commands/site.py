"""`para-bench site`: result folders as pages that open from disk."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from para_bench import records
from para_bench.commands.fairness import ABOUT, known_facts, policies_of
from para_bench.commands.results import results
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.episodes import split_episodes

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Site

SEES = {"oracle": "the simulator", "noop": "nothing", "random": "nothing"}
"""What references see; heads tell themselves."""


def site(args: Site) -> None:
    found = results(args.results)
    splits = [split_episodes(r.split, r.description.about, r.expected, r.records) for r in found]
    source = Source(
        splits,
        folders={split.name: _folders(args.results, split.name) for split in splits},
        policies=policies_of(found, known_facts(args.results)),
        sees={head: seen for result in found for head in result.expected.seeds if (seen := _sees(head))},
        results=str(args.results[0]) if len(args.results) == 1 and not args.results[0].is_absolute() else "RESULTS",
        footer=f"Made by para-bench {version('para-bench')} from episode records.",
    )
    built = build_site(source, args.out)
    print(f"{built.episodes} episodes, {built.videos} videos: open {built.index}")


def _sees(head: str) -> str:
    """Empty for a plug-in that is not at hand, and for a head of another version."""
    return SEES.get(head) or (ABOUT[head].sees if head in ABOUT else "")


def _folders(results: Sequence[Path], split: str) -> list[Path]:
    """Folders of one split, which hold its videos."""
    files = [file for path in results for file in records.files(path)]
    return [file.parent for file in files if file.parent.name == split or len(files) == 1]
