"""`para-bench pack`: results folders into one that is small enough to keep and to publish."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from para_bench.report import parquet, records
from para_bench.types import EpisodeRecord, ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Pack

KEPT = ("config.json", "fairness.json")
"""What lies beside the records of a split and is kept with them."""


def pack(args: Pack) -> None:
    """Append-only: records that are in --out already stay there, and stay first."""
    folders = dict.fromkeys(file.parent for path in args.results for file in records.files(path))
    if not folders:
        raise ParaBenchError(f"no records in {', '.join(map(str, args.results))}; allowed: folders that runs wrote")
    for folder in folders:
        target = args.out / folder.name
        target.mkdir(parents=True, exist_ok=True)
        before = records.read(target)
        packed = before + [r for r in records.read(target, folder)[len(before) :] if _wanted(r, args)]
        parquet.write(packed, target / parquet.FILE_NAME)
        (target / records.FILE_NAME).unlink(missing_ok=True)  # packed above
        for name in KEPT:
            if (folder / name).exists() and folder.resolve() != target.resolve():
                shutil.copyfile(folder / name, target / name)
        size = (target / parquet.FILE_NAME).stat().st_size / 1e6
        print(f"{target / parquet.FILE_NAME}: {len(packed)} episodes, {len(packed) - len(before)} new, {size:.2f} MB")


def _wanted(record: EpisodeRecord, args: Pack) -> bool:
    """References belong to every choice."""
    return not record.checkpoint_hash or (
        (not args.heads or record.head in args.heads) and (not args.seeds or record.train_seed in args.seeds)
    )
