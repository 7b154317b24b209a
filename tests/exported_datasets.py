"""A data set folder as lerobot's writer leaves it, made without lerobot: the columns that an import reads."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow
from pyarrow import parquet

from para_bench.data.store import Demonstrations, View
from para_bench.lerobot_data import features as f
from para_bench.lerobot_data.export import _about, _episodes


def write_dataset(demonstrations: Demonstrations, folder: Path, leave_out: tuple[int, ...] = ()) -> Path:
    """`leave_out`: episodes that are not written, as if a tool of lerobot had taken them away."""
    views = demonstrations.views or tuple((View(scene.camera, scene.room),) for scene in demonstrations.scenes)
    rows = []
    for number, episode in enumerate(_episodes(demonstrations, views)):
        if number in leave_out:
            continue
        camera = views[episode.scene][episode.view].camera.resized(32)
        rows += [f.values(demonstrations.frames, int(index), episode.scene, episode.view, camera) for index in episode.frames]
    kept = (*f.EXACT, f.SCENE, f.VIEW, f.TIMESTEP)
    table = {name: [row[name].tolist() if row[name].size > 1 else row[name].item() for row in rows] for name in kept}
    for file in ("data/chunk-000/file-000.parquet", "meta/info.json"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pyarrow.table(table), folder / "data/chunk-000/file-000.parquet")
    (folder / "meta/info.json").write_text(json.dumps({"codebase_version": f.FORMAT}))
    (folder / f.ABOUT).write_text(json.dumps(_about(demonstrations, 32, "2")))
    return folder
