"""Look-alikes share colour, shape or size, never all three, and no rank by size gives the thing away."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from para_bench.envs.env import TaskEnv
from para_bench.envs.fair import problems
from para_bench.envs.sampling import CROWDED, UNSEEN, sample_scene
from para_bench.rollouts.threshold import of_colour
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.sim.visibility import part_of
from para_bench.tasks import TASKS
from para_bench.tasks.parts.look_alikes import PAINTS, of_prop
from para_bench.tasks.parts.pick_and_place import LIKE_OBJECT, LIKE_TARGET, OBJECT
from para_bench.types import Prop, to_dict

PLATE = Prop("cylinder", (0.045, 0.045, 0.002), (0.92, 0.92, 0.94), (0.2, 0.1))
BLOCK = Prop("box", (0.027, 0.027, 0.02), (0.3, 0.7, 0.8), (0.2, 0.1))
THINGS = [OBJECT, PLATE, BLOCK]


@pytest.mark.parametrize("unseen", [False, True])
@pytest.mark.parametrize("thing", THINGS, ids=["bar", "disc", "block"])
def test_each_shares_something_and_none_shares_all(thing: Prop, unseen: bool) -> None:
    sets = of_prop(thing, (thing.rgb,), unseen, 2)
    for parts in (*sets.larger, *sets.smaller, *sets.recoloured):
        same_colour = {part.rgb for part in parts} == {thing.rgb}
        same_form = len(parts) == 1 and (parts[0].shape, parts[0].half_size) == (thing.shape, thing.half_size)
        assert not (same_colour and same_form)
        assert same_form or thing.rgb in {part.rgb for part in parts}
        assert all(part.half_size[2] == pytest.approx(thing.half_size[2], abs=0.0006) for part in parts)
    for (part,) in sets.recoloured:
        assert contrast(part.rgb, thing.rgb) >= MIN_CONTRAST


def test_unseen_sets_have_nothing_of_the_seen_ones() -> None:
    seen, unseen = (of_prop(OBJECT, (OBJECT.rgb,), kind, 2) for kind in (False, True))
    for name in ("larger", "smaller", "recoloured"):
        assert not set(getattr(seen, name)) & set(getattr(unseen, name))
    assert not set(PAINTS[False]) & set(PAINTS[True])


def test_the_number_of_larger_ones_is_uniform() -> None:
    sets, rng = of_prop(OBJECT, (OBJECT.rgb,), False, 2), np.random.default_rng(0)
    counts = Counter(sum(parts in sets.larger for parts in sets.draw(rng)) for _ in range(3000))
    assert all(abs(counts[k] - 1000) < 110 for k in range(3))  # four standard deviations


def test_a_plain_layout_says_nothing_of_look_alikes_and_a_crowded_one_does(literal_scene) -> None:
    layout = literal_scene.layout
    assert "others" not in to_dict(layout)
    crowded = replace(literal_scene, layout=replace(layout, others=(OBJECT,)))
    assert crowded.hash != literal_scene.hash


def test_look_alikes_move_with_the_layout_and_are_kept_off_the_things(literal_scene) -> None:
    layout = replace(literal_scene.layout, others=(replace(OBJECT, xy=(0.30, 0.0)),))
    assert layout.moved(0.01, 0.02).others[0].xy == pytest.approx((0.31, 0.02))
    near = replace(layout, others=(replace(OBJECT, xy=layout.object.xy),))
    assert problems(replace(literal_scene, layout=near))[0].startswith("a look-alike is 0.000 m from")


@pytest.mark.slow  # a minute: 200 images of each task and world
@pytest.mark.parametrize("world", [CROWDED, UNSEEN])
@pytest.mark.parametrize("task", TASKS)
def test_no_rank_by_size_is_the_thing_more_often_than_chance(task: str, world: str) -> None:
    env, count = TaskEnv(), 200
    ranks: dict[str, Counter[int]] = {"object": Counter(), "target": Counter()}
    for index in range(count):
        scene = sample_scene(np.random.default_rng([77, index]), task=task, world=world)
        env.start(scene)
        image, geoms = env.render(), env.geoms()
        for role, rgb in scene.layout.colours.items():
            labels, found = ndimage.label(of_colour(image, rgb))
            sizes = np.bincount(labels.ravel(), minlength=found + 1)[1:]
            mine = np.isin(geoms, [geom for geom in np.unique(geoms) if part_of(geom, role)])
            own = int(np.bincount(labels[mine], minlength=found + 1)[1:].argmax())
            ranks[role][1 + int((sizes > sizes[own]).sum())] += 1
    env.close()
    for role, chance in (("object", 1 / (1 + LIKE_OBJECT)), ("target", 1 / (1 + LIKE_TARGET))):
        # three standard deviations, and 0.05 for perspective: a larger thing far away is smaller in the image
        assert max(ranks[role].values()) / count < chance + 0.05 + 3 * np.sqrt(chance * (1 - chance) / count), ranks
