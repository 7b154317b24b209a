"""`para-bench merge`: the folders of several machines made into one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional


@dataclass(frozen=True)
class Merge:
    """Make one results folder of what `--shard` left on several machines.

    It refuses what does not belong together, also shards whose searched.csv (of `tune`) differ. The records are those of one machine,
    but for the seconds that episodes took. The same `run` or `suite` with this --out then finds everything done and prints its tables;
    what is still missing it does itself.

    Example: para-bench merge shards/1 shards/2 shards/3 --out runs
    """

    shards: Positional[tuple[Path, ...]]
    """The --out of each machine."""
    out: Path = Path("merged")
    """A folder that is not there yet, or an empty one."""

    def __call__(self) -> None:
        from para_bench.execution.merge import merge

        for split in merge(self.shards, self.out):
            left = split.expected - split.episodes
            missing = f", {left} missing (of a shard that is not here, or not done)" if left > 0 else ""
            print(f"{split.split}: {split.episodes} episodes{missing}")
        print(f"merged: {self.out}")
