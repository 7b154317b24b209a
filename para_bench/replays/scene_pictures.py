"""Pictures of a split's scenes, for the pages of a site: the control, then one level of each factor."""

from __future__ import annotations

import io

import imageio.v2 as imageio

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import known_split
from para_bench.envs.env import TaskEnv
from para_bench.replays.moments import show
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.overview import shown_levels
from para_bench.report.site.pictures import Picture
from para_bench.report.site.wording import CONTROL_WORDS, of_condition
from para_bench.types import ParaBenchError

SIDE_PX = 160
MOST = 6
"""Most pictures of one split."""


def scene_pictures(results: SplitEpisodes, suite_version: str) -> list[Picture]:
    """Scene 0 of the control, and of one level of each factor as the first page shows it.

    None for a split that this installation does not have.
    """
    split = known_split(results.name, suite_version)
    if split is None:
        return []
    description = results.expected.description
    wanted = [(description.control, CONTROL_WORDS)]
    chosen = [levels[-1] for levels, _ in shown_levels(results)]
    wanted += [(level, of_condition(description, level)) for level in chosen if level != description.control]
    known, env, found = {condition.key: condition for condition in split.all_conditions}, TaskEnv(image_size=SIDE_PX), list[Picture]()
    try:
        for key, name in wanted[:MOST]:
            if condition := known.get(key):
                scene = min(results.expected.indices(key), default=0)
                when = show(env, test_scene(split, condition, scene))
                buffer = io.BytesIO()
                imageio.imwrite(buffer, env.render(), format="png")
                found.append(Picture(name + when, buffer.getvalue(), key, scene))
    finally:
        env.close()
    return found


def pictures_of(splits: list[SplitEpisodes], suite_version: str) -> tuple[dict[str, list[Picture]], str]:
    """Pictures by split, and one line that says why there are none where this machine cannot draw."""
    try:
        return {split.name: found for split in splits if (found := scene_pictures(split, suite_version))}, ""
    except ParaBenchError as error:
        return {}, f"no pictures of scenes: {error}"
