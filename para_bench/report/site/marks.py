"""Colours and marks of heads on the pages: those of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from para_bench.report.looks import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, YELLOW, Look, looks

CLASSES = {
    BLUE: "blue",
    SKY: "sky",
    VERMILLION: "vermillion",
    ORANGE: "orange",
    GREEN: "green",
    PURPLE: "purple",
    YELLOW: "yellow",
    GREY: "grey",
}
"""Style classes of colours.css, which has a lighter tone of each for dark pages."""
PATHS = {
    "o": "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    "s": "M-4-4h8v8h-8z",
    "^": "M0-5.5l5 9h-10z",
    "v": "M0 5.5l5-9h-10z",
    "<": "M-5.5 0l9-5v10z",
    ">": "M5.5 0l-9-5v10z",
    "D": "M0-5.5L5.5 0 0 5.5-5.5 0z",
    "P": "M-1.7-5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3z",
    "X": "M-2.6-5L0-2.4 2.6-5 5-2.6 2.4 0 5 2.6 2.6 5 0 2.4-2.6 5-5 2.6-2.4 0-5-2.6z",
    "h": "M0-5.4l4.7 2.7v5.4L0 5.4l-4.7-2.7v-5.4z",
}
"""SVG paths about (0, 0), about 10 units wide, by matplotlib's name of the marker."""
_REFERENCES = ("o", "s", "^", "D", "v", "P")


class Mark(NamedTuple):
    """How a head is shown: a style class and an SVG path."""

    colour: str
    path: str


def marks(learned: Sequence[str], references: Sequence[str]) -> dict[str, Mark]:
    """Mark of every head: learned ones as in the figures, references in grey."""
    grey = {name: Look(GREY, _REFERENCES[i % len(_REFERENCES)], ":") for i, name in enumerate(sorted(references))}
    return {head: Mark(CLASSES[look.colour], PATHS[look.marker]) for head, look in (looks(learned) | grey).items()}
