"""One look a head, the same in every figure and on every page: colour, mark and line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

# Okabe & Ito (2008), "Color Universal Design": distinct with every common colour blindness.
BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
YELLOW, BLACK, GREY, PALE = "#665200", "#000000", "#606060", "#E3E3E3"  # yellow darker than theirs: seen on white, and never like ORANGE


class Look(NamedTuple):
    colour: str
    marker: str
    line: Literal["-", "--", "-.", ":"]


KNOWN = {
    "para": Look(BLUE, "o", "-"),
    "para_camera_yaw": Look(SKY, "D", "-."),
    "para_volume": Look(SKY, "o", "--"),
    "heatmap_rgb": Look(ORANGE, "D", "--"),
    "pixel_regression": Look(PURPLE, "v", "-."),
    "pixel_regression_rgb": Look(GREEN, "X", ":"),
    "token_pixels": Look(GREY, "P", "-."),
    "global_token": Look(VERMILLION, "s", "--"),
    "global_token_camera": Look(SKY, "s", "-"),
    "global_token_plucker": Look(YELLOW, "v", "-."),
    "average_pool": Look(VERMILLION, "v", ":"),
    "spatial_softmax": Look(YELLOW, "s", "--"),
    "act": Look(PURPLE, "D", "-"),
    "diffusion": Look(GREEN, "^", "-."),
    "diffusion_plucker": Look(GREEN, "D", ":"),
    "affordance": Look(SKY, "P", "-."),
    "lift_splat": Look(SKY, "X", ":"),
    "rvt": Look(PURPLE, "P", "--"),
    "point_cloud": Look(PURPLE, "X", ":"),
}
"""Heads that look the same in every report. The eight of the declared suite have a colour each; no two heads share colour and marker."""
_FREE = tuple(Look(colour, marker, "-") for marker in ("<", ">", "h") for colour in (YELLOW, SKY, ORANGE, PURPLE))


def looks(heads: Sequence[str]) -> dict[str, Look]:
    """One look a head; heads that are not KNOWN get the other colours in alphabetical order."""
    others = sorted(head for head in heads if head not in KNOWN)
    return {head: KNOWN[head] if head in KNOWN else _FREE[others.index(head) % len(_FREE)] for head in heads}
