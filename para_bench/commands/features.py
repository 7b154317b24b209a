"""`para-bench features`: do a backbone's features find the same surface point from another view and in another room?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from para_bench.options import SIZE_PX, Range, check_file, refuse_idle
from para_bench.types import DEFAULT_BACKBONE, ParaBenchError


@dataclass(frozen=True)
class Features:
    """Measure whether features find a surface point again in another view or room.

    Exact correspondences come from the simulator; nothing is trained. Rows that the same code measured are kept, so backbones can be
    added one after the other.

    Example: para-bench features --backbone efficientnet_lite0 dinov2_vits14 --out features
    """

    backbone: tuple[str, ...] = (DEFAULT_BACKBONE,)
    """Any of `para-bench list`, or timm:NAME; several share the scenes."""
    backbone_weights: Path | None = None
    """File of weights (.safetensors) for --backbone."""
    scenes: Annotated[int, Range(2, 100_000)] = 30
    """Scenes, each seen from the training view and again from six other views and in another room."""
    image_size: Annotated[int, SIZE_PX] = 224
    """Side of the pictures [px]."""
    out: Path = Path("features")
    """Folder for features.csv, features.md, the figure features.pdf and .png, and maps_BACKBONE.png."""
    report_only: bool = False
    """Measure nothing: table and figure from the rows in --out."""

    def check(self) -> None:
        """Raises ParaBenchError for a file of weights that is not there, and for options that nothing would read."""
        if self.report_only:
            refuse_idle(self, ("backbone", "backbone_weights", "scenes", "image_size"), "with --report-only, which measures nothing")
        check_file("--backbone-weights", self.backbone_weights)

    def __call__(self) -> None:
        from rich.console import Console

        from para_bench.commands.parts.measured_features import maps, measure
        from para_bench.files import make_folder, write_text
        from para_bench.report.figures import feature_match
        from para_bench.report.figures.files import save
        from para_bench.report.figures.style import look_context
        from para_bench.report.tables import features as report

        make_folder(self.out)
        table = self.out / "features.csv"
        rows = report.read(table)
        if not self.report_only:
            from para_bench.backbones.create import create_backbone

            backbones = [create_backbone(name, self.image_size, self.backbone_weights) for name in self.backbone]
            rows = measure(backbones, self.image_size, self.scenes, rows, table)
            maps(backbones, self.image_size, self.out)
        if not rows:
            raise ParaBenchError(f"{table} holds no rows; allowed: a folder that `para-bench features` wrote, or no --report-only")
        found = report.summary(rows)
        write_text(self.out / "features.md", report.to_markdown(found))
        with look_context():
            save(feature_match.draw(found), self.out / "features")
        console = Console(soft_wrap=True)
        console.print(report.to_console(found))
        console.print(f"\nrows, table, figure and maps in principal colours: {self.out}")
