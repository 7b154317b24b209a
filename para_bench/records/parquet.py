"""episodes.parquet: the records of episodes.jsonl, packed to keep and to publish (about a twentieth of the size)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.lib import ArrowException

from para_bench.files import writing
from para_bench.records.documents import exists, reason
from para_bench.records.episode import REQUIRED, EpisodeRecord
from para_bench.records.fields import FIELDS, record_of, refuse_contradiction
from para_bench.records.values import Check, WrongValueError, name, number
from para_bench.types import ParaBenchError, to_dict

FILE_NAME = "episodes.parquet"
_EXTRA = "extra."
_HELD = {field.name: field.type for field in fields(EpisodeRecord) if field.name != "extra"}
"""Columns in their order, with their types; those of `extra` follow."""
_TYPES = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "str": pa.string()}
"""By the annotation of a field; one that may be None is an empty cell."""


def write(records: Sequence[EpisodeRecord], path: Path) -> None:
    """One row a record, in order; a diagnostic is a column `extra.NAME`, empty where an episode does not have it.

    Raises:
        ParaBenchError: a record could not be read again, or the file cannot be written.
    """
    rows = [_row(number, record, path) for number, record in enumerate(records, start=1)]
    extras = sorted({key for row in rows for key in row["extra"]})
    columns = {field: pa.array([row[field] for row in rows], _TYPES[str(kind).removesuffix(" | None")]) for field, kind in _HELD.items()}
    columns |= {_EXTRA + key: pa.array([row["extra"].get(key) for row in rows], pa.float64()) for key in extras}
    with writing(path, ArrowException) as partial:
        pq.write_table(pa.table(columns), partial, compression="zstd")


def _row(number: int, record: EpisodeRecord, path: Path) -> dict[str, Any]:
    try:
        return to_dict(record_of(to_dict(record)))
    except (ValueError, TypeError, RecursionError) as error:
        raise ParaBenchError(f"{path}: row {number} not written, no episode record: {reason(error)}; allowed: EpisodeRecord") from None


def read(path: Path) -> list[EpisodeRecord]:
    """Records in the order of rows.

    Raises:
        ParaBenchError: damaged, or not a file of records.
    """
    if not exists(path):
        raise ParaBenchError(f"there is no file {path}; allowed: one that `para-bench pack` wrote")
    try:
        table = pq.ParquetFile(path).read()
        missing = [field for field in REQUIRED if field not in table.column_names]
        if missing:
            raise WrongValueError("missing", "every field of a record", ", ".join(missing))
        if len(set(table.column_names)) != len(table.column_names):
            raise WrongValueError("there twice", "each column once", "a column")
        held = {field: _column(table, field, FIELDS[field]) for field in _HELD if field in table.column_names}
        extras = {_named(column): _column(table, column, _number_or_nothing) for column in table.column_names if column.startswith(_EXTRA)}
        return list(_records(len(table), held, extras))
    except (ArrowException, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ParaBenchError(f"{path}: not episode records ({reason(error)}); allowed: a file that `para-bench pack` wrote") from None


def _records(rows: int, held: dict[str, list], extras: dict[str, list]) -> Iterator[EpisodeRecord]:
    names, columns = list(held), list(held.values())
    keys, measures = list(extras), list(extras.values())
    parts: Iterable[tuple[float | None, ...]] = zip(*measures, strict=True) if measures else ((),) * rows
    for place, (row, part) in enumerate(zip(zip(*columns, strict=True), parts, strict=True), start=1):
        extra: dict[str, float] = {key: value for key, value in zip(keys, part, strict=True) if value is not None}
        record = EpisodeRecord(**dict(zip(names, row, strict=True)), extra=extra)
        refuse_contradiction(record.success_once, record.success_at_end, record.strict_success, f"row {place}")
        yield record


def _column(table: pa.Table, column: str, check: Check) -> list[Any]:
    """Values of a column, each distinct one checked once; of floats, of which checks take an interval, the ends."""
    found = table.column(column)
    values = found.to_pylist()
    try:
        if pa.types.is_floating(found.type):
            ends = pc.call_function("min_max", [found]).as_py()  # without NaN and empty cells
            odd = [None] * bool(found.null_count) + [math.nan] * bool(
                pc.call_function("any", [pc.call_function("is_nan", [found])]).as_py()
            )
            for value in (*ends.values(), *odd) if len(values) > found.null_count else odd:
                check(value)
            return values
        known = {value: check(value) for value in set(values)}
    except (WrongValueError, TypeError):  # TypeError: lists and the like have no hash
        for row, value in enumerate(values, start=1):
            try:
                check(value)
            except WrongValueError as wrong:
                raise wrong.inside(f"row {row}, {column}") from None
        raise
    return list(map(known.__getitem__, values)) if pa.types.is_integer(table.schema.field(column).type) else values


def _named(column: str) -> str:
    return name(column.removeprefix(_EXTRA))


def _number_or_nothing(value: Any) -> float | None:
    return None if value is None else number()(value)
