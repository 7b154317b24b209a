"""Checkpoints and demonstrations of several folders, which are named by what decides them, and their table of searches: copied once, and
never mixed up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from para_bench.benchmarks.searched import OWN_TABLE, read
from para_bench.files import write_bytes
from para_bench.report.checkpoints import CONFIG, FOLDER, WEIGHTS
from para_bench.training.specification import BACKBONE_WEIGHTS
from para_bench.types import ParaBenchError

SHARED = (FOLDER, "demonstrations")
_SAME = {FOLDER: (WEIGHTS, BACKBONE_WEIGHTS), "demonstrations": ("meta.json",)}
"""Files that must be equal in two folders of one name; others, with training times and the like, may differ."""
_LAST = (CONFIG, "meta.json")
"""Files written last: a folder that has them is complete."""


def mergeable(sources: Sequence[Path]) -> dict[str, Path]:
    """Name below the results folder -> the folder to copy, of all that are finished.

    Raises:
        ParaBenchError: two of one name differ; names both.
    """
    found: dict[str, Path] = {}
    for source in sources:
        for kind in SHARED:
            for folder in sorted(path for path in (source / kind).glob("*") if is_finished(kind, path)):
                name = f"{kind}/{folder.name}"
                _check_same(kind, found.setdefault(name, folder), folder)
    return found


def table_of(sources: Sequence[Path]) -> bytes | None:
    """The results folders' own table of searches, which decides what heads are trained with; None where no folder has one.

    Raises:
        ParaBenchError: it is damaged, or two folders differ in it; names both.
    """
    tables = [source / OWN_TABLE for source in sources]
    rows = [read(table) for table in tables]
    for table, found in zip(tables, rows, strict=True):
        if found != rows[0]:
            raise ParaBenchError(
                f"{tables[0]} and {table} do not belong together: they have {len(rows[0])} and {len(found)} rows, which differ; "
                "allowed: one table in every --out, since heads are trained with what it found"
            )
    return tables[0].read_bytes() if rows and rows[0] else None


def packed(folder: Path) -> dict[str, bytes]:
    """A folder's files by their names, without locks."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file() and not path.name.endswith(".lock")}


def copied(files: Mapping[str, bytes], target: Path) -> None:
    """Write the files of a folder, those that make it complete last."""
    for name in sorted(files, key=lambda name: (name in _LAST, name)):
        write_bytes(target / name, files[name])


def is_finished(kind: str, folder: Path) -> bool:
    """Whether a folder of one of `SHARED` has all that it needs."""
    complete = (CONFIG, BACKBONE_WEIGHTS) if kind == FOLDER else ("meta.json",)
    return folder.is_dir() and any((folder / name).is_file() for name in complete)


def _check_same(kind: str, first: Path, second: Path) -> None:
    if first == second:
        return
    for name in _SAME[kind]:
        digests = [hashlib.sha256(path.read_bytes()).hexdigest()[:16] if (path := one / name).is_file() else "" for one in (first, second)]
        if digests[0] != digests[1]:
            raise ParaBenchError(
                f"{first / name} and {second / name} do not belong together: their contents are {digests[0] or 'missing'} and "
                f"{digests[1] or 'missing'}; allowed: one training of one name (delete one of both folders)"
            )
