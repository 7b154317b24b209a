"""SUITES: heads x splits x training seeds that are run together, with every training they share done once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from para_bench.benchmarks.profiles import PROFILES, Profile
from para_bench.benchmarks.splits import SPLITS
from para_bench.benchmarks.versions import find_version
from para_bench.heads import HEADS
from para_bench.text import meant
from para_bench.types import DEFAULT_BACKBONE, ParaBenchError

MAIN = ("para", "global_token", "diffusion")
"""What the method's authors compare, and diffusion."""
HEADLINE = ("id", "novel_view", "new_environment", "left_to_right", "near_to_far")
RIVALS = ("act", "global_token_camera", "global_token_plucker", "para_camera_yaw", "para_volume", "spatial_softmax")
FACTORIAL = (
    *("para", "heatmap_rgb", "pixel_regression", "pixel_regression_rgb"),
    *("token_pixels", "global_token_camera", "global_token_plucker", "global_token"),
)
"""From PARA to a pooled token in steps of one column (`contrasts/factorial.toml`)."""
VIDEO, DIVERSITY = "video_backbone", ("camera_diversity", "room_diversity")
_THREE_SEEDS = replace(PROFILES["default"], seeds=3)


@dataclass(frozen=True)
class Suite:
    about: str
    """For `para-bench list` and docs."""
    splits: tuple[str, ...]
    heads: tuple[str, ...]
    profile: Profile
    videos: bool = False
    backbone: str = DEFAULT_BACKBONE
    finetune: bool = False
    """Train through the backbone instead of on its cached features."""

    def splits_of(self, version: int) -> tuple[str, ...]:
        """Its splits that this suite version has."""
        return tuple(split for split in self.splits if split in find_version(version).splits)


SUITES: dict[str, Suite] = {
    "smoke": Suite(
        "does it all run: two heads, hardly trained, and fine-tuned to another view",
        ("view_adaptation",),
        ("para", "global_token"),
        PROFILES["smoke"],
    ),
    "ci": Suite(
        "guards the success rates of para and of a regression: 64 demonstrations, three training seeds, new views, new rooms, both at once",
        ("combined",),
        ("para", "pixel_regression"),  # the strongest regression of the search at 20 demonstrations, so that a loss of a rival is seen
        replace(PROFILES["default"], seeds=3, demos=64, steps=1200),  # with 20 demonstrations seeds differ too much to tell a loss
    ),
    "headline": Suite("three heads on the splits of the headline claims, three training seeds", HEADLINE, MAIN, _THREE_SEEDS),
    "breadth": Suite(
        "the same heads on all other splits, three training seeds",
        tuple(split for split in SPLITS.builtin if split not in (*HEADLINE, VIDEO, *DIVERSITY)),
        MAIN,
        _THREE_SEEDS,
    ),
    "rivals": Suite("the strongest rivals on the splits of the headline claims, three training seeds", HEADLINE, RIVALS, _THREE_SEEDS),
    "others": Suite(
        "every other head in distribution, from new views and in new rooms, one training seed",
        HEADLINE[:3],
        tuple(head for head in HEADS.builtin if head not in (*MAIN, *RIVALS, *FACTORIAL)),
        PROFILES["default"],
    ),
    "factorial": Suite(
        "output, loss, calibration and pooling changed one at a time, on features that never saw the renderer; its contrasts are declared",
        HEADLINE[:3],
        FACTORIAL,
        _THREE_SEEDS,
        backbone="efficientnet_lite0",
    ),
    "diversity": Suite(
        "success against the number of training cameras and of training rooms: para and two tokens, one of them given the calibration",
        DIVERSITY,
        ("para", "global_token", "global_token_plucker"),
        PROFILES["default"],
        backbone="efficientnet_lite0",
    ),
    "video": Suite(
        "para and three regressions on features of a video model that is trained here, one training seed",
        (VIDEO,),
        ("para", "global_token", "average_pool", "act"),
        PROFILES["default"],
    ),
    "imagenet": Suite(
        "does the head still matter on features that never saw the renderer: para and three regressions on efficientnet_lite0, one seed",
        HEADLINE[:3],
        ("para", "global_token", "spatial_softmax", "act"),
        PROFILES["default"],
        backbone="efficientnet_lite0",
    ),
    "finetuned": Suite(
        "does the head still matter where training goes through the backbone: para and three regressions, one training seed",
        HEADLINE[:3],
        ("para", "global_token", "spatial_softmax", "act"),
        PROFILES["default"],
        finetune=True,
    ),
    "paper": Suite(
        "every head, every split, five training seeds", tuple(SPLITS.builtin), tuple(HEADS.builtin), PROFILES["paper"], videos=True
    ),
}


def find_suite(name: str, version: int | None = None) -> Suite:
    """A suite by name, which has a split in a suite version where one is stated.

    Raises:
        ParaBenchError: unknown name, or none of its splits is in the version.
    """
    if name not in SUITES:
        raise ParaBenchError(f"suite {name!r} is unknown; allowed: {', '.join(SUITES)}{meant(name, SUITES)}")
    if version is not None and not SUITES[name].splits_of(version):
        others = ", ".join(other for other, suite in SUITES.items() if suite.splits_of(version))
        raise ParaBenchError(f"suite {name!r} has no split in suite version {version}; allowed in it: {others}")
    return SUITES[name]
