"""Words of the protocol: a condition is a factor at a level, a split is a training set and the conditions it is tested on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from para_bench.benchmarks.versions import FIRST, SuiteVersion, find_version
from para_bench.envs.shifts import Shift, identity
from para_bench.records.factors import Factor
from para_bench.sim.base import Placement
from para_bench.types import Camera, ParaBenchError

DEFAULT_TASK, DEFAULT_ROBOT = "place", "so101"
"""Task and robot of suite version 1: names of splits, training sets and scenes state task and robot only where they differ."""


def name_on(name: str, task: str, robot: str) -> str:
    """With task and robot: "stack.novel_view", "stack-ROBOT.novel_view"; the name alone for the task and robot of suite version 1."""
    words = [task] + ([robot] if robot != DEFAULT_ROBOT else [])
    return name if words == [DEFAULT_TASK] else f"{'-'.join(words)}.{name}"


@dataclass(frozen=True)
class Views:
    """A patch of the sphere around the workspace, as offsets from the default camera; one view is drawn for each scene."""

    azimuth_deg: tuple[float, float] = (0.0, 0.0)
    """Positive turns towards +y, the arm's left."""
    elevation_deg: tuple[float, float] = (0.0, 0.0)


DEFAULT_VIEW = Views()
EACH = "each"
Diversity = int | Literal["each"]
"""Number of cameras or rooms, or "each": a new one for each demonstration."""


@dataclass(frozen=True)
class TrainingSet:
    """Where demonstrations come from. Splits with equal training sets share their checkpoints."""

    name: str = "default"
    """Names the random stream of its scenes: of two sets that differ in `demos` alone, the smaller is the start of the larger."""
    placement: Placement = field(default_factory=Placement)
    views: Views = DEFAULT_VIEW
    demos: int | None = None
    """How many; None takes the profile's number."""
    grid: bool = False
    """Objects on a grid that reaches into the corners of the region, instead of anywhere in it."""
    adapts: TrainingSet | None = None
    """Fine-tuning starts from the checkpoint of this set; None trains from scratch."""
    video: Literal["", "frozen", "joint", "two_stage"] = ""
    """Trains on the video backbone instead of the run's: frozen; from random weights together with the head; or pre-trained, then
    together with the head at a smaller rate."""
    task: str = DEFAULT_TASK
    """Row of TASKS."""
    robot: str = DEFAULT_ROBOT
    """Row of ROBOTS."""
    suite_version: int = FIRST.number
    """Row of VERSIONS."""
    world: str = FIRST.world
    """World of its scenes, one of `envs.sampling.WORLDS`."""
    cameras: Diversity = 1
    """From how many cameras the demonstrations are seen (`envs.ranges`); 1 is what `views` says."""
    rooms: Diversity = 1
    """In how many rooms they are seen; 1 is the training room."""

    @property
    def seen(self) -> str:
        """ "-c16-r4": cameras and rooms in the name of a checkpoint; empty for one of each."""
        counts = (("c", self.cameras), ("r", self.rooms))
        return "".join(f"-{letter}{count}" for letter, count in counts if count != 1)

    @property
    def states(self) -> TrainingSet:
        """The training set as it is collected: cameras and rooms change no state."""
        return replace(self, cameras=1, rooms=1)

    def on(self, task: str, robot: str) -> TrainingSet:
        """The same demonstrations of another task or robot, from random streams of their own."""
        name = name_on(self.name, task, robot)
        return replace(self, name=name, task=task, robot=robot, adapts=self.adapts and self.adapts.on(task, robot))

    def of(self, version: SuiteVersion) -> TrainingSet:
        """The same demonstrations in another version of the suite, from random streams of their own."""
        world = version.world if self.world == find_version(self.suite_version).world else self.world
        return replace(self, suite_version=version.number, world=world, adapts=self.adapts and self.adapts.of(version))

    def count(self, default: int) -> int:
        """Number of demonstrations; `default` is the profile's number."""
        return self.demos or default


DEFAULT_TRAINING = TrainingSet()


