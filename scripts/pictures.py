"""Draw the pictures of tasks and splits that README.md and docs/CONCEPTS.md show, as `para-bench view --n 1 --image-size 160` does,
but without its captions.

make pictures
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.env import TaskEnv
from para_bench.replays.moments import show

FOLDER = Path(__file__).resolve().parents[1] / "docs/pictures"
SIZE_PX, COLOURS = 160, 256
TASKS = ("place", "stack", "insert", "wipe")
SPLITS = {
    "calibration": "calibration_rotation/2",
    "camera_diversity": "cameras_beyond/16",
    "camera_intrinsics": "fovy/60",
    "combined": "view_x_environment/30x1",
    "data_efficiency": "demos_grid/32",
    "distractors": "distractors/8",
    "disturbed": "object_moved/6",
    "id": "id/0",
    "late": "late/2",
    "layout": "layout/1",
    "left_to_right": "moved_together/right",
    "lighting": "lighting/1",
    "look_alikes": "look_alikes/unseen",
    "near_to_far": "moved_together/far",
    "new_environment": "environment/1",
    "novel_view": "view_angle/25",
    "object": "object/both",
    "room_diversity": "rooms_beyond/16",
    "texture": "texture/1",
    "video_backbone": "two_stage/view 15",
    "view_adaptation": "adaptation/5",
    "view_hemisphere": "hemisphere/right",
    "webcam": "noise/3",
}
"""Split -> the condition that shows it."""


def draw(folder: Path) -> None:
    """One picture of each task, and one of each split in the task `place`, with a palette and without words."""
    wanted = {f"task_{task}": ("id", task, "id/0") for task in TASKS}
    wanted |= {f"split_{split}": (split, "place", condition) for split, condition in SPLITS.items()}
    env = TaskEnv(image_size=SIZE_PX)
    for name, (of, task, named) in wanted.items():
        split = find_split(of, task)
        (condition,) = (c for c in split.all_conditions if "/".join(c.key) == named)
        show(env, test_scene(split, condition, 0))
        Image.fromarray(env.render()).quantize(COLOURS).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
