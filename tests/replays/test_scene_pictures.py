"""Pictures of scenes for the pages: the control and one level of each factor, of splits that are known."""

from __future__ import annotations

import io

import imageio.v2 as imageio
import numpy as np
import pytest

from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import find_split
from para_bench.records.description import Description
from para_bench.replays import scene_pictures
from para_bench.report.roster import Expected
from para_bench.report.site.episodes import SplitEpisodes, split_episodes
from para_bench.types import ParaBenchError


def of(split: str, version: int = 2) -> SplitEpisodes:
    """A split without episodes."""
    said = describe(find_split(split, version=version))
    return split_episodes(split, said.about, Expected({"para": (0,)}, said.scenes(4), said), [])


@pytest.mark.integration
def test_the_control_and_one_level_of_each_factor() -> None:
    found = scene_pictures.scene_pictures(of("lighting"), "2")
    assert [picture.words for picture in found] == ["no shift (control)", "unseen lighting"]
    images = [imageio.imread(io.BytesIO(picture.png)) for picture in found]
    assert {image.shape[:2] for image in images} == {(scene_pictures.SIDE_PX, scene_pictures.SIDE_PX)}
    assert np.abs(images[0].astype(int) - images[1]).mean() > 1  # the shift is seen


def test_a_split_that_is_not_known_has_none() -> None:
    unknown = split_episodes("mine", "", Expected({"para": (0,)}, {("id", "0"): (0,)}, Description("mine")), [])
    assert scene_pictures.scene_pictures(unknown, "2") == []


def test_a_machine_that_cannot_draw_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(image_size: int) -> None:
        raise ParaBenchError("OpenGL is not there; allowed: EGL or OSMesa")

    monkeypatch.setattr(scene_pictures, "TaskEnv", refuse)
    assert scene_pictures.pictures_of([of("lighting")], "2") == ({}, "no pictures of scenes: OpenGL is not there; allowed: EGL or OSMesa")
