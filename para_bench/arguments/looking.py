"""Commands that only show, check or plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from para_bench.types import DEFAULT_BACKBONE


@dataclass(frozen=True)
class List:
    """Show heads, splits, suites and backbones; those of installed plug-ins with the package they come from."""

    splits: bool = False
    """Only the splits, with all they train and test on."""
    out: Path | None = None
    """Write the splits as a Markdown page (docs/SPLITS.md) instead."""

    def __call__(self) -> None:
        from para_bench.commands.list import show

        show(self)


@dataclass(frozen=True)
class TestHead:
    """Check a head against every rule of the Head protocol on made-up inputs, without a simulator; exit code 1 where one is broken.

    Your own head needs no registration: module:Class is looked for on sys.path and in the current folder. See docs/PLUGINS.md.
    Example: para-bench test-head my_package.my_module:MyHead
    """

    __test__ = False  # its name makes pytest look at it
    head: tyro.conf.Positional[str]
    """A name of `para-bench list`, or module:Class."""
    quick: bool = False
    """Leave out the training on one batch, which takes some seconds to half a minute."""

    def __call__(self) -> None:
        from para_bench.commands.test_head import test_head

        test_head(self)


@dataclass(frozen=True)
class View:
    """Draw sampled test scenes of a split's conditions into one picture."""

    split: str = "new_environment"
    """See `para-bench list`."""
    n: int = 6
    """Scenes of each condition."""
    out: Path | None = None
    """The picture; SPLIT.png if not given."""
    image_size: int = 224
    """Side of each scene [px]."""

    def __call__(self) -> None:
        from para_bench.commands.view import view

        view(self)


@dataclass(frozen=True)
class Features:
    """Measure whether a backbone's features find the same surface point from another view and in another room.

    Exact correspondences come from the simulator; nothing is trained. Rows that are there already are kept, so backbones can be added
    one after the other. Example: para-bench features --backbone efficientnet_lite0 dinov2_vits14 --out features
    """

    backbone: tuple[str, ...] = (DEFAULT_BACKBONE,)
    """Any of `para-bench list`, or timm:NAME; several share the scenes."""
    backbone_weights: Path | None = None
    """File of weights (.safetensors) for --backbone."""
    scenes: int = 30
    """Scenes, each seen from the training view and again from six other views and in another room."""
    image_size: int = 224
    """Side of the pictures [px]."""
    out: Path = Path("features")
    """Folder for features.csv, features.md, the figure features.pdf and .png, and maps_BACKBONE.png."""
    report_only: bool = False
    """Measure nothing: table and figure from the rows in --out."""

    def __call__(self) -> None:
        from para_bench.commands.features import features

        features(self)


@dataclass(frozen=True)
class Plan:
    """How many scenes tell two success rates apart, by the exact test that `compare` uses."""

    baseline: float = 0.6
    """Success rate of one head, in [0, 1]."""
    effect: float = 0.1
    """Difference to the other head's rate."""
    power: float = 0.8
    """Probability with which the difference should be found."""
    family: int = 1
    """Comparisons made at once."""

    def __call__(self) -> None:
        from para_bench.report.statistics.power import plan

        scenes = plan(self.baseline, self.baseline + self.effect, self.power, family=self.family)
        print(f"{scenes} scenes tell {self.baseline:g} from {self.baseline + self.effect:g} with probability {self.power:g}")


@dataclass(frozen=True)
class Cache:
    """Show or clear the cache of features and images, which is made again when needed."""

    action: tyro.conf.Positional[Literal["list", "clear"]] = "list"

    def __call__(self) -> None:
        from para_bench.commands.cache import cache

        cache(self)
