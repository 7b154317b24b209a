"""Short names of recorded episodes, and finding a record by its name."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import NamedTuple

from para_bench.records import EpisodeRecord
from para_bench.types import ParaBenchError

FORM = "SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED"


class EpisodeName(NamedTuple):
    """ "novel_view/view_angle/25/12/para/0"."""

    split: str
    condition: str
    level: str
    scene: int
    head: str
    seed: int

    def __str__(self) -> str:
        return "/".join(map(str, self))


def parse_name(text: str) -> EpisodeName:
    """A name from its text.

    Raises:
        ParaBenchError: another form.
    """
    words = text.strip("/").split("/")
    if len(words) != len(EpisodeName._fields) or not words[3].isdigit() or not words[5].isdigit():
        raise ParaBenchError(f"episode {text!r}; allowed: {FORM}, such as novel_view/view_angle/25/12/para/0")
    split, condition, level, scene, head, seed = words
    return EpisodeName(split, condition, level, int(scene), head, int(seed))


def name_of(record: EpisodeRecord) -> EpisodeName:
    return EpisodeName(record.split, record.condition, record.level, record.scene_index, record.head, record.train_seed)


def find_record(records: Iterable[EpisodeRecord], name: EpisodeName) -> EpisodeRecord:
    """The newest record of that name: the last, where a head was trained again.

    Raises:
        ParaBenchError: there is none; names those that come closest.
    """
    found = {name_of(record): record for record in records}
    if name not in found:
        close = heapq.nlargest(4, found, key=lambda other: [sum(map(_equal, name, other)), -abs(name.scene - other.scene)])
        raise ParaBenchError(f"no episode {name} in the records; allowed: {', '.join(map(str, close)) or 'none, they are empty'}")
    return found[name]


def _equal(a: object, b: object) -> bool:
    return a == b
