"""Pictures of scenes beside the pages: what a task and the conditions of a split look like."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from para_bench.files import write_bytes
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import ConditionKey


class Picture(NamedTuple):
    """One scene."""

    words: str
    """The condition that it shows."""
    png: bytes
    condition: ConditionKey = CONTROL
    scene: int = 0
    """Index of the scene."""


class Shown(NamedTuple):
    """A picture as a page refers to it."""

    words: str
    address: str
    """Path below the site."""
    condition: ConditionKey = CONTROL
    scene: int = 0


def write_pictures(found: Sequence[Picture], stem: str, out: Path) -> list[Shown]:
    """Write pictures to `out`/pictures, named by the stem and a number."""
    shown = []
    for number, picture in enumerate(found):
        address = f"pictures/{stem}-{number}.png"
        write_bytes(out / address, picture.png)
        shown.append(Shown(picture.words, address, picture.condition, picture.scene))
    return shown
