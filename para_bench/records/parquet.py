"""episodes.parquet: the records of episodes.jsonl, packed to keep and to publish (about a twentieth of the size)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from pyarrow.lib import ArrowException

from para_bench.records.episode import REQUIRED, EpisodeRecord
from para_bench.types import ParaBenchError, from_dict, to_dict

FILE_NAME = "episodes.parquet"
_EXTRA = "extra."
_FIELDS = tuple(EpisodeRecord.__dataclass_fields__)


def write(records: Sequence[EpisodeRecord], path: Path) -> None:
    """One row a record, in order; a diagnostic is a column `extra.NAME`, empty where an episode does not have it."""
    rows = [to_dict(record) for record in records]
    flat = [{k: v for k, v in row.items() if k != "extra"} | {_EXTRA + k: v for k, v in row["extra"].items()} for row in rows]
    extras = sorted({name for row in flat for name in row if name.startswith(_EXTRA)})
    table = pd.DataFrame(flat, columns=[*(name for name in _FIELDS if name != "extra"), *extras])
    partial = path.with_suffix(".partial")
    table.to_parquet(partial, index=False, compression="zstd")
    partial.replace(path)  # whoever reads meanwhile sees the old file or the new one


def read(path: Path) -> list[EpisodeRecord]:
    """Records in the order of rows.

    Raises:
        ParaBenchError: damaged, or not a file of records.
    """
    try:
        table = pd.read_parquet(path)
        missing = [name for name in REQUIRED if name not in table.columns]
        if missing:
            raise ValueError(f"columns missing: {', '.join(missing)}")
        extras = [name for name in table.columns if name.startswith(_EXTRA)]
        return [_record(row, extras) for row in table.astype(object).where(table.notna(), None).to_dict("records")]
    except (ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise ParaBenchError(f"{path}: not episode records ({error}); allowed: a file that `para-bench pack` wrote") from None


def _record(row: dict, extras: Sequence[str]) -> EpisodeRecord:
    extra = {name.removeprefix(_EXTRA): row[name] for name in extras if row[name] is not None}
    return from_dict(EpisodeRecord, {name: row[name] for name in _FIELDS if name in row} | {"extra": extra})
