"""How well features find the same surface point in a second picture: rows of a file, and their table."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd
from rich.text import Text

from para_bench.files import write_text
from para_bench.records import values
from para_bench.records.documents import exists, read_bytes, reason
from para_bench.report.statistics.rates import bracket
from para_bench.report.statistics.seeds import t_interval
from para_bench.report.tables import render
from para_bench.types import ParaBenchError

SAME_PLACE = "same place"
"""A reference without features: it predicts the pixel of the first picture."""
HEADER = ("second picture", "points", "match error px [95 %]", "within a cell % [95 %]", "object hits % [95 %]")


@dataclass(frozen=True)
class FeatureRow:
    """One scene, seen twice."""

    backbone: str
    """Name and hash of the weights, or a reference."""
    image_size: int
    """Side of the pictures [px]."""
    condition: str
    level: str
    """How the second picture differs."""
    scene: int
    points: int
    """Surface points that both pictures show."""
    median_px: float
    """Median distance between their matches and the true pixels [px]."""
    near: int
    """Points whose match is less than a cell off."""
    object_points: int
    """Points on the object."""
    object_hits: int
    """Points on the object whose match lies on it too."""
    code: str = ""
    """16 hex digits over the code that measured it; "" where it is not known (rows from before there was the column)."""


def read(path: Path) -> list[FeatureRow]:
    """Rows that `write` wrote; none where there is no file.

    Raises:
        ParaBenchError: the file holds something else.
    """
    if not exists(path):
        return []
    try:
        rows = csv.DictReader(io.StringIO(read_bytes(path).decode(), newline=""), strict=True)
        return [_row(row) for row in rows]
    except (csv.Error, ValueError, TypeError) as error:
        raise ParaBenchError(f"{path} is no feature report ({reason(error)}); allowed: a file that `para-bench features` wrote") from None


def write(rows: Sequence[FeatureRow], path: Path) -> None:
    """Raises ParaBenchError where the file cannot be written."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f.name for f in fields(FeatureRow)])
    writer.writerows(astuple(row) for row in rows)
    write_text(path, text.getvalue())


_KINDS = {"str": str, "int": int, "float": float}
_CHECKS = values.fields(
    {
        **dict.fromkeys(("backbone", "condition", "level"), values.name),
        "code": str,
        **dict.fromkeys(("image_size", "scene", "points", "near", "object_points", "object_hits"), values.count()),
        "median_px": lambda value: value if math.isnan(value) else values.number(0)(value),
    }
)


def _row(row: dict[str, str]) -> FeatureRow:
    row = {"code": "", **row}
    missing = [f.name for f in fields(FeatureRow) if not isinstance(row.get(f.name), str)]
    if missing:
        raise values.WrongValueError("missing", "every column", missing[0])
    return FeatureRow(**_CHECKS({f.name: _KINDS[str(f.type)](row[f.name]) for f in fields(FeatureRow)}))


def summary(rows: Sequence[FeatureRow]) -> pd.DataFrame:
    """A row a backbone and condition, in order of first appearance; every mean is over scenes, its interval Student's t over them.

    Columns: backbone, condition, level, scenes, points, and value, low and high of `px`, `near` and `hits`.
    """
    if len(sizes := {row.image_size for row in rows}) != 1:
        raise ParaBenchError(f"rows are of pictures of {sorted(sizes)} px; allowed: one size (another --out for another size)")
    found = []
    table = pd.DataFrame([asdict(row) for row in rows])
    keys = ["backbone", "condition", "level"]
    for _, group in table.groupby(keys, sort=False):
        with_points = group[group["points"] > 0]
        with_object = group[group["object_points"] > 0]
        values = {
            "px": with_points["median_px"],
            "near": with_points["near"] / with_points["points"],
            "hits": with_object["object_hits"] / with_object["object_points"],
        }
        row = {key: group[key].iloc[0] for key in keys} | {"scenes": len(group), "points": group["points"].sum()}
        for name, value in values.items():
            interval = t_interval(value.to_numpy(), 0.0, np.inf if name == "px" else 1.0)
            row |= {name: value.mean(), f"{name}_low": interval.low, f"{name}_high": interval.high}
        found.append(row)
    return pd.DataFrame(found)


def to_console(table: pd.DataFrame) -> Text:
    """For `rich.print`."""
    return render.console(HEADER, _blocks(table), caption(table))


def to_markdown(table: pd.DataFrame) -> str:
    """A pipe table with the caption below."""
    return render.markdown(HEADER, _blocks(table), caption(table), "backbone")


def caption(table: pd.DataFrame) -> str:
    """The line under the table."""
    return (
        f"{table['scenes'].max()} scenes, apart from those of training and tests, at the start of the episode from the training camera, "
        "and again from another view or in another room. Match: the cell of the second picture whose feature has the largest cosine with "
        "the point's. Error: mean over scenes of the scene's median. Intervals: Student's t over scenes. "
        f"{SAME_PLACE}: no features, the point is where it was."
    )


def _blocks(table: pd.DataFrame) -> list[render.Block]:
    titled = []
    for row in table.to_dict("records"):
        name = f"{row['condition']} {row['level']}" if row["condition"] == "view_angle" else row["condition"]
        error = f"{row['px']:.1f} [{row['px_low']:.1f}, {row['px_high']:.1f}]"
        near, hits = (bracket(row[key], row[f"{key}_low"], row[f"{key}_high"]) for key in ("near", "hits"))
        titled.append((str(row["backbone"]), (name, str(row["points"]), error, near, hits)))
    return render.blocks(titled)
