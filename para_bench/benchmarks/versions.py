"""VERSIONS: what the suite was and is. A released version never changes; what would change a score of it is a new version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from para_bench.backbones.runtimes import RUNTIMES, TORCH
from para_bench.course import FIRST_RULES, Rules
from para_bench.envs.sampling import CROWDED, PLAIN
from para_bench.types import ParaBenchError, to_dict

_FIRST_SPLITS = (
    *("id", "novel_view", "view_hemisphere", "view_adaptation", "left_to_right", "near_to_far", "new_environment", "lighting", "texture"),
    *("distractors", "layout", "object", "camera_intrinsics", "calibration", "data_efficiency", "combined", "video_backbone"),
)


@dataclass(frozen=True)
class SuiteVersion:
    """A row of VERSIONS."""

    number: int
    """Names random streams of scenes; records carry it as text."""
    about: str
    """What is new in it."""
    world: str
    """World of the scenes of trainings and tests, one of `envs.sampling.WORLDS`."""
    rules: Rules
    """Rules of its episodes and of collecting its demonstrations."""
    frame_s: float | None
    """Time between two frames of a demonstration [s]; None: one frame a waypoint."""
    as_source: bool
    """Whether heads from a publication have the details of their source (`HeadConfig.as_source`)."""
    same_epochs: bool
    """Whether trainings on fewer or more demonstrations keep the number of epochs; else that of steps."""
    runtimes: tuple[str, ...]
    """Rows of RUNTIMES that may compute its frozen features; the last is the default where it is installed."""
    references: tuple[str, ...]
    """Rows of REFERENCES that bound its tables, in order."""
    splits: tuple[str, ...]
    """Rows of SPLITS that it has, in the order of tables; a plug-in's split is in every version."""

    @property
    def decides(self) -> dict[str, Any]:
        """Fields that decide scenes, demonstrations and episodes, as plain JSON, for fingerprints. Scenes state their world themselves."""
        return {"number": self.number, "rules": to_dict(self.rules), "frame_s": self.frame_s}

    @property
    def name(self) -> str:
        """As records, hashes and random streams state it."""
        return str(self.number)


FIRST = SuiteVersion(
    number=1,
    about="one object and one target; a waypoint out of reach ends the episode",
    world=PLAIN,
    rules=FIRST_RULES,
    frame_s=None,
    as_source=False,
    same_epochs=False,
    runtimes=(TORCH,),
    references=("oracle", "noop", "random"),
    splits=_FIRST_SPLITS,
)
SECOND = SuiteVersion(
    number=2,
    about="object and target among look-alikes; a waypoint out of reach is driven as far as the arm reaches",
    world=CROWDED,
    rules=Rules(clamps=True, ensembles=True, one_instant=True),
    frame_s=0.06,
    as_source=True,
    same_epochs=True,
    runtimes=RUNTIMES,
    references=("oracle", "noop", "random", "threshold"),
    splits=(*_FIRST_SPLITS, "look_alikes", "disturbed", "late", "camera_diversity", "room_diversity", "webcam"),
)
VERSIONS = {version.number: version for version in (FIRST, SECOND)}
CURRENT = SECOND.number
"""Default version of every command."""


def find_version(number: int | str) -> SuiteVersion:
    """By its number, or by the text that a record carries.

    Raises:
        ParaBenchError: there is none.
    """
    for version in VERSIONS.values():
        if number in (version.number, version.name):
            return version
    raise ParaBenchError(f"suite version {number} is unknown; allowed: {', '.join(map(str, VERSIONS))}")
