"""`para-bench demos`: demonstrations on disk, and pictures of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from tyro.conf import OmitArgPrefixes

from para_bench.options import DEMOS, SEED, SIZE_PX, SeenOptions, SuiteVersions

SHEET_DEMOS, SHEET_FRAMES = 12, 8
"""Demonstrations in the pictures, and frames of each on the contact sheet."""


@dataclass(frozen=True)
class Demos:
    """Collect demonstrations with the scripted expert, and a picture of them."""

    n: Annotated[int, DEMOS] = 20
    """How many demonstrations."""
    out: Path = Path("demos")
    """Folder for the demonstrations, contact_sheet.png and demonstrations.mp4."""
    seed: Annotated[int, SEED] = 0
    """Which demonstrations; 0 are the ones that `run` trains on, N those of `run --demo-seed N`."""
    task: str = "place"
    """What the robot has to do, see `para-bench list`."""
    robot: str = "so101"
    """Which arm does it, see `para-bench list`."""
    suite_version: SuiteVersions = 2
    """1 is the first release: one object and one target, whose results lie in results/v1/."""
    image_size: Annotated[int, SIZE_PX] = 224
    """Side of the pictures [px]."""
    training_views: OmitArgPrefixes[SeenOptions] = field(default_factory=SeenOptions)

    def __call__(self) -> None:
        import numpy as np

        from para_bench.bars import Bar
        from para_bench.benchmarks.conditions import DEFAULT_TRAINING
        from para_bench.benchmarks.scenes import training_scene
        from para_bench.benchmarks.versions import find_version
        from para_bench.commands.parts.pictures import check_sheet, contact_sheet, write_picture
        from para_bench.data.augmentation import Augmentation
        from para_bench.demonstrations.collect import collect
        from para_bench.demonstrations.frames import FrameImages
        from para_bench.demonstrations.kept import save_apart
        from para_bench.demonstrations.seen import views_of
        from para_bench.execution.cost import say_collecting
        from para_bench.files import make_folder
        from para_bench.replays.video import write_video
        from para_bench.robots import find_robot
        from para_bench.tasks import find_task

        check_sheet(min(self.n, SHEET_DEMOS), SHEET_FRAMES, self.image_size)
        make_folder(self.out)
        say_collecting(self.n)
        version = find_version(self.suite_version)
        training = DEFAULT_TRAINING.on(find_task(self.task).name, find_robot(self.robot).name).of(version)
        scenes = Bar(range(self.n), desc="scenes", disable=self.n < 1000)
        found = collect([training_scene(training, i, self.seed, self.n) for i in scenes], progress=True, frame_s=version.frame_s)
        if (self.training_views.cameras, self.training_views.rooms) != (1, 1):
            found = replace(found, views=views_of(replace(training, **vars(self.training_views)), found.scenes, self.seed, progress=True))
        save_apart(found, self.out, version.name)
        images = FrameImages(found, self.image_size, Augmentation(copies=0), 0)
        episode = found.frames.episode[images.samples.frame]  # one picture a waypoint
        chosen = []
        for demo in range(min(self.n, SHEET_DEMOS)):
            samples = np.flatnonzero(episode == demo)
            chosen += [images(int(i), int(i) + 1)[0] for i in samples[np.linspace(0, len(samples) - 1, SHEET_FRAMES).round().astype(int)]]
        write_picture(self.out / "contact_sheet.png", contact_sheet(chosen, SHEET_FRAMES))
        shown = Bar(np.flatnonzero(episode < SHEET_DEMOS), desc="video")
        write_video(self.out / "demonstrations.mp4", (images(int(i), int(i) + 1)[0] for i in shown), 8)
        print(f"{self.n} demonstrations ({len(found.frames)} frames, all successful) and pictures of them: {self.out}")
