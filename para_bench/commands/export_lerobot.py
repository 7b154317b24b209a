"""`para-bench export-lerobot`: demonstrations as a LeRobot data set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import Positional

from para_bench.options import SEED, SIZE_PX, VIEWS, refuse_idle


@dataclass(frozen=True)
class ExportLerobot:
    """Write demonstrations as a LeRobot data set of version 3, for lerobot-train.

    Needs the extra lerobot (docs/LEROBOT.md).
    """

    demos: Positional[Path]
    """Folder that `demos` or a run has written."""
    out: Path = Path("lerobot_data")
    """Folder of the data set, which is not there yet."""
    cameras: Annotated[int | Literal["each"], VIEWS] = 1
    """From so many cameras, as `run --cameras`: each demonstration is an episode from every one of them; each: one of its own."""
    seed: Annotated[int, SEED] = 0
    """Which cameras: those of `run --demo-seed N`."""
    image_size: Annotated[int, SIZE_PX] = 224
    """Side of the pictures [px]."""
    video: bool = False
    """Pictures as a video: smaller, and not exact."""

    def check(self) -> None:
        """Raises ParaBenchError for options that nothing would read."""
        if self.cameras == 1:
            refuse_idle(self, ("seed",), "with --cameras 1, which is the default camera", "with several, or each")

    def __call__(self) -> None:
        from dataclasses import replace

        from para_bench.benchmarks.conditions import DEFAULT_TRAINING
        from para_bench.benchmarks.versions import find_version
        from para_bench.data.store import load
        from para_bench.demonstrations.seen import views_of
        from para_bench.envs.scenes import scene_from_dict
        from para_bench.lerobot_data.export import export
        from para_bench.records.documents import read_json
        from para_bench.records.values import fields, name

        found = load(self.demos, scene_from_dict)
        written = read_json(self.demos / "meta.json", fields({"suite_version": name}, ("suite_version",)), "as `demos` wrote it") or {}
        scene, version = found.scenes[0], find_version(written.get("suite_version", "1"))
        if self.cameras != 1:
            training = replace(DEFAULT_TRAINING.on(scene.task, scene.robot).of(version), cameras=self.cameras)
            found = replace(found, views=views_of(training, found.scenes, self.seed, progress=True))
        made = export(found, self.out, self.image_size, self.video, version.name)
        print(f"{len(found.scenes)} demonstrations as {made.episodes} episodes, {made.frames} frames: {self.out}")
