"""SUITES: heads x splits x training seeds that are run together, with every training they share done once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from para_bench.benchmarks import SPLITS
from para_bench.benchmarks.config import RunConfig
from para_bench.benchmarks.profiles import PROFILES, Profile
from para_bench.heads import HEADS
from para_bench.types import ParaBenchError


@dataclass(frozen=True)
class Suite:
    about: str
    """For `para-bench list` and docs."""
    splits: tuple[str, ...]
    heads: tuple[str, ...]
    profile: Profile
    videos: bool = False


SUITES: dict[str, Suite] = {
    "smoke": Suite(
        "does it all run: two heads, hardly trained, and fine-tuned to another view",
        ("view_adaptation",),
        ("para", "global_token"),
        PROFILES["smoke"],
    ),
    "ci": Suite(
        "guards the success rates of para: three training seeds, in distribution, new views, new rooms and both at once",
        ("combined",),
        ("para",),
        replace(PROFILES["default"], seeds=3, steps=1000),
    ),
    "paper": Suite(
        "every head, every split, five training seeds", tuple(SPLITS.builtin), tuple(HEADS.builtin), PROFILES["paper"], videos=True
    ),
}


def find_suite(name: str) -> Suite:
    """A suite by name.

    Raises:
        ParaBenchError: unknown name.
    """
    if name not in SUITES:
        raise ParaBenchError(f"suite {name!r} is unknown; allowed: {', '.join(SUITES)}")
    return SUITES[name]


def configs(suite: Suite, base: RunConfig) -> list[RunConfig]:
    """One run a split, with what `base` says of workers, folders and devices."""
    return [replace(base, split=split, heads=suite.heads, profile=suite.profile, videos=suite.videos) for split in suite.splits]
