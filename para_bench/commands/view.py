"""`para-bench view`: a gallery of test scenes, one row a condition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from para_bench.options import SIZE_PX, Range, SuiteVersions, refuse_idle
from para_bench.text import meant
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.benchmarks.conditions import Condition, Split

SUFFIXES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class View:
    """Draw test scenes of a split's conditions, or training cameras, into one picture."""

    split: str = "new_environment"
    """See `para-bench list`."""
    task: str = "place"
    """What the robot has to do, see `para-bench list`."""
    robot: str = "so101"
    """Which arm does it, see `para-bench list`."""
    suite_version: SuiteVersions = 2
    """1 is the first release: one object and one target, whose results lie in results/v1/."""
    condition: tuple[str, ...] = ()
    """Only these, as FACTOR/LEVEL: view_angle/25. If not given, every condition; of a grid of cells, every eighth cell."""
    n: Annotated[int, Range(1, 1000)] = 6
    """Scenes of each condition."""
    out: Path | None = None
    """The picture; SPLIT.png if not given."""
    image_size: Annotated[int, SIZE_PX] = 224
    """Side of each scene [px]."""
    interactive: bool = False
    """The same scenes in MuJoCo's window instead of a picture, one after the other: Page Down and Page Up turn the pages, Esc quits."""
    cameras: bool = False
    """Draw the training cameras of `run --cameras K` instead of a split: where they stand, from above and from the side."""

    def check(self) -> None:
        """Raises ParaBenchError for options that nothing would read."""
        if self.cameras:
            refuse_idle(self, ("interactive",), "with --cameras", "one of them")
            refuse_idle(self, ("split", "condition", "n"), "with --cameras, which draws no split")
        if self.interactive:
            refuse_idle(self, ("out", "image_size"), "with --interactive, which draws no picture")

    def __call__(self) -> None:
        if self.out and self.out.suffix.lower() not in SUFFIXES:
            raise ParaBenchError(f"--out is {self.out}; allowed: a picture file ending in {', '.join(SUFFIXES)}")
        if self.interactive:
            self._browse()
            return
        if self.cameras:
            self._draw_cameras(self.out or Path("cameras.png"))
            return

        from para_bench.bars import Bar
        from para_bench.benchmarks.scenes import test_scene
        from para_bench.benchmarks.splits import find_split
        from para_bench.commands.parts.pictures import check_sheet, contact_sheet, write_picture
        from para_bench.commands.parts.places import check_place
        from para_bench.envs.env import TaskEnv
        from para_bench.files import file_name
        from para_bench.replays.moments import show
        from para_bench.replays.video import annotate

        split = find_split(self.split, self.task, self.robot, self.suite_version)
        conditions = self._conditions(split)
        check_sheet(len(conditions), self.n, self.image_size)
        path = self.out or Path(f"{file_name(split.name)}.png")
        check_place(path)
        env, images = TaskEnv(image_size=self.image_size), []
        for condition in Bar(conditions, desc="scenes"):
            for index in range(self.n):
                when = show(env, test_scene(split, condition, index))
                images.append(annotate(env.render(), f"{title(split, condition, index)}{when}"))
        write_picture(path, contact_sheet(images, self.n))
        print(f"{len(images)} scenes: {path}")

    def _browse(self) -> None:
        from functools import partial

        from para_bench.benchmarks.scenes import test_scene
        from para_bench.benchmarks.splits import find_split
        from para_bench.replays.browse import browse
        from para_bench.sim.window import Window

        split = find_split(self.split, self.task, self.robot, self.suite_version)
        named = [(title(split, c, i), partial(test_scene, split, c, i)) for c in self._conditions(split) for i in range(self.n)]
        window = Window("para-bench view --interactive", "`para-bench view`, which draws a picture")
        try:
            browse(named, window)
        finally:
            window.close()

    def _conditions(self, split: Split) -> list[Condition]:
        """What is drawn, in the split's order.

        Raises:
            ParaBenchError: a condition that the split does not have.
        """
        if not self.condition:
            return [c for c in split.all_conditions if c.share[1] == 1 or c.share[0] % 8 == 0]
        known = {f"{c.factor}/{c.level}": c for c in split.all_conditions}
        for name in self.condition:
            if name not in known:
                raise ParaBenchError(f"--condition {name!r} is unknown; allowed in {split.name}: {', '.join(known)}{meant(name, known)}")
        return [condition for name, condition in known.items() if name in self.condition]

    def _draw_cameras(self, path: Path) -> None:
        from para_bench.benchmarks.conditions import DEFAULT_TRAINING
        from para_bench.benchmarks.versions import find_version
        from para_bench.commands.parts.pictures import check_sheet, write_picture
        from para_bench.commands.parts.places import check_place
        from para_bench.replays.camera_views import COLUMNS, ROWS, camera_views
        from para_bench.robots import find_robot
        from para_bench.tasks import find_task

        training = DEFAULT_TRAINING.on(find_task(self.task).name, find_robot(self.robot).name).of(find_version(self.suite_version))
        check_sheet(2 * ROWS, COLUMNS, self.image_size)
        check_place(path)
        write_picture(path, camera_views(training, self.image_size))
        print(f"cameras of trainings and of tests, and what {ROWS * COLUMNS} of them see: {path}")


def title(split: Split, condition: Condition, index: int) -> str:
    """ "view angle 25 deg #0": the condition in words, and the number of its scene."""
    from para_bench.benchmarks.conditions import CONTROL
    from para_bench.records.factors import Factor

    named = next((factor for factor in split.factors if factor.name == condition.factor), Factor(condition.factor))
    return f"{'no shift' if condition.key == CONTROL.key else named.words(condition.level)} #{index}"
