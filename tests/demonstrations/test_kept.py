"""Demonstrations of a folder are not written over by others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.benchmarks.scenes import training_scene
from para_bench.data.store import View, load
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.kept import save_apart
from para_bench.envs.scenes import scene_from_dict
from para_bench.types import ParaBenchError


@pytest.mark.integration
def test_others_are_refused_and_views_go_with_theirs(tmp_path: Path) -> None:
    one, other = (collect([training_scene(DEFAULT_TRAINING, index, 0, 2)]) for index in range(2))
    seen = replace(one, views=((View(one.scenes[0].camera, one.scenes[0].room),),))
    save_apart(seen, tmp_path, "1")
    assert (tmp_path / "views.json").exists()
    with pytest.raises(ParaBenchError, match="holds other demonstrations; allowed: another --out, or delete them first"):
        save_apart(other, tmp_path, "1")
    assert load(tmp_path, scene_from_dict).hash == one.hash
    save_apart(one, tmp_path, "1")
    assert not (tmp_path / "views.json").exists()
    (tmp_path / "meta.json").write_text("[]")
    with pytest.raises(ParaBenchError, match=r"meta\.json is damaged .*; allowed: as a command wrote it, or no file"):
        save_apart(one, tmp_path, "1")
