"""Backbones measured on pairs of pictures of the same scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from para_bench.backbones.base import Backbone
from para_bench.bars import Bar
from para_bench.commands.parts.pictures import contact_sheet, write_picture
from para_bench.demonstrations.modules import task_modules
from para_bench.feature_study.matching import NEAR, Matches, descriptors, match, principal_colours, same_place
from para_bench.feature_study.pairs import pairs
from para_bench.files import file_name
from para_bench.provenance import closure
from para_bench.replays.video import annotate
from para_bench.report.tables import features as report
from para_bench.report.tables.features import SAME_PLACE, FeatureRow
from para_bench.training.modules import backbone_modules
from para_bench.types import content_hash

_STUDY = ("para_bench.feature_study.matching", "para_bench.feature_study.pairs", "commands/parts/measured_features.py")
"""Entry points of the measurement beside its task, robot and backbone."""


def measure(backbones: Sequence[Backbone], image_size: int, scenes: int, rows: list[FeatureRow], path: Path) -> list[FeatureRow]:
    """The rows that are there and those that are missing, written to `path` after every scene.

    Rows of these backbones that other code measured are measured again.
    """
    now = {SAME_PLACE: _code(), **{backbone.spec.backbone: _code(backbone.name) for backbone in backbones}}
    kept = [row for row in rows if row.code in ("", now.get(row.backbone, row.code))]
    if len(kept) < len(rows):
        tqdm.write(f"{len(rows) - len(kept)} rows of {path} are measured again: code changed")
        rows = kept
    measured = (row.backbone for row in rows)  # those keep their place, and so their colour in the figure
    order = list(dict.fromkeys([SAME_PLACE, *measured, *(backbone.spec.backbone for backbone in backbones)]))
    for scene in Bar(range(scenes), desc="scenes"):
        known = {(row.backbone, row.image_size) for row in rows if row.scene == scene}
        wanted = [backbone for backbone in backbones if (backbone.spec.backbone, image_size) not in known]
        reference = (SAME_PLACE, image_size) not in known
        if wanted or reference:
            rows = [*rows, *(replace(row, code=now[row.backbone]) for row in _scene(scene, image_size, wanted, reference))]
            rows.sort(key=lambda row: (order.index(row.backbone), row.scene))
            report.write(rows, path)
    return rows


def _code(backbone: str = "") -> str:
    """Of the code that measures a backbone, or the reference."""
    return content_hash(closure((*_STUDY, *task_modules(), *(backbone_modules(backbone) if backbone else ()))))


def maps(backbones: Sequence[Backbone], image_size: int, out: Path) -> None:
    """A picture a backbone in `out`: its maps of scene 0 in principal colours."""
    for backbone in backbones:
        write_picture(out / f"maps_{file_name(backbone.name.replace(':', '_'))}.png", _maps(backbone, image_size))


def _scene(scene: int, size: int, backbones: Sequence[Backbone], reference: bool) -> Iterator[FeatureRow]:
    first = {}
    for (condition, level), pair in pairs(scene, size):
        found: list[tuple[str, Matches]] = [(SAME_PLACE, same_place(pair))] if reference else []
        for backbone in backbones:
            name = backbone.spec.backbone
            if name not in first:
                first[name] = descriptors(backbone, pair.first.image)
            found.append((name, match(pair, first[name], descriptors(backbone, pair.second.image))))
        on = pair.on_object
        for name, (error, hits) in found:
            median = round(float(np.median(error)), 2) if len(error) else float("nan")
            near = int((error < NEAR * size).sum())
            yield FeatureRow(name, size, condition, level, scene, len(error), median, near, int(on.sum()), int(hits[on].sum()))


def _maps(backbone: Backbone, size: int) -> np.ndarray:
    """Scene 0: the pictures above, the maps in principal colours below."""
    found = list(pairs(0, size))
    views = [("training view", found[0][1].first), *((f"{c} {level}", pair.second) for (c, level), pair in found)]
    colours = principal_colours([descriptors(backbone, view.image) for _, view in views])
    large = [np.kron(c, np.ones((size // len(c), size // len(c), 1), np.uint8)) for c in colours]
    side = large[0].shape[0]
    pictures = [annotate(view.image[:side, :side], title) for title, view in views]
    return contact_sheet([*pictures, *large], len(views))
