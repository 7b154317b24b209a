"""Look-alikes: things that share the colour, the shape or the size of a thing of the task, but never all three.

With them only colour, shape and size together identify a thing. Of the things in the object's colour a number drawn uniformly is larger
than the object and the others are smaller, so that the object has every rank by size equally often; so has the target. Sets are fixed:
one for training and test (`seen`), one for tests of unseen look-alikes (`unseen`).

They are fixed to the table: loose ones would change the state that demonstrations store, and a policy that takes one fails either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from para_bench.sim.base import Circle, Region
from para_bench.sim.footprints import gap
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.tasks.parts.things import Parts, at, painted, radius
from para_bench.types import Layout, Prop, Rgb

PAINTS: dict[bool, tuple[Rgb, ...]] = {
    False: ((0.15, 0.28, 0.72), (0.08, 0.48, 0.42), (0.86, 0.62, 0.74)),  # blue, teal, pink
    True: ((0.48, 0.20, 0.62), (0.13, 0.13, 0.15), (0.22, 0.42, 0.12)),  # violet, charcoal, green
}
"""Other colours of look-alikes, seen (False) and unseen (True); those near to a colour of the task are left out."""
LARGER, SMALLER = 1.6, 0.5
"""Area in the image of larger and smaller look-alikes, relative to the thing's, seen from 45 deg above. It falls by a third from one end
of REGION to the other (distances of 0.66 and 0.83 m), and a larger one is mostly still larger there."""
ROOM_M = 0.05
"""From the middle of object and target to the outline of anything else [m]: the fingers of the open jaw end 36 mm from its middle, as the
object does."""
APART_M = 0.006
"""Between two look-alikes [m], so that two of one colour are not one blob."""
REGION = Region((0.08, -0.24), (0.37, 0.24))
"""Where they stand with all of their outline, world [m]: in view of the default camera, inside of the clutter, around where objects and
targets stand."""
TRIES, ROUNDS = 60, 40
"""Places tried for one thing, and for all of them: a layout is all but never given up."""


@dataclass(frozen=True)
class LookAlikes:
    """Look-alikes of one thing."""

    larger: tuple[Parts, ...]
    """In its colour, of another shape."""
    smaller: tuple[Parts, ...]
    """In its colour, of another shape or size, or half in another colour."""
    recoloured: tuple[Parts, ...]
    """Of its shape and size."""
    count: int = 1
    """How many of them in a scene have its colour."""

    def draw(self, rng: np.random.Generator) -> list[Parts]:
        """`count` in the thing's colour, of which a uniform number is larger, and one recoloured."""
        larger = int(rng.integers(self.count + 1))
        kinds = [self.larger] * larger + [self.smaller] * (self.count - larger) + [self.recoloured]
        return [_pick(rng, kind) for kind in kinds]


def of_prop(thing: Prop, colours: Sequence[Rgb], unseen: bool, count: int) -> LookAlikes:
    """Look-alikes of a box or a cylinder. Apart from its own colour they have none that is near to one of `colours`, the task's."""
    paints = free_paints(colours, unseen)
    thing = replace(thing, xy=(0.0, 0.0), yaw=0.0)
    return LookAlikes(
        tuple(_scaled(thing, LARGER, unseen)),
        (*_scaled(thing, SMALLER, unseen), two_tone(thing, paints[0], unseen)),
        tuple(painted((thing,), rgb) for rgb in paints),
        count,
    )


def free_paints(colours: Sequence[Rgb], unseen: bool) -> tuple[Rgb, ...]:
    """PAINTS that are distinct from all of `colours`."""
    return tuple(rgb for rgb in PAINTS[unseen] if all(contrast(rgb, other) >= MIN_CONTRAST for other in colours))


