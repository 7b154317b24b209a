"""`para-bench site`: result folders as pages that open from disk."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional

SEES = {"oracle": "the simulator", "noop": "nothing", "random": "nothing", "threshold": "RGB + calibration"}
"""What references see; heads tell themselves."""


@dataclass(frozen=True)
class Site:
    """Make web pages of results, down to every scene and episode, with videos.

    The fairness record is among them. The folder needs no server: open its index.html.

    Example: para-bench site runs --out site
    """

    results: Positional[tuple[Path, ...]]
    """Results folders: episodes.jsonl of runs, or episodes.parquet of packed records."""
    out: Path = Path("site")
    """A new or empty folder, or an earlier site, which is written over."""
    pictures: bool = True
    """Draw a scene of each split and shift; --no-pictures leaves that out, for a machine that cannot draw."""

    def __call__(self) -> None:
        from importlib.metadata import version

        from para_bench.commands.parts.declared import families
        from para_bench.commands.parts.fairness import ABOUT, policies_of
        from para_bench.commands.parts.results import results
        from para_bench.report.checkpoints import find_folders
        from para_bench.report.site.build import Source, build_site
        from para_bench.report.site.episodes import split_episodes

        def sees(head: str) -> str:
            """Empty for a plug-in that is not at hand, and for a head of another version."""
            return SEES.get(head) or (ABOUT[head].sees if head in ABOUT else "")

        found = results(self.results)
        splits = [split_episodes(r.split, r.description.about, r.expected, r.records, r.facts) for r in found]
        drawn, lacking = {}, ""
        if self.pictures:
            from para_bench.replays.scene_pictures import pictures_of  # the simulator, which no other page needs

            drawn, lacking = pictures_of(splits, found[0].records[0].suite_version)
        source = Source(
            splits,
            pictures=drawn,
            folders={split.name: _folders(self.results, split.name) for split in splits},
            policies=policies_of(found, found[0].facts),
            sees={head: seen for result in found for head in result.expected.seeds if (seen := sees(head))},
            results=" ".join(map(_named, self.results)),
            places={split.name: _named(_place(self.results, split.name)) for split in splits},
            checkpoints=find_folders(self.results).keys(),
            families=families(),
            footer=f"Made by para-bench {version('para-bench')} from episode records.",
        )
        built = build_site(source, self.out)
        if lacking:
            print(lacking)
        print(f"{built.episodes:,} episodes, {built.videos} videos: open {built.index}")


def _folders(results: Sequence[Path], split: str) -> list[Path]:
    """Folders of one split, which hold its videos."""
    from para_bench import records

    files = [file for path in results for file in records.files(path)]
    return [file.parent for file in files if file.parent.name == split or len(files) == 1]


def _place(results: Sequence[Path], split: str) -> Path:
    """The results folder that holds a split."""
    from para_bench import records

    return next((path for path in results if any(file.parent.name == split for file in records.files(path))), results[0])


def _named(path: Path) -> str:
    """A folder as a command takes it; of one outside of the working directory the name alone, since its path is this machine's."""
    if path.is_absolute():
        path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else Path(path.name)
    return shlex.quote(str(path))
