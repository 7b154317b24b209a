"""Named sizes of a run, and the settings that the search on validation scenes found (results/v1/tuning.csv)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from para_bench.text import meant
from para_bench.types import ParaBenchError

LEARNING_RATES = {
    "para": 3e-3,
    "para_camera_yaw": 3e-3,
    "para_volume": 1e-3,
    "global_token": 1e-3,
    "global_token_camera": 3e-4,
    "global_token_plucker": 3e-4,
    "average_pool": 3e-3,
    "spatial_softmax": 1e-3,
    "act": 1e-3,
    "diffusion": 1e-3,
    "diffusion_plucker": 1e-3,
    "affordance": 3e-4,
    "lift_splat": 1e-3,
    "rvt": 1e-3,
    "point_cloud": 1e-3,
}
"""Best rate of each head in results/v1/tuning.csv, of the search before `para-bench tune`: the same three rates were tried for each; of
rates with equally many successes, the one with the smaller position error."""
SEARCHED_RATES, SEARCHED_DEMOS, SEARCHED_BACKBONE, SEARCHED_REPLAN_STEPS = (3e-4, 1e-3, 3e-3), 20, "efficientnet_lite0", 6
"""The search that each head of LEARNING_RATES got, with the defaults of that time; a test compares it with that table."""
SEARCHED = f"{', '.join(f'{rate:g}' for rate in SEARCHED_RATES)} ({SEARCHED_DEMOS} demos, {SEARCHED_BACKBONE})"
"""The same in words, for the fairness record."""
DEFAULT_LEARNING_RATE = 1e-3
"""For heads that the search has not seen."""
ADAPTATION_STEPS, ADAPTATION_RATE = 0.25, 0.3
"""Fine-tuning to a new view, as shares of the profile's steps and of the head's rate; fixed beforehand, the same for every head."""
VIDEO_STEPS = 0.15
"""Steps of the video backbone's own training, as a share of the profile's."""
VIDEO_REGIMES = {"frozen": (1.0, 0.0), "joint": (0.25, 1.0), "two_stage": (0.25, 0.1)}
"""How a head is trained on it: steps as a share of the profile's, and the backbone's rate as a share of the head's. Joint and
two_stage get the same steps and differ in how the backbone starts; what 30 minutes on two cores allow. Published are 10,000 and
3,000 steps: in that proportion two_stage ended while its error on validation demonstrations still fell steeply (results/v1/video/). The
same for every head."""


@dataclass(frozen=True)
class Profile:
    """The same for every head."""

    demos: int
    seeds: int
    episodes: int
    """Scenes of each condition group."""
    steps: int
    batch: int
    copies: int
    """Augmented copies of each training frame."""
    demo_seeds: int = 1
    """Demonstration sets, each trained on with `seeds` training seeds of its own."""
    films: int | None = None
    """Conditions that are filmed, the control and those after it; None: all. Decides no result."""

    @property
    def trainings(self) -> range:
        """Training seeds of a head, numbered through its demonstration sets."""
        return range(self.demo_seeds * self.seeds)


PROFILES = {
    "smoke": Profile(demos=3, seeds=1, episodes=2, steps=40, batch=8, copies=1, films=2),
    "default": Profile(demos=20, seeds=1, episodes=100, steps=1600, batch=16, copies=3),
    "paper": Profile(demos=256, seeds=5, episodes=320, steps=6000, batch=64, copies=3),
}
"""smoke: does it run; default: minutes on a laptop; paper: intervals over training seeds, on a GPU or overnight."""


def steps_for(profile: Profile, demos: int) -> int:
    """Optimiser steps on another number of demonstrations, with as many epochs as the profile has on its own."""
    return max(1, round(profile.steps * demos / profile.demos))


def resized(profile: Profile, sizes: Mapping[str, int], same_epochs: bool) -> Profile:
    """The profile with other numbers, by their names; where `demos` alone is given, steps may follow so that epochs stay the same."""
    if same_epochs and "demos" in sizes and "steps" not in sizes:
        sizes = {**sizes, "steps": steps_for(profile, sizes["demos"])}
    return replace(profile, **sizes)


def find_profile(name: str) -> Profile:
    if name not in PROFILES:
        raise ParaBenchError(f"profile {name!r} is unknown; allowed: {', '.join(PROFILES)}{meant(name, PROFILES)}")
    return PROFILES[name]