@dataclass(frozen=True)
class Condition:
    """A factor at one level."""

    factor: str
    """Its name; `id` for no shift."""
    level: str
    """How far, as text: "25"."""
    shift: Shift
    """From a control scene to the scene of this condition."""
    share: tuple[int, int] = (0, 1)
    """(offset, stride): uses the scene indices i with i % stride == offset, for maps of many cells."""
    training: TrainingSet | None = None
    """What to train on instead of the split's own training set: the factor is then the training, not the scene."""
    scenes_of: tuple[str, str] | None = None
    """Factor and level whose random stream the shift draws from: conditions that share one are tested on the same scenes, whatever they
    are trained on. None: a stream of its own."""

    @property
    def key(self) -> tuple[str, str]:
        return self.factor, self.level

    def indices(self, episodes: int) -> list[int]:
        """Scene indices below `episodes` that this condition is tested on."""
        offset, stride = self.share
        return list(range(offset, episodes, stride))


CONTROL = Condition("id", "0", identity)
"""The matched in-distribution control of every split."""


@dataclass(frozen=True)
class Split:
    """A training set, the conditions it is tested on, and their matched control. A released split is never altered."""

    name: str
    about: str
    """What it trains and tests on, with its ranges; for `para-bench list` and docs/SPLITS.md."""
    conditions: tuple[Condition, ...]
    """What is tested beside the control, in the order of the table's rows."""
    training: TrainingSet = DEFAULT_TRAINING
    placement: Placement = field(default_factory=Placement)
    """Where the control scenes' objects and plates stand."""
    views: Views = DEFAULT_VIEW
    """Where the control scenes' cameras stand."""
    also_from: tuple[Camera, ...] = ()
    """Further cameras that must see every control scene: those that a shift puts in a fixed place."""
    also_under: tuple[Shift, ...] = ()
    """Shifts without a random choice: every control scene must be fair under them too."""
    factors: tuple[Factor, ...] = ()
    """How a report reads the levels of a factor; those that are plain rows need none."""
    version: int = 1
    stream: str = "test"
    """Names the random stream of the scenes."""
    task: str = DEFAULT_TASK
    """Row of TASKS."""
    robot: str = DEFAULT_ROBOT
    """Row of ROBOTS."""
    suite_version: int = FIRST.number
    """Row of VERSIONS."""
    world: str = FIRST.world
    """World of the control scenes, one of `envs.sampling.WORLDS`."""
    row: str = ""
    """The row of SPLITS that it comes from, where that is not its name."""

    def on(self, task: str, robot: str = DEFAULT_ROBOT) -> Split:
        """The same split of another task or robot; its name says so, so that results of several tasks lie in one folder."""
        if (task, robot) == (self.task, self.robot):
            return self
        conditions = tuple(replace(c, training=c.training and c.training.on(task, robot)) for c in self.conditions)
        name, training = name_on(self.name, task, robot), self.training.on(task, robot)
        return replace(self, name=name, row=self.row or self.name, task=task, robot=robot, training=training, conditions=conditions)

    def of(self, version: SuiteVersion) -> Split:
        """The same split in another version of the suite: with its world, its rules and random streams of its own."""
        if version.number == self.suite_version:
            return self
        world = version.world if self.world == find_version(self.suite_version).world else self.world
        conditions = tuple(replace(c, training=c.training and c.training.of(version)) for c in self.conditions)
        return replace(self, suite_version=version.number, world=world, training=self.training.of(version), conditions=conditions)

    @property
    def all_conditions(self) -> tuple[Condition, ...]:
        """The control, then `conditions`."""
        return (CONTROL, *self.conditions)

    def training_of(self, condition: Condition) -> TrainingSet:
        """What the policy of a condition was trained on."""
        return condition.training or self.training

    @property
    def trainings(self) -> tuple[TrainingSet, ...]:
        """All distinct training sets, the split's own first."""
        return tuple(dict.fromkeys(self.training_of(condition) for condition in self.all_conditions))

    def condition(self, factor: str, level: str) -> Condition:
        for condition in self.all_conditions:
            if condition.key == (factor, level):
                return condition
        known = ", ".join(" ".join(c.key) for c in self.all_conditions)
        raise ParaBenchError(f"split {self.name} has no condition {factor} {level}; allowed: {known}")
