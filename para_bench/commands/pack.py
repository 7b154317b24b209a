"""`para-bench pack`: results folders into one that is small enough to keep and to publish."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from para_bench import records
from para_bench.commands.folders import make_folder
from para_bench.records import EpisodeRecord, parquet
from para_bench.report.fairness.policies import JSON, read, write
from para_bench.report.inventory import CONFIG, asked
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Pack


def pack(args: Pack) -> None:
    """Append-only: records that are in --out already stay there, and stay first."""
    folders = dict.fromkeys(file.parent for path in args.results for file in records.files(path))
    if not folders:
        raise ParaBenchError(f"no records in {', '.join(map(str, args.results))}; allowed: folders that runs wrote")
    _refuse_unknown(args, [r for folder in folders for r in records.read(folder) if r.checkpoint_hash])
    for folder in folders:
        target = args.out / folder.name
        make_folder(target)
        before = records.read(target)
        packed = before + [r for r in records.read(target, folder)[len(before) :] if _wanted(r, args)]
        parquet.write(packed, target / parquet.FILE_NAME)
        (target / records.FILE_NAME).unlink(missing_ok=True)  # packed above
        if asked(folder / CONFIG):  # refuses what is damaged
            config = json.loads((folder / CONFIG).read_text())
            config.pop("out", None)  # a path of the machine that ran it
            if args.heads:  # of those left out, nothing is missing
                config["heads"] = [head for head in config["heads"] if head in args.heads]
            if args.seeds:
                config["train_seeds"] = sorted(args.seeds)
            (target / CONFIG).write_text(json.dumps(config, indent=2) + "\n")
        if (folder / JSON).exists() and folder.resolve() != target.resolve():
            write(target, read(folder / JSON))  # what is stated of other heads stays
        size = (target / parquet.FILE_NAME).stat().st_size / 1e6
        print(f"{target / parquet.FILE_NAME}: {len(packed)} episodes, {len(packed) - len(before)} new, {size:.2f} MB")


def _refuse_unknown(args: Pack, trained: Sequence[EpisodeRecord]) -> None:
    for name, chosen, found in (
        ("--heads", args.heads, dict.fromkeys(r.head for r in trained)),
        ("--seeds", args.seeds, sorted({r.train_seed for r in trained})),
    ):
        if unknown := [value for value in chosen if value not in found]:
            raise ParaBenchError(f"{name} {unknown[0]}: no such records; found: {', '.join(map(str, found))}")


def _wanted(record: EpisodeRecord, args: Pack) -> bool:
    """References belong to every choice."""
    return not record.checkpoint_hash or (
        (not args.heads or record.head in args.heads) and (not args.seeds or record.train_seed in args.seeds)
    )
