"""Short names of recorded episodes, and finding a record by its name."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from para_bench.records import EpisodeRecord
from para_bench.records.current import Place, State, place_of, state_of
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
    """A name from its text, as in `EpisodeName`.

    Raises:
        ParaBenchError: another form.
    """
    words = text.strip("/").split("/")
    if len(words) != len(EpisodeName._fields) or not all(map(_is_number, (words[3], words[5]))):
        raise ParaBenchError(f"episode {text!r}; allowed: {FORM}, such as novel_view/view_angle/25/12/para/0")
    split, condition, level, scene, head, seed = words
    return EpisodeName(split, condition, level, int(scene), head, int(seed))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def name_of(record: EpisodeRecord) -> EpisodeName:
    return EpisodeName(record.split, record.condition, record.level, record.scene_index, record.head, record.train_seed)


def find_record(records: Iterable[EpisodeRecord], name: EpisodeName, current: Mapping[Place, State] | None = None) -> EpisodeRecord:
    """The record of that name by the current policy; the last record, where no current policy is known.

    Args:
        records: Records of all policies.
        name: The episode's name.
        current: As `para_bench.records.current.read` gives it for the folder of the split.

    Raises:
        ParaBenchError: there is none; the message names the closest ones.
    """
    known = current or {}
    here = [r for r in records if r.split != name.split or known.get(place_of(r), state_of(r)) == state_of(r)]
    found = {name_of(record): record for record in here}
    if name not in found:
        close = heapq.nlargest(4, found, key=lambda other: [sum(map(_equal, name, other)), -abs(name.scene - other.scene)])
        raise ParaBenchError(f"no episode {name} in the records; allowed: {', '.join(map(str, close)) or 'none, they are empty'}")
    return found[name]


def _equal(a: object, b: object) -> bool:
    return a == b
