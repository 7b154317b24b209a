"""`para-bench features`: do a backbone's features find the same surface point from another view and in another room?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import imageio.v2 as imageio
import numpy as np
from rich.console import Console
from tqdm import tqdm

from para_bench.commands.folders import make_folder
from para_bench.commands.pictures import contact_sheet
from para_bench.replays.video import annotate
from para_bench.report.figures import feature_match
from para_bench.report.figures.style import look_context, save
from para_bench.report.tables import features as report
from para_bench.report.tables.features import SAME_PLACE, FeatureRow
from para_bench.sim.rendering import check_size
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.looking import Features
    from para_bench.backbones.base import Backbone


def features(args: Features) -> None:
    if args.scenes < 2:
        raise ParaBenchError(f"--scenes is {args.scenes}; allowed: 2 or more, for an interval over scenes")
    check_size(args.image_size)
    make_folder(args.out)
    table = args.out / "features.csv"
    rows = report.read(table)
    if not args.report_only:
        rows = _measure(args, rows, table)
    if not rows:
        raise ParaBenchError(f"{table} holds no rows; allowed: a folder that `para-bench features` wrote, or no --report-only")
    found = report.summary(rows)
    (args.out / "features.md").write_text(report.to_markdown(found))
    with look_context():
        save(feature_match.draw(found), args.out / "features")
    console = Console(soft_wrap=True)
    console.print(report.to_console(found))
    console.print(f"\nrows, table, figure and maps in principal colours: {args.out}")


def _measure(args: Features, rows: list[FeatureRow], path: Path) -> list[FeatureRow]:
    """The rows that are there and those that are missing, written after every scene."""
    from para_bench.backbones import create_backbone

    backbones = [create_backbone(name, args.image_size, args.backbone_weights) for name in args.backbone]
    measured = (row.backbone for row in rows)  # those keep their place, and so their colour in the figure
    order = list(dict.fromkeys([SAME_PLACE, *measured, *(backbone.spec.backbone for backbone in backbones)]))
    for scene in tqdm(range(args.scenes), desc="scenes"):
        known = {(row.backbone, row.image_size) for row in rows if row.scene == scene}
        wanted = [backbone for backbone in backbones if (backbone.spec.backbone, args.image_size) not in known]
        reference = (SAME_PLACE, args.image_size) not in known
        if wanted or reference:
            rows = [*rows, *_scene(scene, args.image_size, wanted, reference)]
            rows.sort(key=lambda row: (order.index(row.backbone), row.scene))
            report.write(rows, path)
    for backbone in backbones:
        imageio.imwrite(args.out / f"maps_{backbone.name.replace(':', '_')}.png", _maps(backbone, args.image_size))
    return rows


def _scene(scene: int, size: int, backbones: Sequence[Backbone], reference: bool) -> Iterator[FeatureRow]:
    from para_bench.feature_study.matching import NEAR, Matches, descriptors, match, same_place
    from para_bench.feature_study.pairs import pairs

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
    from para_bench.feature_study.matching import descriptors, principal_colours
    from para_bench.feature_study.pairs import pairs

    found = list(pairs(0, size))
    views = [("training view", found[0][1].first), *((f"{c} {level}", pair.second) for (c, level), pair in found)]
    colours = principal_colours([descriptors(backbone, view.image) for _, view in views])
    large = [np.kron(c, np.ones((size // len(c), size // len(c), 1), np.uint8)) for c in colours]
    side = large[0].shape[0]
    pictures = [annotate(view.image[:side, :side], title) for title, view in views]
    return contact_sheet([*pictures, *large], len(views))
