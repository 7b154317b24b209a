"""current.json: which policy of a results folder is the current one, as the run that used it wrote it down.

A folder may hold episodes of several policies of one head and training seed (other steps, other decoding, edited code). None is thrown
away; the run that was last asked for says which ones its table is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from para_bench.files import write_json
from para_bench.records.documents import read_json
from para_bench.records.episode import EpisodeRecord
from para_bench.records.fields import FIELDS
from para_bench.records.values import fields, listing, one_of
from para_bench.types import content_hash

FILE_NAME = "current.json"
FORMAT = 1


class Place(NamedTuple):
    """A cell of a split's table."""

    head: str
    train_seed: int
    condition: str
    level: str


class State(NamedTuple):
    """What tells one policy and its rollouts from another of the same place."""

    checkpoint_hash: str
    policy_hash: str
    config_hash: str

    @property
    def short(self) -> str:
        """8 characters for the names of files that show its episodes; the checkpoint's own of older records. Empty: an older reference."""
        return content_hash([*self])[:8] if self.policy_hash else self.checkpoint_hash[:8]


def place_of(record: EpisodeRecord) -> Place:
    return Place(record.head, record.train_seed, record.condition, record.level)


def state_of(record: EpisodeRecord) -> State:
    return State(record.checkpoint_hash, record.policy_hash, record.config_hash)


class Choice:
    """What a folder's current.json says of its records.

    A place that it does not name belongs to the policy of the same head and training seed where that is one policy; where there are
    several (a condition may have a training of its own), or none is named, it is left to whoever reads.
    """

    def __init__(self, states: Mapping[Place, State]) -> None:
        self._states = states
        self._policies: dict[tuple[str, int], set[State]] = {}
        for place, state in states.items():
            self._policies.setdefault((place.head, place.train_seed), set()).add(state)

    def has(self, record: EpisodeRecord) -> bool:
        """Whether the record is of a current policy, or of one that nothing is said about."""
        if not self._states:
            return True
        state = self._states.get(place_of(record))
        if state is not None:
            return state == state_of(record)
        policies = self._policies.get((record.head, record.train_seed), ())
        return len(policies) != 1 or state_of(record) in policies


def choice(folder: Path) -> Choice:
    """Raises ParaBenchError as `read`."""
    return Choice(read(folder))


def read(folder: Path) -> dict[Place, State]:
    """What `mark` wrote; nothing where there is no file.

    Raises:
        ParaBenchError: the file is damaged.
    """
    return read_json(folder / FILE_NAME, _states, "as a run wrote it, or no file") or {}


def mark(folder: Path, states: Mapping[Place, State]) -> None:
    """Make these the current ones of their places; what is said of other places stays.

    Raises:
        ParaBenchError: the file is damaged or cannot be written.
    """
    before = read(folder)
    after = {**before, **states}
    if after == before:
        return
    rows: dict[tuple[str, int, State], list[tuple[str, str]]] = {}
    for place, state in after.items():
        rows.setdefault((place.head, place.train_seed, state), []).append((place.condition, place.level))
    policies = [
        {"head": head, "train_seed": seed, **state._asdict(), "conditions": conditions} for (head, seed, state), conditions in rows.items()
    ]
    write_json(folder / FILE_NAME, {"format": FORMAT, "policies": policies}, indent=1)


def carry(source: Path, target: Path, packed: Iterable[EpisodeRecord]) -> None:
    """Hand on what a folder says to the folder that its records were packed into, for the places that were packed.

    Args:
        source: The folder that was packed. Where it has no current.json and `target` has one, its last line of each place is said to be
            current there, as every reader takes it to be.
        target: The folder that holds them now.
        packed: The records of `source` that went there, in order.

    Raises:
        ParaBenchError: a file is damaged or cannot be written.
    """
    if source.resolve() == target.resolve():
        return
    said = read(source)
    if not said and not read(target):
        return
    chosen = Choice(said)
    states = {place_of(record): state_of(record) for record in packed if chosen.has(record)}
    mark(target, states)


_ROW = fields(
    {
        "head": FIELDS["head"],
        "train_seed": FIELDS["train_seed"],
        **dict.fromkeys(State._fields, FIELDS["checkpoint_hash"]),
        "conditions": listing(listing(FIELDS["condition"])),
    }
)
_FILE = fields({"format": one_of(FORMAT), "policies": listing(_ROW)})


def _states(value: Any) -> dict[Place, State]:
    return {
        Place(row["head"], row["train_seed"], condition, level): State(*(row[name] for name in State._fields))
        for row in _FILE(value)["policies"]
        for condition, level in row["conditions"]
    }