def _scaled(thing: Prop, share: float, unseen: bool) -> list[Parts]:
    """Other shapes in the thing's colour, of its height and `share` of its area in the image: cylinders, squares and bars; unseen: domes
    and crosses.
    """
    x, y, z = thing.half_size
    round_, long = thing.shape == "cylinder", max(x, y) / min(x, y) >= 1.5
    area = share * (_seen_area(np.pi, 2.0, x, z) if round_ else _seen_area(4 * y / x, 4 * (1 + y / x) / np.pi, x, z))

    def box(a: float, b: float) -> Prop:
        return replace(thing, shape="box", half_size=(a, b, z))

    if unseen:
        # An ellipsoid's outline from 45 deg, with half axes 0.8 d, d / 0.8 and z: pi sqrt(d^4 + 1.1 z^2 d^2).
        d = float(np.sqrt(np.hypot(0.55 * z * z, area / np.pi) - 0.55 * z * z))
        dome = replace(thing, shape="ellipsoid", half_size=(0.8 * d, d / 0.8, z))
        arm = _size_of(area, 3.4, 2.35, z)  # bars of width 1 and length 2.2; the outline around them has a perimeter of 7.4
        stub = box(arm / 2, 0.3 * arm)
        return [(dome,), (box(1.1 * arm, arm / 2), replace(stub, xy=(0.0, -0.8 * arm)), replace(stub, xy=(0.0, 0.8 * arm)))]
    disc, side, width = _size_of(area, np.pi, 2.0, z), _size_of(area, 4.0, 8 / np.pi, z), _size_of(area, 4 * 2.5, 4 * 3.5 / np.pi, z)
    cylinder = replace(thing, shape="cylinder", half_size=(disc, disc, z))
    return [
        (kind,)
        for kind, same in ((cylinder, round_), (box(side, side), not round_ and not long), (box(width, 2.5 * width), long))
        if not same
    ]


def _seen_area(base: float, width: float, size: float, half_height: float) -> float:
    """Area of an upright thing of this size [m] seen from 45 deg above, times the square root of 2 [m^2].

    Its top is `base` sizes squared; its side is as wide as its outline is on average, `width` sizes (perimeter / pi, Cauchy).
    """
    return base * size**2 + width * size * 2 * half_height


def _size_of(area: float, base: float, width: float, half_height: float) -> float:
    """The size [m] of which `_seen_area` is `area`."""
    side = width * half_height
    return float((np.sqrt(side**2 + base * area) - side) / base)


def two_tone(thing: Prop, rgb: Rgb, unseen: bool) -> Parts:
    """The thing with half of it in another colour: one end or the middle of a box, the middle of a disc."""
    x, y, z = thing.half_size
    if thing.shape == "cylinder":
        middle = replace(thing, half_size=(0.6 * x, 0.6 * x, z + 0.0005), rgb=rgb)  # its top face lies over the other
        return (thing, replace(middle, shape="box", half_size=(0.5 * x, 0.5 * x, z + 0.0005)) if unseen else middle)
    if unseen:
        end = replace(thing, half_size=(x, y / 4, z))
        middle = replace(thing, half_size=(x, y / 2, z), rgb=rgb)
        return (replace(end, xy=(0.0, -0.75 * y)), middle, replace(end, xy=(0.0, 0.75 * y)))
    half = replace(thing, half_size=(x, y / 2, z))
    return (replace(half, xy=(0.0, -y / 2)), replace(half, xy=(0.0, y / 2), rgb=rgb))


L = TypeVar("L", bound=Layout)


def crowded(rng: np.random.Generator, layout: L, sets: Sequence[LookAlikes], clear: Sequence[Circle]) -> L | None:
    """The layout among one draw of each set, outside of the circles `clear`, at random places; None where they found no room."""
    things = sorted((thing for each in sets for thing in each.draw(rng)), key=radius, reverse=True)  # large ones first: they find room
    for _ in range(ROUNDS):  # of the same things: were they drawn anew, the larger ones would be rare
        others = _stood(rng, things, clear)
        if others is not None:
            return replace(layout, others=others)
    return None


def _stood(rng: np.random.Generator, things: Sequence[Parts], clear: Sequence[Circle]) -> Parts | None:
    """Each at a random place, apart from the others; None where one found no room."""
    circles: list[Circle] = []
    found: list[Prop] = []
    for thing in things:
        reach = radius(thing)
        for _ in range(TRIES):
            x, y = map(float, rng.uniform(np.add(REGION.low, reach), np.subtract(REGION.high, reach)))
            parts = at(thing, (x, y), float(rng.uniform(-np.pi, np.pi)))
            apart = all(np.hypot(x - u, y - v) >= reach + other + APART_M for (u, v), other in circles)
            if apart and all(gap(part, middle) >= room for part in parts for middle, room in clear):
                circles.append(((x, y), reach))
                found.extend(parts)
                break
        else:
            return None
    return tuple(found)


def _pick(rng: np.random.Generator, things: tuple[Parts, ...]) -> Parts:
    return things[int(rng.integers(len(things)))]
