"""Splits in which something happens during the episode: what they cost depends on how often the policy looks."""

from __future__ import annotations

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.envs.shifts.events import STEPS, late, object_moved, object_turned
from para_bench.records.factors import Factor

MOVED_CM, TURNED_DEG, LATE_WAYPOINTS = (3, 6), (60,), (1, 2, 3)


def disturbed() -> Split:
    return Split(
        "disturbed",
        f"trains undisturbed; in tests the object is moved by {' or '.join(map(str, MOVED_CM))} cm, in any direction that leaves it where "
        f"objects may stand, or turned by {TURNED_DEG[0]} deg either way; this happens once, after waypoint {STEPS[0]} to {STEPS[1]}: "
        "before the jaw closes, and before a policy that executes whole chunks looks again",
        (
            *(Condition("object_moved", str(cm), object_moved(cm / 100)) for cm in MOVED_CM),
            *(Condition("object_turned", str(angle), object_turned(angle)) for angle in TURNED_DEG),
        ),
        also_under=(object_moved(max(MOVED_CM) / 100),),  # look-alikes leave the object room to be moved
        factors=(Factor("object_moved", unit="cm"), Factor("object_turned", unit="deg")),
    )


def seen_late() -> Split:
    words = {str(n): f"{n} waypoint{'s' if n > 1 else ''} late" for n in LATE_WAYPOINTS}
    return Split(
        "late",
        f"trains on the present picture and state; in tests the policy gets those of {', '.join(map(str, LATE_WAYPOINTS))} waypoints ago "
        "(0.24 s each), those of the start before that; the first look is as ever, and the oftener it looks, the more it sees late",
        tuple(Condition("late", str(waypoints), late(waypoints)) for waypoints in LATE_WAYPOINTS),
        factors=(Factor("late", "curve", "delay of picture and state", "waypoints", level_words=words),),
    )
