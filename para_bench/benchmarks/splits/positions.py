"""Splits over where objects and plates stand, and over how many demonstrations cover the table."""

from __future__ import annotations

from para_bench.benchmarks.conditions import Condition, Split, TrainingSet
from para_bench.envs.sampling import Placement, Region
from para_bench.envs.shifts import identity
from para_bench.envs.shifts.positions import moved, placed
from para_bench.records.factors import Factor

WHOLE = Region()
_MIDDLE = tuple((low + high) / 2 for low, high in zip(WHOLE.low, WHOLE.high, strict=True))
LEFT, RIGHT = Region((WHOLE.low[0], _MIDDLE[1]), WHOLE.high), Region(WHOLE.low, (WHOLE.high[0], _MIDDLE[1]))
NEAR, FAR = Region(WHOLE.low, (_MIDDLE[0], WHOLE.high[1])), Region((_MIDDLE[0], WHOLE.low[1]), WHOLE.high)
DEMOS = (4, 8, 16, 32, 64, 128, 256)


def left_to_right() -> Split:
    return _half_to_half("left_to_right", "left", "right", LEFT, RIGHT)


def near_to_far() -> Split:
    return _half_to_half("near_to_far", "near", "far", NEAR, FAR)


def data_efficiency() -> Split:
    anywhere = [Condition("demos_random", str(n), identity, training=TrainingSet(demos=n)) for n in DEMOS]
    grid = [Condition("demos_grid", str(n), identity, training=TrainingSet("grid", demos=n, grid=True)) for n in DEMOS]
    return Split(
        "data_efficiency",
        f"tests in distribution; trains on {', '.join(map(str, DEMOS))} demonstrations, with objects anywhere in the region or on a "
        "grid that reaches into its corners; the control has the profile's number, anywhere",
        (*anywhere, *grid),
        factors=(
            Factor("demos_random", "curve", "demonstrations at random places", pooled=False, logarithmic=True, figure="demonstrations"),
            Factor("demos_grid", "curve", "demonstrations on a grid", pooled=False, logarithmic=True, figure="demonstrations"),
        ),
    )


def _half_to_half(name: str, here: str, there: str, low: Region, high: Region) -> Split:
    own, other = Placement(low, low), Placement(high, high)
    together = moved(high.low[0] - low.low[0], high.low[1] - low.low[1])
    return Split(
        name,
        f"trains with object and plate in the {here} half of the region ({_text(low)}); tests in the {there} half ({_text(high)}), the "
        "pair moved together, or each placed anew",
        (Condition("moved_together", there, together), Condition("placed_anew", there, placed(other))),
        training=TrainingSet(f"{here}_half", own),
        placement=own,
        also_under=(together,),
        factors=(Factor("moved_together", moves_object=True), Factor("placed_anew", moves_object=True)),
    )


def _text(region: Region) -> str:
    (x, y), (u, v) = region.low, region.high
    return f"x {x:g} to {u:g} m, y {y:g} to {v:g} m"
