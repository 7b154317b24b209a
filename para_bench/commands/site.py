"""`para-bench site`: result folders as pages that open from disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from para_bench.benchmarks import SPLITS
from para_bench.benchmarks.checkpoints import find_checkpoints
from para_bench.heads import HEADS
from para_bench.policy import CONFIG
from para_bench.references import REFERENCES
from para_bench.report import records
from para_bench.report.roster import Condition, Expected
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.episodes import SplitEpisodes, split_episodes
from para_bench.types import EpisodeRecord, ParaBenchError

if TYPE_CHECKING:
    from para_bench.cli import Site

SEES = {"oracle": "the simulator", "noop": "nothing", "random": "nothing"}
"""What references see; heads tell themselves."""


def site(args: Site) -> None:
    splits = find_splits(args.results)
    configs = {digest: folder / CONFIG for results in args.results for digest, folder in find_checkpoints(results).items()}
    source = Source(
        splits,
        folders={split.name: _folders(args.results, split.name) for split in splits},
        checkpoints={digest: json.loads(path.read_text()) for digest, path in configs.items()},
        sees={**{name: getattr(head, "sees", "") for name, head in HEADS.items()}, **SEES},
        results=str(args.results[0]) if len(args.results) == 1 and not args.results[0].is_absolute() else "RESULTS",
        footer=f"Made by para-bench {version('para-bench')} from episode records.",
    )
    built = build_site(source, args.out)
    print(f"{built.episodes} episodes, {built.videos} videos: open {built.index}")


def find_splits(results: Sequence[Path]) -> list[SplitEpisodes]:
    """Every split in the result folders, in the order of SPLITS."""
    found = records.read(*results)
    if not found:
        raise ParaBenchError(f"no episodes in {', '.join(map(str, results))}; allowed: folders that hold an {records.FILE_NAME}")
    names = dict.fromkeys(r.split for r in found)
    ordered = [*(name for name in SPLITS if name in names), *(name for name in names if name not in SPLITS)]
    about = {name: split.about for name, split in SPLITS.items()}
    return [split_episodes(name, about.get(name, ""), *_expected(name, [r for r in found if r.split == name])) for name in ordered]


def _expected(split: str, found: list[EpisodeRecord]) -> tuple[Expected, list[EpisodeRecord]]:
    """What was asked for, and the newest episodes: of a head, training seed and condition the last line's checkpoint and code count."""
    last = {(r.head, r.train_seed, r.condition, r.level): (r.checkpoint_hash, r.config_hash) for r in found}
    newest = [r for r in found if last[r.head, r.train_seed, r.condition, r.level] == (r.checkpoint_hash, r.config_hash)]
    scenes: dict[Condition, set[int]] = {}
    for r in newest:
        scenes.setdefault((r.condition, r.level), set()).add(r.scene_index)
    known = [c.key for c in SPLITS[split].all_conditions] if split in SPLITS else []
    ordered = [*(key for key in known if key in scenes), *(key for key in scenes if key not in known)]
    order = {
        name: place for place, name in enumerate((*HEADS, *dict.fromkeys(r.head for r in newest if r.head not in REFERENCES), *REFERENCES))
    }
    heads = sorted({r.head for r in newest}, key=lambda head: order[head])
    seeds = {head: sorted({r.train_seed for r in newest if r.head == head}) for head in heads}
    return Expected(seeds, {condition: sorted(scenes[condition]) for condition in ordered}), newest


def _folders(results: Sequence[Path], split: str) -> list[Path]:
    """Folders of one split, which hold its videos."""
    files = [file for path in results for file in (sorted(path.rglob(records.FILE_NAME)) if path.is_dir() else [path])]
    return [file.parent for file in files if file.parent.name == split or len(files) == 1]
